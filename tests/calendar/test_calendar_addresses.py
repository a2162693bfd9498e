"""The calendars of a running server: at their addresses, sent once, changed with each release."""

from datetime import UTC, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from tests.calendar.readers import by_icalendar, by_vobject, content_lines
from tests.support.arranging import publish
from tests.support.clocks import NOW
from tests.support.commands import run_summit
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, UNPLACED, a_programme, guid
from tests.support.servers import Server, changed

PROGRAMME = f"/{SLUG}/programme.ics"


async def test_the_programme_as_a_calendar(any_server: Server) -> None:
    await publish(any_server)
    answer = await (await any_server.client()).get(PROGRAMME)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    programme = a_programme()
    expected = [
        (f"{session.guid}@summit", str(session.title.best("en").text), session.start.astimezone(UTC), session.end)
        for session in programme.placed()
        if session.start
    ]
    for reader in (by_icalendar, by_vobject):
        assert [(event.uid, event.summary, event.starts, event.ends) for event in reader(answer.content)] == expected
    lines = content_lines(answer.content)
    assert f"SOURCE;VALUE=URI:{any_server.url}{PROGRAMME}" in lines
    assert f"URL:{any_server.url}/{SLUG}/sessions/{LIVE}" in lines


async def test_one_session_as_a_calendar(summit_server: Server) -> None:
    client = await summit_server.client(accept_language="sv")
    answer = await client.get(f"/{SLUG}/sessions/{NEXT}.ics")
    assert [event.summary for event in by_vobject(answer.content)] == ["Panel på svenska"]
    assert f'filename="{NEXT}.ics"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "path",
    [
        f"/{SLUG}/sessions/{UNPLACED}.ics",
        f"/{SLUG}/sessions/{UNPLACED}/google-calendar",
        f"/{SLUG}/sessions/NOSUCH.ics",
        "/nowhere/programme.ics",
    ],
)
async def test_what_is_not_there_has_no_calendar(summit_server: Server, path: str) -> None:
    assert (await (await summit_server.client()).get(path)).status_code == 404


async def test_a_calendar_that_a_client_has_is_not_sent_again(summit_server: Server) -> None:
    client = await summit_server.client()
    for path in (PROGRAMME, f"/{SLUG}/sessions/{LIVE}.ics"):
        first = await client.get(path)
        tag = first.headers["etag"]
        again = await client.get(path, headers={"if-none-match": f'"other", {tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        since = await client.get(path, headers={"if-modified-since": first.headers["last-modified"]})
        assert since.status_code == 304
        assert (await client.get(path, headers={"if-none-match": '"other"'})).status_code == 200
        swedish = await client.get(path, headers={"if-none-match": tag, "accept-language": "sv"})
        assert (swedish.status_code, "Accept-Language" in swedish.headers["vary"]) == (200, True)


async def test_a_release_changes_the_calendar_and_tells_what_moved(summit_server: Server) -> None:
    client = await summit_server.client()
    before = await client.get(PROGRAMME)
    programme = a_programme()
    opening, panel, _farewell, idea = programme.sessions
    assert panel.start is not None
    moved = msgspec.structs.replace(panel, start=panel.start + timedelta(minutes=30))
    summit_server.clock.advance(hours=1)
    await publish(summit_server, msgspec.structs.replace(programme, sessions=(opening, moved, idea)))
    after = await client.get(PROGRAMME, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    events = {event.uid: event for event in by_vobject(after.content)}
    assert events[f"{guid('Panel')}@summit"].starts == moved.start
    assert events[f"{guid('Farewell')}@summit"].status == "CANCELLED"
    assert events[f"{guid('Farewell')}@summit"].summary.endswith(": Farewell in English")
    lines = content_lines(after.content)
    assert [line for line in lines if line.startswith("SEQUENCE")] == ["SEQUENCE:0", "SEQUENCE:1", "SEQUENCE:1"]
    stamps = [line for line in lines if line.startswith("DTSTAMP")]
    later = NOW + timedelta(hours=1)
    assert stamps == [f"DTSTAMP:{moment:%Y%m%dT%H%M%SZ}" for moment in (NOW, later, later)]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", [LIVE, NEXT, TOMORROW]),
        ("?theme=climate", [NEXT]),
        ("?stage=studio", [TOMORROW]),
        ("?day=2030-05-14", [LIVE, NEXT]),
        ("?q=farewell", [TOMORROW]),
        ("?theme=nothing", []),
    ],
)
async def test_the_filters_of_the_page_hold_for_its_calendar(
    summit_server: Server, query: str, codes: list[str]
) -> None:
    answer = await (await summit_server.client()).get(PROGRAMME + query)
    found = [
        line.rpartition("/")[2]
        for line in content_lines(answer.content)
        if line.startswith("URL:") and "/sessions/" in line
    ]
    assert found == codes


async def test_all_times_in_utc_on_demand(summit_server: Server) -> None:
    answer = await (await summit_server.client()).get(f"{PROGRAMME}?tz=utc")
    assert b"VTIMEZONE" not in answer.content
    assert by_vobject(answer.content)[0].starts == NOW - timedelta(minutes=20)


async def test_a_session_is_offered_to_google(summit_server: Server) -> None:
    answer = await (await summit_server.client()).get(f"/{SLUG}/sessions/{LIVE}/google-calendar")
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    fields = parse_qs(address.query)
    assert address.netloc == "calendar.google.com"
    assert fields["dates"] == ["20300514T070000Z/20300514T080000Z"]
    assert fields["text"] == ["Opening in English"]
    assert fields["location"] == ["Main"]
    assert f"{summit_server.url}/{SLUG}/sessions/{LIVE}" in fields["details"][0]


async def test_the_command_line_writes_the_same_events(summit_server: Server, tmp_path: Path) -> None:
    target = tmp_path / "programme.ics"
    settings = changed(summit_server.settings, base_url=summit_server.url)
    code, _output, errors = await run_summit(settings, "export", SLUG, "--format", "ics", "--output", str(target))
    assert code == 0, errors
    served = await (await summit_server.client(accept_language="sv")).get(PROGRAMME)
    assert by_vobject(target.read_bytes()) == by_vobject(served.content)
