"""The way of a programme into people's calendars: the page, its addresses, and what they answer as time goes on."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import msgspec
import pytest

from summit.core.texts import Texts
from summit.programme.values import Session
from tests.calendar.readers import by_icalendar, by_vobject, content_lines
from tests.programme.releasing import edit, release
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, NEXT, SLUG, TOMORROW, a_programme, a_session, guid
from tests.support.pages import soup, words
from tests.support.servers import Server

PAGE, PROGRAMME = f"/{SLUG}/calendar", f"/{SLUG}/programme.ics"
ME = f"/{SLUG}/me"


def links(page: httpx2.Response) -> dict[str, str]:
    """The ways into calendars, by the name of each."""
    found = {}
    for way in soup(page).select(".calendar-way"):
        heading, link = way.h3, way.a
        assert heading is not None
        assert link is not None
        found[heading.get_text()] = str(link["href"])
    return found


def asked_for(link: str, field: str) -> str:
    return parse_qs(urlsplit(link).query)[field][0]


async def test_each_way_leads_to_the_feed_that_the_page_tells_of(summit_server: Server) -> None:
    client = await summit_server.client()
    page = await client.get(f"{PAGE}?stage=studio")
    address = f"{summit_server.url}{PROGRAMME}?stage=studio&lang=en"
    webcal = address.replace("http://", "webcal://")
    ways = links(page)
    program, google, outlook, microsoft = ways.values()
    assert program == webcal
    assert (urlsplit(google).netloc, asked_for(google, "cid")) == ("calendar.google.com", webcal)
    for link, host in ((outlook, "outlook.live.com"), (microsoft, "outlook.office.com")):
        assert (urlsplit(link).netloc, asked_for(link, "url")) == (host, webcal)
        assert asked_for(link, "name") == "Test meeting: Studio"
    (shown,) = soup(page).select("#address")
    assert shown["value"] == address
    assert "Of Test meeting: Studio. That is 1 session now." in words(page)
    # What is read there is what was promised, also by a program that says no language.
    feed = await client.get(address.removeprefix(summit_server.url), headers={"accept-language": ""})
    assert "X-WR-CALNAME:Test meeting: Studio" in content_lines(feed.content)
    assert [event.summary for event in by_vobject(feed.content)] == ["Farewell in English"]


async def test_the_page_says_how_soon_calendars_know_and_offers_the_mail(summit_server: Server) -> None:
    page = await (await summit_server.client()).get(PAGE)
    assert "up to a day later" in words(page)
    assert soup(page).select(f'a[href="/{SLUG}/register"]')
    assert soup(page).select('a[href="/help/calendars"]')


async def test_an_address_whose_stage_is_gone_has_an_empty_calendar_that_says_so(summit_server: Server) -> None:
    answer = await (await summit_server.client()).get(f"{PROGRAMME}?stage=gone&theme=care")
    assert answer.status_code == 200
    assert by_icalendar(answer.content) == []
    assert "X-WR-CALDESC:Nothing in the programme is at this address any more." in content_lines(answer.content)


@pytest.mark.parametrize(
    ("calendar", "host"),
    [("google", "calendar.google.com"), ("outlook", "outlook.live.com"), ("microsoft365", "outlook.office.com")],
)
async def test_a_session_can_be_filled_in_at_calendars_on_the_web(
    summit_server: Server, calendar: str, host: str
) -> None:
    answer = await (await summit_server.client()).get(f"/{SLUG}/sessions/{LIVE}/{calendar}-calendar")
    assert answer.status_code == 303
    address = urlsplit(answer.headers["location"])
    assert address.netloc == host
    assert "Opening in English" in parse_qs(address.query).get("text", parse_qs(address.query).get("subject", [""]))
    assert "+" not in address.query
    unknown = await (await summit_server.client()).get(f"/{SLUG}/sessions/{LIVE}/yahoo-calendar")
    assert unknown.status_code == 404


async def test_a_feed_is_sent_compressed_to_those_who_can_unpack(summit_server: Server) -> None:
    client = await summit_server.client()
    packed = await client.get(PROGRAMME, headers={"accept-encoding": "gzip"})
    plain = await client.get(PROGRAMME, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.headers["etag"] == plain.headers["etag"]
    head = await client.request("HEAD", PROGRAMME)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", plain.headers["etag"])


async def test_a_cancelled_session_stays_for_thirty_days_and_then_leaves(summit_server: Server) -> None:
    client = await summit_server.client()
    programme = a_programme()
    sessions = tuple(
        msgspec.structs.replace(one, state="cancelled") if one.code == TOMORROW else one for one in programme.sessions
    )
    await publish(summit_server, msgspec.structs.replace(programme, sessions=sessions))
    summit_server.clock.advance(days=29, hours=23)
    before = await client.get(PROGRAMME)
    gone = f"{guid('Farewell')}@summit"
    assert {event.uid: event.status for event in by_vobject(before.content)}[gone] == "CANCELLED"
    same = {"if-none-match": before.headers["etag"]}
    assert (await client.get(PROGRAMME, headers=same)).status_code == 304
    summit_server.clock.advance(hours=2)
    after = await client.get(PROGRAMME, headers=same)
    assert gone not in {event.uid for event in by_vobject(after.content)}
    since = {"if-modified-since": before.headers["last-modified"]}
    assert (await client.get(PROGRAMME, headers=since)).status_code == 200
    changed = parsedate_to_datetime(after.headers["last-modified"])
    assert timedelta(hours=1) <= summit_server.clock() - changed < timedelta(hours=2)
    # Whoever asks for this one session is still told.
    one = await client.get(f"/{SLUG}/sessions/{TOMORROW}.ics")
    assert [event.status for event in by_vobject(one.content)] == ["CANCELLED"]


async def test_sequence_rises_and_the_uid_stays_over_three_releases(server: Server) -> None:
    await publish(server, a_programme(a_session("Panel", code=NEXT, start=server.clock() + timedelta(days=2))))
    client, organiser = await server.client(), await sign_in(server, "organiser")
    created = [line for line in content_lines((await client.get(PROGRAMME)).content) if line.startswith("CREATED")]
    assert len(created) == 1
    changes: list[dict[str, Any]] = [{"minutes": 90}, {"state": "cancelled"}, {"state": "confirmed"}]
    for turn, change in enumerate(changes, 1):
        server.clock.advance(hours=1)
        await edit(server, NEXT, **change)
        await release(organiser)
        lines = content_lines((await client.get(PROGRAMME)).content)
        assert f"UID:{guid('Panel')}@summit" in lines
        assert f"SEQUENCE:{turn}" in lines
        assert created[0] in lines
        assert f"DTSTAMP:{server.clock():%Y%m%dT%H%M%SZ}" in lines
    # The words alone are no other time or place.
    server.clock.advance(hours=1)
    await edit(server, NEXT, level="Beginners")
    await release(organiser)
    assert "SEQUENCE:3" in content_lines((await client.get(PROGRAMME)).content)


async def test_the_draft_is_a_tentative_calendar_for_organisers_alone(server: Server) -> None:
    await publish(server, a_programme(a_session("Panel", code=NEXT, start=server.clock() + timedelta(days=2))))
    await edit(server, NEXT, start=server.clock() + timedelta(days=3))
    path = f"/{SLUG}/organise/exchange/draft.ics"
    assert (await (await sign_in(server, "participant")).get(path)).status_code == 403
    organiser = await sign_in(server, "organiser")
    answer = await organiser.get(path)
    (event,) = by_vobject(answer.content)
    assert (event.status, event.starts) == ("TENTATIVE", server.clock() + timedelta(days=3))
    assert "SEQUENCE:1" in content_lines(answer.content)
    assert path in {str(link["href"]) for link in soup(await organiser.get(f"/{SLUG}/organise/exchange")).select("a")}


@pytest.fixture
async def anna(server: Server) -> httpx2.AsyncClient:
    """Somebody with two sessions in her agenda, and an address for it."""
    start = server.clock() + timedelta(days=2)
    sessions: list[Session] = [
        a_session("Panel", code=NEXT, start=start),
        a_session("Opening", code=LIVE, start=start + timedelta(hours=3)),
    ]
    await publish(server, a_programme(*sessions))
    browser = await sign_in(server, "participant", "Anna")
    for code in (NEXT, LIVE):
        await browser.post(f"/{SLUG}/sessions/{code}/agenda", data={"on": "1"})
    await browser.post(f"{ME}/calendar")
    return browser


async def address_of(browser: httpx2.AsyncClient) -> str:
    (field,) = soup(await browser.get(ME)).select("#address")
    return urlsplit(str(field["value"])).path


async def test_what_leaves_an_agenda_leaves_its_calendar_and_programs_notice(
    server: Server, anna: httpx2.AsyncClient
) -> None:
    address, program = await address_of(anna), await server.client()
    first = await program.get(address)
    assert {event.uid for event in by_vobject(first.content)} == {f"{guid(one)}@summit" for one in ("Panel", "Opening")}
    tag, since = {"if-none-match": first.headers["etag"]}, {"if-modified-since": first.headers["last-modified"]}
    server.clock.advance(minutes=10)
    assert [(await program.get(address, headers=one)).status_code for one in (tag, since)] == [304, 304]
    await anna.post(f"/{SLUG}/sessions/{LIVE}/agenda", data={"on": "0"})
    assert [(await program.get(address, headers=one)).status_code for one in (tag, since)] == [200, 200]
    after = await program.get(address)
    assert {event.uid for event in by_vobject(after.content)} == {f"{guid('Panel')}@summit"}
    assert parsedate_to_datetime(after.headers["last-modified"]) == server.clock().replace(microsecond=0)


async def test_a_new_address_ends_the_old_one(server: Server, anna: httpx2.AsyncClient) -> None:
    old, program = await address_of(anna), await server.client()
    await anna.post(f"{ME}/calendar")
    assert (await program.get(old)).status_code == 410
    assert (await program.get(await address_of(anna))).status_code == 200


async def test_calendars_ring_as_chosen_and_only_in_the_agenda(server: Server, anna: httpx2.AsyncClient) -> None:
    address, program = await address_of(anna), await server.client()
    assert b"VALARM" not in (await program.get(address)).content
    answer = await anna.post(f"{ME}/alarm", data={"alarm": "15"})
    assert answer.status_code == 303
    lines = content_lines((await program.get(address)).content)
    assert lines.count("TRIGGER;RELATED=START:-PT15M") == 2
    assert b"VALARM" not in (await program.get(PROGRAMME)).content
    (chosen,) = soup(await anna.get(ME)).select("#alarm option[selected]")
    assert chosen["value"] == "15"
    assert (await anna.post(f"{ME}/alarm", data={"alarm": "7"})).status_code == 422
    await anna.post(f"{ME}/alarm", data={"alarm": ""})
    assert b"VALARM" not in (await program.get(address)).content


@pytest.mark.parametrize("text", ["All of it. ", "全部のことを話します。", "كل شيء عنه. ", "🦊👩🏽‍🚀"])
async def test_the_way_to_calendars_on_the_web_is_never_too_long_for_servers(server: Server, text: str) -> None:
    title, body = Texts(en=(text * 60)[:290]), Texts(en=text * 500)
    await publish(server, a_programme(a_session("Panel", code=NEXT, title=title, abstract=body)))
    client = await server.client()
    for calendar in ("google", "outlook", "microsoft365"):
        answer = await client.get(f"/{SLUG}/sessions/{NEXT}/{calendar}-calendar")
        address = answer.headers["location"]
        assert len(address) < 4000
        fields = parse_qs(urlsplit(address).query)
        assert f"{server.url}/{SLUG}/sessions/{NEXT}/live" in fields.get("details", fields.get("body", [""]))[0]


async def test_other_zones_and_languages_do_not_change_an_agenda(server: Server, anna: httpx2.AsyncClient) -> None:
    address, program = await address_of(anna), await server.client()
    first, other = await program.get(address), await program.get(f"{address}?tz=utc")
    for _ in range(3):
        server.clock.advance(minutes=10)
        for path, before in ((address, first), (f"{address}?tz=utc", other)):
            since = {"if-modified-since": before.headers["last-modified"]}
            assert (await program.get(path, headers=since)).status_code == 304
