"""The stage of a room as its page shows it, without a script: ways to follow, streams, state, and what comes next."""

from datetime import timedelta
from typing import Any

import httpx2
from bs4 import BeautifulSoup, Tag

from summit.core.texts import Texts
from summit.programme.values import Caption, Link, Stage, Stream
from tests.live.arranging import Guest, a_venue
from tests.support.arranging import publish, sign_in
from tests.support.clocks import NOW
from tests.support.factories import LIVE, NEXT, SLUG, a_programme, a_session, some_sessions
from tests.support.pages import soup, words
from tests.support.servers import Server

ROOM = f"/{SLUG}/sessions/{LIVE}/live"
HLS, FILM, SOUND = (f"/static/media/summit/{name}" for name in ("master.m3u8", "clip.mp4", "sound.m4a"))
CAPTION = Caption(url="/static/media/summit/captions.en.vtt", lang="en", label="English")
STREAM = Stream(url=HLS, captions=(CAPTION,), backup=FILM, audio=SOUND)


async def a_reader(server: Server, stream: Stream | None = STREAM, **changed: Any) -> httpx2.AsyncClient:
    """A participant of the summit whose main stage has that stream and whose live session has those other fields."""
    stages = (Stage(name=Texts.of("Main"), slug="main", stream=stream), Stage(name=Texts.of("Studio"), slug="studio"))
    _first, *others = some_sessions()
    await publish(server, a_programme(a_session("Opening", code=LIVE, **changed), *others, stages=stages))
    return await sign_in(server, "participant")


def media(page: BeautifulSoup) -> list[str]:
    """What the page would load to hear or see."""
    found = page.select("#player video, #player audio, #player iframe")
    return [str(one.get("data-hls") or one["src"]) for one in found]


def pressed(page: BeautifulSoup) -> str:
    """The way to follow that is chosen."""
    [button] = page.select("[name=mode][aria-pressed=true]")
    return str(button["value"])


async def follow(reader: httpx2.AsyncClient, mode: str) -> BeautifulSoup:
    """Presses the button of that way, and goes where it leads."""
    answer = await reader.post(f"{ROOM}/mode", data={"mode": mode})
    assert answer.status_code == 303
    return soup(await reader.get(answer.headers["location"]))


async def test_text_only_has_no_player_and_is_remembered_for_a_year(server: Server) -> None:
    reader = await a_reader(server)
    first = soup(await reader.get(ROOM))
    assert (media(first), pressed(first)) == ([HLS], "picture")
    answer = await reader.post(f"{ROOM}/mode", data={"mode": "text"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ROOM}#watch")
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("max-age=31536000", "samesite=lax", "httponly", "path=/"))
    text = soup(await reader.get(ROOM))
    assert (media(text), text.select("#player, [data-player]"), pressed(text)) == ([], [], "text")
    assert text.select_one("form [name=text]"), "asking works all the same"
    assert not text.select("link[href*='player.js']"), "not even the player's script"
    assert first.select("link[href*='player.js']")
    assert media(await follow(reader, "picture")) == [HLS]


async def test_a_page_that_refreshes_itself_does_not_begin_the_film_again_each_time(server: Server) -> None:
    reader = await a_reader(server)
    assert media(soup(await reader.get(f"{ROOM}?follow=1"))) == []
    assert media(await follow(reader, "picture")) == [HLS]


async def test_sound_only_plays_the_sound_or_says_that_the_picture_comes_too(server: Server) -> None:
    reader = await a_reader(server)
    page = await follow(reader, "sound")
    assert (media(page), pressed(page)) == ([SOUND], "sound")
    [player] = page.select("#player audio")
    assert (player["preload"], player.has_attr("autoplay")) == ("metadata", False)
    assert "Only the sound is loaded" in page.get_text()
    await a_reader(server, Stream(url=FILM))
    page = soup(await reader.get(ROOM))
    assert media(page) == [FILM]
    assert "saves no data" in page.get_text()
    assert "Only the sound is loaded" not in page.get_text()


async def test_the_backup_is_one_link_away_and_so_is_the_way_back(server: Server) -> None:
    reader = await a_reader(server)
    [there] = soup(await reader.get(ROOM)).select("#watch a[data-stream]")
    assert there.get_text(strip=True) == "Back-up stream"
    second = soup(await reader.get(str(there["href"])))
    assert media(second) == [FILM]
    [carried] = second.select("#watch form [name=stream]")
    assert carried["value"] == "backup"
    [back] = second.select("#watch a[data-stream]")
    assert media(soup(await reader.get(str(back["href"])))) == [HLS]
    answer = await reader.post(f"{ROOM}/mode", data={"mode": "sound", "stream": "backup"})
    assert answer.headers["location"] == f"{ROOM}?stream=backup#player"


async def test_another_stream_and_another_way_to_follow_leave_order_and_search_as_they_are(server: Server) -> None:
    reader = await a_reader(server)
    for path in ("", "/stage"):
        page = soup(await reader.get(f"{ROOM}{path}?sort=new&q=village+shop"))
        [there] = page.select("#watch a[data-stream]")
        assert there["href"] == f"{ROOM}?sort=new&q=village+shop&stream=backup#player"
        sent = {str(field["name"]): field["value"] for field in page.select("#watch form input")}
        answer = await reader.post(f"{ROOM}/mode", data={"mode": "sound"} | sent)
        assert answer.headers["location"] == f"{ROOM}?sort=new&q=village+shop#player"
    await a_reader(server, Stream(url="https://www.youtube.com/watch?v=abcdefghijk"))
    [play] = soup(await reader.get(f"{ROOM}?sort=new")).select("#player a")
    assert play["href"] == f"{ROOM}?sort=new&play=youtube.com#player"


async def test_what_the_moderators_put_on_plays_for_everybody(house: Server) -> None:
    venue = await a_venue(house)
    stages = (Stage(name=Texts.of("Main"), slug="main", stream=STREAM), Stage(name=Texts.of("Studio"), slug="studio"))
    await publish(house, a_programme(stages=stages), slug=venue.slug, open_to_all=False)
    ada, chair = await venue.guest(), await venue.guest("Chair", "moderator")

    async def shown(guest: Guest, path: str) -> list[str]:
        return media(soup(await (await venue.site.client(cookie=guest.cookie)).get(venue.page + path)))

    async with chair.window() as desk:
        await desk.succeed("session", stream="backup")
        assert await shown(ada, "") == [FILM]
        assert await shown(ada, "/stage") == [FILM]
        assert await shown(ada, "?stream=main") == [HLS]
        await desk.succeed("session", stream="https://www.youtube.com/watch?v=abcdefghijk")
        assert await shown(ada, "") == []
        assert await shown(ada, "?play=youtube.com") == ["https://www.youtube-nocookie.com/embed/abcdefghijk"]


async def test_another_hosts_player_needs_a_click_that_names_that_host(server: Server) -> None:
    reader = await a_reader(server, Stream(url="https://vimeo.com/76979871"))
    for query in ("", "?play=1", "?play=youtube.com", "?play="):
        answer = await reader.get(ROOM + query)
        assert media(soup(answer)) == []
        assert "vimeo" not in answer.headers["content-security-policy"]
    [click] = soup(await reader.get(ROOM)).select("#player a.button")
    answer = await reader.get(str(click["href"]))
    assert media(soup(answer)) == ["https://player.vimeo.com/video/76979871?dnt=1"]
    assert "frame-src https://player.vimeo.com" in answer.headers["content-security-policy"]


async def test_before_the_start_the_page_says_how_long_it_takes(server: Server) -> None:
    reader = await a_reader(server)
    for minutes, said in ((40, "Starts in 40 minutes"), (1, "Starts in 1 minute"), (150, "Starts in 3 hours")):
        server.clock.now = NOW + timedelta(minutes=40 - minutes)
        page = soup(await reader.get(f"/{SLUG}/sessions/{NEXT}/live"))
        assert said in page.select(".state-line")[0].get_text()
        assert "Starts in" not in "".join(one.get_text() for one in page.select("[aria-live]"))


async def test_after_the_end_the_recording_plays_and_the_next_room_is_one_link_away(server: Server) -> None:
    recording = Link(url=FILM, title="Recording", type="recording")
    reader = await a_reader(server, links=(recording,))
    assert media(soup(await reader.get(ROOM))) == [HLS]
    server.clock.now = NOW + timedelta(minutes=60)
    page = soup(await reader.get(ROOM))
    assert media(page) == [FILM]
    assert [one.get_text(strip=True) for one in page.select(".state-line .tag") if not one.has_attr("hidden")] == [
        "Recording"
    ]
    [following] = page.select(".next")
    assert not following.has_attr("hidden")
    assert [link["href"] for link in following.select("a")] == [f"/{SLUG}/sessions/{NEXT}/live"] * 2
    stage_now = [link for link in page.select("#watch a") if "stage shows" in link.get_text()]
    assert media(soup(await reader.get(str(stage_now[0]["href"])))) == [HLS]


async def test_after_the_end_without_a_recording_nothing_plays(server: Server) -> None:
    reader = await a_reader(server)
    server.clock.now = NOW + timedelta(minutes=60)
    page = await reader.get(ROOM)
    assert media(soup(page)) == []
    assert "There is no recording" in words(page)


async def test_speakers_hand_outs_and_what_comes_next_stand_with_the_stage(server: Server) -> None:
    slides = Link(url="https://example.org/slides.pdf", title="Slides", kind="attachment")
    reader = await a_reader(server, links=(slides, Link(url="https://example.org/", title="A link")))
    [more] = soup(await reader.get(ROOM)).select(".stage .more")
    [speaker] = more.select(".cast li")
    assert speaker.get_text(" ", strip=True) == "Åsa Ek Provverket"
    link = speaker.find("a")
    assert isinstance(link, Tag)
    assert link["href"] == f"/{SLUG}/speakers/ASAEK1"
    assert [one["href"] for one in more.select(".files a")] == [slides.url]
    assert "Panel in English" in more.get_text()


async def test_the_stage_alone_is_for_those_who_may_be_in_the_room(server: Server) -> None:
    reader = await a_reader(server)
    page = soup(await reader.get(f"{ROOM}/stage"))
    assert page.select("#player")
    assert page.select("#watch")
    assert not page.select("html")
    nobody = await server.client()
    assert (await nobody.get(f"{ROOM}/stage")).status_code == 303
    assert (await nobody.post(f"{ROOM}/mode", data={"mode": "text"})).status_code == 303
    assert not nobody.cookies
    assert (await reader.post(f"{ROOM}/mode", data={"mode": "loud"})).status_code == 422
