"""The picture in the room: our own stream plays with captions; nothing of another host is loaded before a click."""

import asyncio

import pytest
from playwright.async_api import Page, Request, Route, expect

from summit.core.texts import Texts
from summit.programme.values import Caption, Stage, Stream
from tests.support.arranging import a_person, publish, signed_in_as
from tests.support.browser import NewContext
from tests.support.factories import LIVE, SLUG, a_programme
from tests.support.servers import Server

ROOM = f"/{SLUG}/sessions/{LIVE}/live"
CLIP = "/static/media/summit"
CAPTIONS = (
    Caption(url=f"{CLIP}/captions.sv.vtt", lang="sv", label="Svenska"),
    Caption(url=f"{CLIP}/captions.en.vtt", lang="en", label="English"),
)
FOREIGN = {
    "https://www.youtube.com/watch?v=abcdefghijk": "https://www.youtube-nocookie.com/embed/abcdefghijk",
    "https://vimeo.com/123456789": "https://player.vimeo.com/video/123456789",
    "https://tube.example.org/w/uXpZkVdJYtfbMhLTz1o5Nq": "https://tube.example.org/videos/embed/",
    "https://meet.jit.si/SummitProv": "https://meet.jit.si/SummitProv",
    "https://bbb.example.org/b/ann-abc-def": "https://bbb.example.org/b/ann-abc-def",
}


async def room_with(server: Server, new_context: NewContext, stream: Stream) -> Page:
    """A participant's page of the room whose stage has that stream; other hosts answer with an empty page."""
    stages = (Stage(name=Texts.of("Main"), slug="main", stream=stream), Stage(name=Texts.of("Studio"), slug="studio"))
    await publish(server, a_programme(stages=stages))
    person = await a_person(server, "participant", "Anna Ask")
    assert person.email is not None
    client = await signed_in_as(server, person.email)
    context = await new_context()
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
    await page.evaluate("() => { const v = document.querySelector('video'); v.muted = true; return v.play(); }")
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
