"""The picture in the room: our own stream plays with captions, in the quality and the way that a person chooses, and
follows the moderators; nothing of another host is loaded before a click."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, Request, Route, expect

from summit.core.texts import Texts
from summit.programme.values import Caption, Stage, Stream
from tests.browser.five import written
from tests.live.client import window
from tests.support.arranging import a_person, publish, sign_in, signed_in_as
from tests.support.browser import NewContext, Troubles
from tests.support.factories import LIVE, SLUG, a_programme
from tests.support.servers import Server

ROOM = f"/{SLUG}/sessions/{LIVE}/live"
CLIP = "/static/media/summit"
CAPTIONS = (
    Caption(url=f"{CLIP}/captions.sv.vtt", lang="sv", label="Svenska"),
    Caption(url=f"{CLIP}/captions.en.vtt", lang="en", label="English"),
)
WITH_SOUND = """#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="Sound",DEFAULT=YES,URI="180p/index.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=130000,RESOLUTION=640x360,CODECS="avc1.4D401E,mp4a.40.2",AUDIO="a"
360p/index.m3u8
"""
FOREIGN = {
    "https://www.youtube.com/watch?v=abcdefghijk": "https://www.youtube-nocookie.com/embed/abcdefghijk",
    "https://vimeo.com/123456789": "https://player.vimeo.com/video/123456789",
    "https://tube.example.org/w/uXpZkVdJYtfbMhLTz1o5Nq": "https://tube.example.org/videos/embed/",
    "https://meet.jit.si/SummitProv": "https://meet.jit.si/SummitProv",
    "https://bbb.example.org/b/ann-abc-def": "https://bbb.example.org/b/ann-abc-def",
}


async def room_with(server: Server, new_context: NewContext, stream: Stream, **options: Any) -> Page:
    """A participant's page of the room whose stage has that stream; other hosts answer with an empty page.

    `options` are those of the browser context.
    """
    stages = (Stage(name=Texts.of("Main"), slug="main", stream=stream), Stage(name=Texts.of("Studio"), slug="studio"))
    await publish(server, a_programme(stages=stages))
    person = await a_person(server, "participant", "Anna Ask")
    assert person.email is not None
    client = await signed_in_as(server, person.email)
    context = await new_context(**options)
    await context.add_cookies(
        [{"name": name, "value": value, "url": server.url} for name, value in client.cookies.items()]
    )

    async def elsewhere(route: Route) -> None:
        await route.fulfill(content_type="text/html", body="<!doctype html><title>elsewhere</title>")

    await context.route(lambda address: not address.startswith(server.url), elsewhere)
    return await context.new_page()


@pytest.mark.parametrize("source", [f"{CLIP}/master.m3u8", f"{CLIP}/clip.mp4"])
async def test_our_own_stream_plays_with_captions(server: Server, new_context: NewContext, source: str) -> None:
    page = await room_with(server, new_context, Stream(url=source, captions=CAPTIONS))
    await page.goto(f"{server.url}{ROOM}")
    await page.get_by_role("button", name="Play").click()
    await becomes_true(page, "document.querySelector('video').currentTime > 0.5")
    await becomes_true(
        page,
        "[...document.querySelector('video').textTracks]"
        ".some((track) => track.mode === 'showing' && track.language === 'en' && track.cues?.length > 2)",
    )


async def becomes_true(page: Page, expression: str) -> None:
    """Waits for it. Playwright's own waiting evaluates in the page, which the content security policy forbids."""
    async with asyncio.timeout(15):
        while not await page.evaluate(expression):
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("address", FOREIGN)
async def test_another_hosts_player_comes_only_after_a_click(
    server: Server, new_context: NewContext, address: str
) -> None:
    page = await room_with(server, new_context, Stream(url=address))
    foreign: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(server.url):
            foreign.append(request.url)

    page.on("request", note)
    await page.goto(f"{server.url}{ROOM}", wait_until="networkidle")
    await expect(page.locator("iframe")).to_have_count(0)
    assert foreign == []
    await page.locator(".player a.button").click()
    await expect(page.locator("iframe")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    assert foreign
    assert all(request.startswith(FOREIGN[address]) for request in foreign)


def noted(page: Page) -> list[str]:
    """The paths of what the page loads from now on."""
    paths: list[str] = []
    page.on("request", lambda request: paths.append(request.url.partition("://")[2].partition("/")[2]))
    return paths


async def test_ways_to_follow_work_without_a_script(
    server: Server, new_context: NewContext, troubles: Troubles
) -> None:
    troubles.expect(r"\.js: csp$")
    stream = Stream(url=f"{CLIP}/clip.mp4", captions=CAPTIONS, audio=f"{CLIP}/sound.m4a")
    page = await room_with(server, new_context, stream, java_script_enabled=False)
    await page.goto(f"{server.url}{ROOM}")
    await expect(page.locator("#player video")).to_be_visible()
    await page.get_by_role("button", name="Sound only").click()
    await expect(page.locator("#player audio")).to_be_visible()
    loaded = noted(page)
    await page.get_by_role("button", name="Text only").click()
    await expect(page.get_by_role("button", name="Text only", pressed=True)).to_be_visible()
    await expect(page.locator("#player, video, audio")).to_have_count(0)
    await page.reload()
    await expect(page.locator("#player, video, audio")).to_have_count(0)
    assert not [path for path in loaded if "/media/" in path or "hls" in path]


async def test_ways_and_quality_change_without_leaving_the_page(server: Server, new_context: NewContext) -> None:
    stream = Stream(url=f"{CLIP}/master.m3u8", captions=CAPTIONS, audio=f"{CLIP}/sound.m4a")
    page = await room_with(server, new_context, stream)
    loaded = noted(page)
    await page.goto(f"{server.url}{ROOM}")
    quality = page.get_by_label("Picture quality")
    await expect(quality.locator("option")).to_have_text(["Automatic", re.compile("360p"), re.compile("180p")])
    assert not [path for path in loaded if path.endswith(".m4s")], "nothing of the picture before somebody presses play"
    await quality.select_option("180")
    await page.get_by_role("button", name="Play").press("Enter")
    await becomes_true(page, "document.querySelector('video').currentTime > 0.5")
    assert not [path for path in loaded if "360p/part" in path]
    await page.evaluate("document.body.dataset.same = 'page'")
    await page.get_by_role("button", name="Sound only").click()
    await becomes_true(page, "document.querySelector('audio')?.currentTime > 0.5")
    await expect(page.locator("#player [data-spoken]")).to_have_text("This is Summit’s test stream.")
    await expect(page.get_by_role("button", name="Sound only")).to_be_focused()
    await page.get_by_role("button", name="Text only").click()
    await expect(page.locator("#player")).to_have_count(0)
    await page.get_by_role("button", name="Picture and sound").click()
    await expect(quality).to_have_value("180")
    await expect(page.locator("body[data-same=page]")).to_have_count(1)


async def test_sound_only_takes_the_sound_out_of_a_stream_that_has_it(server: Server, new_context: NewContext) -> None:
    stream = Stream(url=f"{CLIP}/with-sound.m3u8")
    page = await room_with(server, new_context, stream)

    async def playlist(route: Route) -> None:
        await route.fulfill(content_type="application/vnd.apple.mpegurl", body=WITH_SOUND)

    await page.route("**/with-sound.m3u8", playlist)
    await page.goto(f"{server.url}{ROOM}")
    await page.get_by_role("button", name="Sound only").click()
    await expect(written(page, "Only the sound is loaded")).to_be_visible()
    loaded = noted(page)
    await page.evaluate("() => document.querySelector('[data-player]').play()")
    await becomes_true(page, "document.querySelector('[data-player]').currentTime > 0.5")
    assert [path for path in loaded if "180p/part" in path]
    assert not [path for path in loaded if "360p" in path]


async def test_the_moderators_switch_the_stream_under_everybodys_eyes(server: Server, new_context: NewContext) -> None:
    stream = Stream(url=f"{CLIP}/master.m3u8", captions=CAPTIONS, backup=f"{CLIP}/clip.mp4")
    page = await room_with(server, new_context, stream)
    await page.goto(f"{server.url}{ROOM}")
    await page.get_by_role("button", name="Play").click()
    await becomes_true(page, "document.querySelector('video').currentTime > 0.2")
    question = page.get_by_label("Ask a question")
    await question.fill("Half a quest")
    chair = await sign_in(server, "moderator")
    cookie = "; ".join(f"{name}={value}" for name, value in chair.cookies.items())
    async with window(f"{server.ws_url}{ROOM}/socket", cookie) as desk:
        await desk.succeed("session", stream="backup")
        await becomes_true(page, "document.querySelector('video').currentSrc.endsWith('clip.mp4')")
        await becomes_true(page, "document.querySelector('video').currentTime > 0.2")
        await expect(page.locator("[data-announcer]")).to_contain_text("The moderators have switched the stream.")
        await expect(question).to_be_focused()
        await desk.succeed("session", stream="https://www.youtube.com/watch?v=abcdefghijk")
        await expect(page.get_by_role("link", name="Play from youtube.com")).to_be_visible()
        await expect(page.locator("video, iframe")).to_have_count(0)
        await expect(question).to_have_value("Half a quest")
