"""Stages are added, changed, moved and removed; what their streams are taken for is what rooms make of them."""

import httpx2
import pytest

from summit.live.streams import player_for
from summit.programme.organise.stream_kinds import captions_fit, is_playable, kind_of
from summit.programme.values import Stream
from tests.programme.settings_pages import AT, drafted, filled, log_of, sent
from tests.support.arranging import publish, sign_in
from tests.support.factories import LIVE, SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server


@pytest.fixture
async def organiser(server: Server) -> httpx2.AsyncClient:
    await publish(server)
    return await sign_in(server, "organiser", "Olga Organ")


async def test_a_stage_with_its_streams_is_added_last(server: Server, organiser: httpx2.AsyncClient) -> None:
    typed = {
        "name__sv": "Verkstaden",
        "name__en": "The workshop",
        "capacity": "40",
        "stream": "https://cdn.example.org/live.m3u8",
        "backup": "https://youtu.be/dQw4w9WgXcQ",
        "captions__0__url": "https://cdn.example.org/sv.vtt",
        "captions__0__lang": "sv",
    }
    saved = await filled(organiser, f"{AT}/new/stages", f"{AT}/stages", **typed)
    assert saved.status_code == 303, words(saved)
    stage = (await drafted(server)).stages[-1]
    assert (stage.slug, stage.capacity) == ("the-workshop", 40)
    assert stage.stream is not None
    assert (stage.stream.url, stage.stream.backup) == (typed["stream"], typed["backup"])
    assert [caption.lang for caption in stage.stream.captions] == ["sv"]
    page = words(await organiser.get(f"{AT}/stages"))
    assert "Live stream (HLS) at cdn.example.org" in page
    assert [entry.subject for entry in await log_of(server, "stage added")] == ["Verkstaden"]


async def test_a_stage_without_a_stream_can_lose_what_it_had(server: Server, organiser: httpx2.AsyncClient) -> None:
    at = f"{AT}/stages/main"
    assert (await filled(organiser, at, stream="https://example.org/a.mp4")).status_code == 303
    assert (await filled(organiser, at, stream="")).status_code == 303
    assert (await drafted(server)).stages[0].stream is None


async def test_a_stage_can_be_where_people_go_to(server: Server, organiser: httpx2.AsyncClient) -> None:
    at = f"{AT}/stages/main"
    typed = {"address": " Stora\ntorget 1,  Stockholm ", "coordinates": "59,32932649° N; 18,0686° Ö"}
    assert (await filled(organiser, at, **typed)).status_code == 303
    stage = (await drafted(server)).stages[0]
    assert (stage.address, stage.latitude, stage.longitude) == ("Stora torget 1, Stockholm", 59.329326, 18.0686)
    shown = soup(await organiser.get(at)).select_one("[name=coordinates]")
    assert shown is not None
    assert shown["value"] == "59.329326, 18.0686"
    assert (await filled(organiser, at, address="")).status_code == 303
    stage = (await drafted(server)).stages[0]
    assert (stage.address, stage.latitude) == ("", 59.329326), "a place needs no address"
    log = words(await organiser.get(f"{AT}/audit"))
    assert "Coordinates: 59.329326; 18.0686" in log
    assert "Address: Stora torget 1, Stockholm" in log
    assert (await filled(organiser, at, address="Torget", coordinates="")).status_code == 303
    stage = (await drafted(server)).stages[0]
    assert (stage.address, stage.latitude, stage.longitude) == ("Torget", None, None)


async def test_a_pin_is_never_half_of_one_organiser_and_half_of_another(
    server: Server, organiser: httpx2.AsyncClient
) -> None:
    other = await sign_in(server, "organiser", "Bo Bredvid")
    at = f"{AT}/stages/main"
    assert (await filled(organiser, at, coordinates="59.3293, 18.0686", address="Torget 1")).status_code == 303
    mine, theirs = await organiser.get(at), await other.get(at)
    await sent(other, theirs, at, coordinates="59.5, 18.0686", address="Torget 2")
    overtaken = await sent(organiser, mine, at, coordinates="59.3293, 18.5", address="Torget 3")
    assert overtaken.status_code == 409
    conflict = soup(overtaken).select_one(".conflict")
    assert conflict is not None
    said = [part.get_text(" ", strip=True) for part in conflict.select("h3, .side")]
    assert [one.partition(":")[0] if ":" in one else one for one in said[::3]] == ["Address", "Coordinates"]
    assert said[1] == "Yours Torget 3"
    assert said[4] == "Yours 59.3293, 18.5"
    assert said[5].endswith("59.5, 18.0686")
    assert (await sent(organiser, overtaken, at)).status_code == 303
    stage = (await drafted(server)).stages[0]
    assert (stage.latitude, stage.longitude) == (59.3293, 18.5)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("address", "x" * 301),
        ("coordinates", "59.3293"),
        ("coordinates", "91, 18"),
        ("coordinates", "the big hall"),
        ("stream", "http://example.org/live.m3u8"),
        ("stream", "javascript:alert(1)"),
        ("backup", "example.org/live"),
        ("audio", "//example.org/a.mp4"),
        ("capacity", "många"),
        ("capacity", "0"),
    ],
)
async def test_what_cannot_be_shown_is_refused(organiser: httpx2.AsyncClient, field: str, typed: str) -> None:
    refused = await filled(organiser, f"{AT}/stages/main", **{field: typed})
    assert refused.status_code == 422
    page = soup(refused)
    assert page.select_one(f'.problems a[href="#{field}"]') is not None
    kept = page.select_one(f"[name={field}]")
    assert kept is not None
    assert kept["value"] == typed
    assert kept["aria-invalid"] == "true"


async def test_captions_from_elsewhere_than_the_stream_are_refused(organiser: httpx2.AsyncClient) -> None:
    captions = {"captions__0__url": "https://other.example/sv.vtt", "captions__0__lang": "sv"}
    refused = await filled(organiser, f"{AT}/stages/main", stream="https://example.org/a.mp4", **captions)
    assert "on the same server as the stream" in words(refused)


async def test_another_row_for_captions_comes_without_scripts(organiser: httpx2.AsyncClient) -> None:
    captions = {"captions__0__url": "/static/media/sv.vtt", "captions__0__lang": "sv"}
    shown = await filled(organiser, f"{AT}/stages/main", more="1", **captions)
    assert shown.status_code == 200
    assert len(soup(shown).select(".group-fields")) == 2


async def test_an_overtaken_stage_says_so(server: Server, organiser: httpx2.AsyncClient) -> None:
    other = await sign_in(server, "organiser", "Bo Bredvid")
    at = f"{AT}/stages/main"
    mine, theirs = await organiser.get(at), await other.get(at)
    await sent(other, theirs, at, name__sv="Bos scen")
    overtaken = await sent(organiser, mine, at, name__sv="Min scen")
    assert overtaken.status_code == 409
    assert "Bos scen" in words(overtaken)
    assert (await sent(organiser, overtaken, at)).status_code == 303
    assert (await drafted(server)).stages[0].name["sv"] == "Min scen"


async def test_stages_move_up_and_down(server: Server, organiser: httpx2.AsyncClient) -> None:
    await organiser.post(f"{AT}/stages/studio/place", data={"step": "up"})
    assert [stage.slug for stage in (await drafted(server)).stages] == ["studio", "main"]
    await organiser.post(f"{AT}/stages/studio/place", data={"step": "up"})
    await organiser.post(f"{AT}/stages/studio/place", data={"step": "down"})
    assert [stage.slug for stage in (await drafted(server)).stages] == ["main", "studio"]


async def test_removing_a_stage_says_first_what_happens_and_leaves_the_public_in_peace(
    server: Server, organiser: httpx2.AsyncClient
) -> None:
    asked = words(await organiser.get(f"{AT}/stages/main/removal"))
    assert "2 sessions lose their stage. They keep their times." in asked
    assert "until the next release" in asked
    assert (await organiser.post(f"{AT}/stages/main/removal")).status_code == 303
    found = await drafted(server)
    live = next(one for one in found.sessions if one.code == LIVE)
    assert [stage.slug for stage in found.stages] == ["studio"]
    assert live.stage == ""
    assert live.start is not None
    assert len(await log_of(server, "session changed")) == 2
    visitor = await server.client()
    assert "Main" in words(await visitor.get(f"/{SLUG}/programme"))
    assert (await organiser.get(f"{AT}/stages/main")).status_code == 404


async def test_stages_are_for_organisers_alone(server: Server, organiser: httpx2.AsyncClient) -> None:
    moderator = await sign_in(server, "moderator")
    for page in ("/stages", "/new/stages", "/stages/main", "/stages/main/removal"):
        assert (await organiser.get(AT + page)).status_code == 200
        assert (await moderator.get(AT + page)).status_code == 403
    for page in ("/stages", "/stages/main", "/stages/main/place", "/stages/main/removal"):
        assert (await moderator.post(AT + page)).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/live/master.m3u8",
        "/static/media/summit/clip.mp4",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ",
        "https://www.youtube.com/live/dQw4w9WgXcQ",
        "https://www.youtube.com/@channel",
        "https://vimeo.com/123456789",
        "https://vimeo.com/event/1234567",
        "https://vimeo.com/about",
        "https://peertube.example/w/kkGMgK9ZtnKfYAgnEtQxbv",
        "https://meet.jit.si/OurRoom",
        "https://bbb.example.org/b/ann-abc-def",
        "https://example.org/",
    ],
)
def test_a_stream_is_taken_for_what_the_room_makes_of_it(address: str) -> None:
    assert kind_of(address) == player_for(Stream(url=address)).kind


def test_addresses_that_no_room_shows_are_nothing() -> None:
    for address in ("", "http://example.org/a.mp4", "ftp://example.org/", "https://a b/", "https://u@example.org/"):
        assert not is_playable(address)
    assert captions_fit("/a.vtt", "https://example.org/a.mp4")
    assert not captions_fit("https://other.example/a.vtt", "/a.mp4")
