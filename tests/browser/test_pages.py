"""What a visitor's browser gets: small pages that need no script, that everybody can use, from this host alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, expect

from summit.core.texts import Texts
from summit.programme.values import Caption, Programme, Stage, Stream
from tests.live.arranging import Room, Venue, a_room
from tests.live.polling import make_poll
from tests.support.arranging import a_person, publish, signed_in_as
from tests.support.browser import NewContext
from tests.support.factories import LIVE, SLUG, a_programme, a_session
from tests.support.servers import Server

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
# Only what is wrong, and no selectors, which take most of the time on a page of many elements.
RUN_AXE = """tags => axe.run({runOnly: tags, resultTypes: ["violations"], selectors: false, preload: false})
  .then(({ violations }) => violations)"""
PUBLIC = (
    "/",
    f"/{SLUG}",
    f"/{SLUG}/programme",
    f"/{SLUG}/programme?view=grid",
    f"/{SLUG}/sessions/{LIVE}",
    f"/{SLUG}/speakers",
    f"/{SLUG}/speakers/ASAEK1",
    f"/{SLUG}/enter",
    f"/{SLUG}/register",
    f"/{SLUG}/calendar",
    "/sign-in",
    "/help",
    "/help/calendars",
    f"/{SLUG}/nothing-here",
)
INSIDE = (
    f"/{SLUG}/sessions/{LIVE}/live",
    f"/{SLUG}/sessions/{LIVE}/desk",
    f"/{SLUG}/me",
    f"/{SLUG}/organise/stages/main",
    f"/{SLUG}/organise/mail",
    f"/{SLUG}/organise/mail/templates/registered",
    f"/{SLUG}/organise/registrations",
    f"/{SLUG}/organise/registration",
    f"/{SLUG}/organise/registration/categories",
    f"/{SLUG}/organise/privacy",
)
FIRST_VIEW_BYTES = 100_000
SECOND_VIEW_BYTES = 20_000
MOST_REQUESTS = 15
SCRIPT_BYTES = 40_000
CLIP = "/static/media/summit"
PLAYER = "/vendor/hls/"


def large_programme() -> Programme:
    """Sixty sessions."""
    sessions = [a_session(f"Session {n}", abstract={"sv": "Ett samtal om det vi kan göra."}) for n in range(59)]
    return a_programme(a_session("Opening", code=LIVE), *sessions)


@pytest.fixture
async def site(server: Server) -> Server:
    await publish(server)
    return server


@dataclass
class Wire:
    """What a browser asked for to show a page, and the bytes that came over the wire for each, headers among them."""

    bytes_of: dict[str, float]

    @property
    def addresses(self) -> list[str]:
        """What was asked for, also where the browser had it already."""
        return list(self.bytes_of)

    def bytes(self, *parts: str, without: str = "nothing") -> float:
        """Of the addresses with one of these parts in them; of all where none is named."""
        wanted = [one for one in self.bytes_of if without not in one and any(part in one for part in parts or [""])]
        return sum(self.bytes_of[address] for address in wanted)


async def wire(page: Page, address: str) -> Wire:
    """Opens the address and waits until nothing more comes."""
    client = await page.context.new_cdp_session(page)
    await client.send("Network.enable")
    address_of: dict[str, str] = {}
    seen = Wire({})

    def asked(event: Any) -> None:
        # The browser's own signs for its player are data.
        if (url := event["request"]["url"]).startswith("http"):
            address_of[event["requestId"]] = url
            seen.bytes_of.setdefault(url, 0)

    def arrived(event: Any) -> None:
        if asked_for := address_of.get(event["requestId"]):
            seen.bytes_of[asked_for] += event["encodedDataLength"]

    client.on("Network.requestWillBeSent", asked)
    client.on("Network.loadingFinished", arrived)
    await page.goto(address, wait_until="networkidle")
    return seen


async def test_the_programme_is_there_without_a_script_in_at_most_100_kilobytes(
    site: Server, new_context: NewContext
) -> None:
    await publish(site, large_programme())
    context = await new_context(java_script_enabled=False)
    first = await wire(await context.new_page(), f"{site.url}/{SLUG}/programme")
    assert first.bytes() <= FIRST_VIEW_BYTES
    assert len(first.addresses) <= MOST_REQUESTS
    assert any(address.endswith(".woff2") for address in first.addresses), "fonts count, too"
    second = await context.new_page()
    again = await wire(second, f"{site.url}/{SLUG}/programme")
    assert again.bytes() <= SECOND_VIEW_BYTES
    assert await second.locator(".session").count() >= 60


@pytest.fixture
async def busy_room(server: Server) -> AsyncIterator[Room]:
    """A room with a stream, twenty questions and an open poll."""
    captions = tuple(Caption(url=f"{CLIP}/captions.{lang}.vtt", lang=lang, label=lang) for lang in ("sv", "en"))
    stream = Stream(url=f"{CLIP}/master.m3u8", captions=captions)
    stages = (Stage(name=Texts.of("Main"), slug="main", stream=stream), Stage(name=Texts.of("Studio"), slug="studio"))
    async with a_room(Venue(server, await publish(server, a_programme(stages=stages)), SLUG)) as room:
        for n in range(20):
            await room.ask_openly(f"{n}: how do we keep the bus to the village, and who pays for it after the summer?")
        await make_poll(room)
        yield room


async def test_a_busy_room_is_there_in_at_most_100_kilobytes(busy_room: Room, new_context: NewContext) -> None:
    context, venue = await context_of(busy_room, "bo", new_context), busy_room.venue
    page = await context.new_page()
    first = await wire(page, f"{venue.site.url}{venue.page}")
    await expect(page.locator(".question:visible")).to_have_count(20)
    assert any(PLAYER in address for address in first.addresses), "the stream is there, too"
    assert first.bytes(without=PLAYER) <= FIRST_VIEW_BYTES
    assert len(first.addresses) <= MOST_REQUESTS
    assert all(address.startswith(venue.site.url) for address in first.addresses)
    again = await wire(await context.new_page(), f"{venue.site.url}{venue.page}")
    assert again.bytes() <= SECOND_VIEW_BYTES


@pytest.mark.parametrize(("who", "path"), [("bo", "live"), ("chair", "desk"), ("chair", "screen")])
async def test_scripts_are_small_and_few(busy_room: Room, new_context: NewContext, who: str, path: str) -> None:
    context = await context_of(busy_room, who, new_context)
    seen = await wire(await context.new_page(), f"{busy_room.venue.site.url}/{SLUG}/sessions/{LIVE}/{path}")
    assert 0 < seen.bytes("/js/") <= SCRIPT_BYTES
    assert len([address for address in seen.addresses if "/js/" in address]) <= 3
    assert len(seen.addresses) <= MOST_REQUESTS


async def context_of(room: Room, who: str, new_context: NewContext) -> BrowserContext:
    """The browser of one of those in the room."""
    name, value = room.guests[who].cookie.split("=", 1)
    context = await new_context()
    await context.add_cookies([{"name": name, "value": value, "url": room.venue.site.url}])
    return context


async def signed_in_page(site: Server, new_context: NewContext, **options: Any) -> Page:
    """A page of an organiser's browser."""
    person = await a_person(site, "organiser", "Olivia Organiser")
    assert person.email is not None
    client = await signed_in_as(site, person.email)
    context = await new_context(**options)
    await context.add_cookies(
        [{"name": name, "value": value, "url": site.url} for name, value in client.cookies.items()]
    )
    return await context.new_page()


@pytest.mark.parametrize(("scheme", "width"), [("dark", 360), ("light", 1280)])
async def test_every_page_passes_the_checks_of_axe(
    site: Server, new_context: NewContext, troubles: Any, scheme: str, width: int
) -> None:
    troubles.expect("404")
    # High enough that nothing is below the fold: what a fixed bar covers for a moment is no fault of the page.
    looks = {"color_scheme": scheme, "viewport": {"width": width, "height": 3000}, "reduced_motion": "reduce"}
    visitor = await (await new_context(**looks)).new_page()
    inside = await signed_in_page(site, new_context, **looks)
    found = []
    for page, paths in ((visitor, PUBLIC), (inside, INSIDE)):
        for path in paths:
            await page.goto(f"{site.url}{path}")
            found += [f"{path}: {problem}" for problem in await problems(page)]
    assert not found, "\n".join(found)


async def problems(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and best practice; and sideways scrolling (SC 1.4.10)."""
    await page.evaluate(AXE + ";0")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    violations = await page.evaluate(RUN_AXE, tags)
    found = [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]
    if await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found
