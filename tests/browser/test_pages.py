"""What a visitor's browser gets: small pages that need no script, that everybody can use, from this host alone."""

from importlib.resources import files
from typing import Any

import pytest
from playwright.async_api import Page, Response

from summit.programme.values import Programme
from tests.support.arranging import a_person, publish, signed_in_as
from tests.support.browser import NewContext
from tests.support.factories import LIVE, SLUG, a_programme, a_session
from tests.support.servers import Server

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
PUBLIC = (
    "/",
    f"/{SLUG}",
    f"/{SLUG}/programme",
    f"/{SLUG}/programme?view=grid",
    f"/{SLUG}/sessions/{LIVE}",
    f"/{SLUG}/speakers",
    f"/{SLUG}/speakers/ASAEK1",
    f"/{SLUG}/enter",
    "/sign-in",
    f"/{SLUG}/nothing-here",
)
INSIDE = (f"/{SLUG}/sessions/{LIVE}/live", f"/{SLUG}/sessions/{LIVE}/desk", f"/{SLUG}/organise/mail")
FIRST_VIEW_BYTES = 100_000
SECOND_VIEW_BYTES = 20_000
MOST_REQUESTS = 15
SCRIPT_BYTES = 40_000


def large_programme() -> Programme:
    """Sixty sessions."""
    sessions = [a_session(f"Session {n}", abstract={"sv": "Ett samtal om det vi kan göra."}) for n in range(59)]
    return a_programme(a_session("Opening", code=LIVE), *sessions)


@pytest.fixture
async def site(server: Server) -> Server:
    await publish(server)
    return server


async def wire(page: Page, address: str) -> dict[str, Any]:
    """Opens the address and gives the responses and how many bytes came over the wire for them."""
    client = await page.context.new_cdp_session(page)
    await client.send("Network.enable")
    bytes_of: list[float] = []
    client.on("Network.loadingFinished", lambda event: bytes_of.append(event["encodedDataLength"]))
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    await page.goto(address, wait_until="networkidle")
    return {"bytes": sum(bytes_of), "addresses": [response.url for response in responses]}


async def test_the_programme_is_there_without_a_script_in_at_most_100_kilobytes(
    site: Server, new_context: NewContext
) -> None:
    await publish(site, large_programme())
    context = await new_context(java_script_enabled=False)
    first = await wire(await context.new_page(), f"{site.url}/{SLUG}/programme")
    assert first["bytes"] <= FIRST_VIEW_BYTES
    assert len(first["addresses"]) <= MOST_REQUESTS
    assert any(address.endswith(".woff2") for address in first["addresses"]), "fonts count, too"
    second = await context.new_page()
    again = await wire(second, f"{site.url}/{SLUG}/programme")
    assert again["bytes"] <= SECOND_VIEW_BYTES
    assert await second.locator(".session").count() >= 60


async def test_the_rooms_scripts_are_small_and_all_from_here(site: Server, new_context: NewContext) -> None:
    page = await signed_in_page(site, new_context)
    seen = await wire(page, f"{site.url}{INSIDE[0]}")
    assert all(address.startswith(site.url) for address in seen["addresses"])
    client = await site.client(accept_encoding="gzip")
    size = 0
    for address in {address for address in seen["addresses"] if "/js/" in address}:
        size += int((await client.get(address)).headers["content-length"])
    assert 0 < size <= SCRIPT_BYTES


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
    await page.evaluate(AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    result = await page.evaluate("tags => axe.run({runOnly: tags})", tags)
    found = [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    if await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found
