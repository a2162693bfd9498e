"""Help: pages in Markdown that are read in the program as in the repository."""

import re
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import httpx2
import pytest
from bs4 import BeautifulSoup, Tag

from summit.core.i18n import LANGUAGES
from summit.help.rendering import CannotRender, rendered
from summit.help.shelf import FOLDER, SHELF
from tests.support.arranging import a_person, publish, signed_in_as
from tests.support.factories import SLUG
from tests.support.pages import heading, language, soup, words
from tests.support.servers import Server

START = "# A title\n\nWhat it is about.\n\n"


def html_of(markdown: str) -> BeautifulSoup:
    """What is below the title of a page that goes on like this."""
    return BeautifulSoup(rendered(START + markdown, lambda path: (640, 480)).html, "html.parser")


def the(page: Tag, selector: str) -> Tag:
    found = page.select_one(selector)
    assert found is not None, f"no {selector}"
    return found


async def test_every_page_leads_to_help_and_help_to_every_page(server: Server) -> None:
    await publish(server)
    client = await server.client()
    for address in (f"/{SLUG}", f"/{SLUG}/programme", "/sign-in"):
        assert soup(await client.get(address)).select("footer a[href='/help']"), address
    listed = soup(await client.get("/help"))
    names = {urldefrag(str(link["href"]))[0].removeprefix("/help/") for link in listed.select("main a")}
    assert names == {name for names in SHELF.values() for name in names}


async def test_the_list_says_for_whom_a_page_is_and_what_about(server: Server) -> None:
    listed = soup(await (await server.client()).get("/help"))
    shelves = {h2.get_text(): h2.parent for h2 in listed.select("main h2")}
    for readers in ("For participants", "For organisers", "For those who run the server"):
        shelf = shelves[readers]
        assert shelf is not None
        assert "The programme in your calendar" in shelf.get_text()
        assert "Times are right wherever you are" in " ".join(shelf.get_text().split())
    assert "For moderators" not in shelves, "a heading with nothing below it"


async def test_readers_are_led_to_the_part_that_is_for_them(server: Server) -> None:
    listed = soup(await (await server.client()).get("/help"))
    assert [link["href"] for link in listed.select("main a")] == [
        "/help/calendars",
        "/help/calendars#for-organisers",
        "/help/deployment",
        "/help/benchmarks",
        "/help/calendars#for-those-who-run-the-server",
    ]


def test_each_file_of_help_is_on_the_list_and_in_every_language() -> None:
    files = {path.name for path in FOLDER.glob("*.md")}
    assert files == {f"{name}.{lang}.md" for names in SHELF.values() for name in names for lang in LANGUAGES}


@pytest.mark.parametrize(
    ("wanted", "title"), [("en", "The programme in your calendar"), ("sv", "Programmet i din kalender")]
)
async def test_a_page_is_in_the_language_of_its_reader(server: Server, wanted: str, title: str) -> None:
    client = await server.client(accept_language=wanted)
    answer = await client.get("/help/calendars")
    assert heading(answer) == title
    assert language(answer) == wanted
    assert not soup(answer).select("main [lang]")
    assert "Accept-Language" in answer.headers["vary"]
    assert the(soup(answer), "title").get_text().startswith(title)


async def test_a_page_without_a_translation_is_shown_and_marked_with_its_language(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only-swedish.sv.md").write_text("# Vid bordet\n\nAtt leda ett samtal.\n\n## Före\n", "utf-8")
    monkeypatch.setattr("summit.help.shelf.FOLDER", tmp_path)
    monkeypatch.setitem(SHELF, "moderators", ("only-swedish",))
    client = await server.client()
    page = soup(await client.get("/help/only-swedish"))
    assert the(page, "h1").get_text() == "Vid bordet"
    assert {str(part["lang"]) for part in page.select("main h1, main .lead, main .prose")} == {"sv"}
    assert "not been translated" in the(page, "main").get_text()
    card = the(soup(await client.get("/help")), "[aria-labelledby=moderators] .card")
    assert (card["lang"], the(card, "a").get_text()) == ("sv", "Vid bordet")


@pytest.mark.parametrize("page", [name for names in SHELF.values() for name in names])
def test_a_page_says_the_same_in_both_languages(page: str) -> None:
    """As far as can be counted: its parts, steps, rows, examples and where it leads."""
    shapes = []
    for lang in ("en", "sv"):
        found = BeautifulSoup(
            rendered((FOLDER / f"{page}.{lang}.md").read_text(), lambda path: (1, 1)).html, "html.parser"
        )
        away = [str(link["href"]) for link in found.select("a[rel=external]")]
        counts = {tag: len(found.find_all(tag)) for tag in ("h2", "h3", "li", "tr", "td", "pre")}
        shapes.append((counts, sorted(away)))
    assert shapes[0] == shapes[1]


async def test_links_within_help_lead_somewhere(server: Server) -> None:
    for tag in LANGUAGES:
        client = await server.client(accept_language=tag)
        seen: dict[str, BeautifulSoup] = {}
        to_see = ["/help"]
        while to_see:
            address = to_see.pop()
            answer = await client.get(address)
            assert answer.status_code == 200, address
            if answer.headers["content-type"].startswith("text/plain"):
                continue  # A file to begin with, which leads nowhere.
            page = seen[address] = soup(answer)
            leads = [urljoin(address, str(link["href"])) for link in page.select("main a")]
            to_see += {bare for link in leads if (bare := urldefrag(link)[0]).startswith("/help")} - {*seen, *to_see}
        for address, page in seen.items():
            for link in page.select("main a[href*='#']"):
                bare, heading_id = urldefrag(urljoin(address, str(link["href"])))
                if bare in seen:
                    assert seen[bare].find(id=unquote(heading_id)), f"{address}: {link}"
            ids = [str(found["id"]) for found in page.select("[id]")]
            assert len(ids) == len(set(ids)), address


async def test_a_reader_who_has_the_page_is_told_that_it_is_the_same(server: Server) -> None:
    client = await server.client()
    for address in ("/help", "/help/calendars"):
        first = await client.get(address)
        again = await client.get(address, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["vary"] == "Accept-Language, Cookie"
        assert again.headers["cache-control"] == first.headers["cache-control"]
        other = {"if-none-match": first.headers["etag"], "accept-language": "sv"}
        assert (await client.get(address, headers=other)).status_code == 200


async def test_the_page_before_signing_in_is_not_taken_for_the_one_after(server: Server) -> None:
    await publish(server)
    before = await (await server.client()).get("/help/calendars")
    person = await a_person(server, "participant", "Pia Participant")
    assert person.email is not None
    client = await signed_in_as(server, person.email)
    named = {"accept-language": "en", "if-none-match": before.headers["etag"]}
    after = await client.get("/help/calendars", headers=named)
    assert after.status_code == 200
    assert "Pia Participant" in words(after)


async def test_a_page_has_one_address_that_search_engines_keep(server: Server) -> None:
    client = await server.client()
    page = soup(await client.get("/help/calendars?from=somewhere"))
    assert the(page, "link[rel=canonical]")["href"] == f"{server.url}/help/calendars"
    assert (await client.get("/help/")).headers["location"] == "/help"


@pytest.mark.parametrize(
    "address",
    [
        "/help/nothing",
        "/help/calendars.en.md",
        "/help/pages.py",
        "/help/pictures/nothing.webp",
        "/help/pictures/..%2Fpages.py",
        "/help/deploy/nothing.conf",
        "/help/deploy/..%2Fpages.py",
    ],
)
async def test_there_is_nothing_beside_the_pages_and_their_pictures(server: Server, address: str) -> None:
    answer = await (await server.client()).get(address)
    assert answer.status_code == 404


async def test_pictures_of_help_are_served(server: Server) -> None:
    answer: httpx2.Response = await (await server.client()).get("/help/pictures/room.webp")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content == (FOLDER / "pictures" / "room.webp").read_bytes()


async def test_files_to_begin_with_are_served_as_text_that_browsers_show(server: Server) -> None:
    client = await server.client()
    page = soup(await client.get("/help/deployment"))
    links = {str(link["href"]) for link in page.select("main a[href^='/help/deploy/']")}
    assert {"/help/deploy/compose.yaml", "/help/deploy/nginx.conf", "/help/deploy/Caddyfile"} <= links
    for link in links:
        answer = await client.get(link)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.content == (FOLDER / "deploy" / link.rpartition("/")[2]).read_bytes()


async def test_the_parts_of_a_long_page_are_listed_at_its_beginning(server: Server) -> None:
    page = soup(await (await server.client()).get("/help/calendars"))
    listed = [link.get_text() for link in page.select("main nav a")]
    assert listed == [part.get_text() for part in page.select(".prose h2")]
    assert {"How you do it", "For organisers", "What each calendar does"} <= set(listed)


async def test_a_table_tells_its_headers_and_scrolls_by_the_keyboard(server: Server) -> None:
    page = soup(await (await server.client()).get("/help/calendars"))
    tables = page.select("main .wide-table > table")
    assert len(tables) == 2
    for region in page.select("main :is(.wide-table, pre)"):
        assert region["tabindex"] == "0"
        assert region["role"] == ("group" if region.name == "pre" else "region"), "examples are no landmarks"
        assert page.find(id=str(region["aria-labelledby"])), "it has a name"
    for table in tables:
        assert all(cell["scope"] == "col" for cell in table.select("thead th"))
        for row in table.select("tbody tr"):
            cells = row.find_all(["th", "td"])
            assert [cell.name for cell in cells] == ["th", *["td"] * (len(cells) - 1)]
            assert cells[0]["scope"] == "row"


async def test_each_quirk_in_the_table_of_calendars_says_how_it_is_known(server: Server) -> None:
    page = soup(await (await server.client()).get("/help/calendars"))
    rows = page.select("main table")[-1].select("tbody tr")
    assert len(rows) > 30
    for row in rows:
        known = the(row, "td")
        assert known.select("a") or re.search("^tried|^the same", known.get_text()), row.get_text()


def test_headings_have_the_addresses_that_they_have_in_the_repository() -> None:
    page = html_of("## What's new, “in short”?\n\n## Så gör du\n\n### Same\n\n### Same\n\n[there](#så-gör-du)")
    assert [str(found["id"]) for found in page.select("[id]")] == ["whats-new-in-short", "så-gör-du", "same", "same-1"]


def test_links_from_file_to_file_are_links_from_page_to_page() -> None:
    page = html_of("[a](calendars.en.md) [b](calendars.sv.md#så-gör-du) [c](#here) [d](https://example.org/x.en.md)")
    assert [unquote(str(link["href"])) for link in page.select("a")] == [
        "/help/calendars",
        "/help/calendars#så-gör-du",
        "#here",
        "https://example.org/x.en.md",
    ]


def test_a_picture_is_found_and_keeps_its_place_while_it_loads() -> None:
    picture = the(html_of("![A room](pictures/room.webp)"), "img")
    assert picture["src"] == "/help/pictures/room.webp"
    assert (picture["alt"], picture["width"], picture["height"]) == ("A room", "640", "480")


def test_nothing_in_a_page_can_run() -> None:
    page = html_of(
        '<script>alert(1)</script>\n\n| a |\n|:-:|\n| <img src=x onerror=alert(1)> |\n\n[x](https://a.b/"onclick=)'
    )
    assert not page.select("script, img, [style], [onclick]")
    assert "alert(1)" in page.get_text(), "it is shown as it was written"


@pytest.mark.parametrize(
    "markdown",
    [
        "No title.",
        "# A title\n\n- and no paragraph",
        START + "# Another title",
        START + "[up](../../README.md)",
        START + "[a file](pages.py)",
    ],
)
def test_a_page_that_would_be_broken_is_not_shown(markdown: str) -> None:
    with pytest.raises(CannotRender):
        rendered(markdown, lambda path: (1, 1))
