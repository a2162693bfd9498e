"""Readers follow what changed: on a page and by a feed (RFC 4287)."""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from sqlalchemy import select

from summit.core.texts import Texts
from summit.programme.models import Summit
from summit.programme.releases import release
from tests.support.arranging import publish
from tests.support.factories import LIVE, SLUG, a_programme, a_session, some_sessions
from tests.support.pages import soup, words
from tests.support.servers import Server

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


async def three_releases(server: Server) -> None:
    """Moves the opening, and then calls it something that has to be escaped."""
    await publish(server)
    for n, title in ((2, "Opening"), (3, "<b>Open & \u0001free</b>")):
        server.clock.advance(minutes=n)
        start = server.clock() + timedelta(hours=n)
        moved = a_session("Opening", code=LIVE, title=Texts(en=title), start=start, stage="studio")
        programme = a_programme(moved, *some_sessions()[1:])
        await publish(server, programme)


async def feed(server: Server, language: str = "en") -> ET.Element:
    visitor = await server.client(accept_language=language)
    answer = await visitor.get(f"/{SLUG}/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def text(parent: ET.Element, name: str) -> str:
    """The text of the one child with that name."""
    (found,) = parent.findall(ATOM + name)
    return found.text or ""


async def test_the_feed_has_what_the_standard_demands(server: Server) -> None:
    await three_releases(server)
    root = await feed(server)
    assert (root.tag, root.get(LANG)) == (f"{ATOM}feed", "en")
    assert text(root, "title") == "Test meeting: what has changed"
    links = {one.get("rel"): one.get("href") for one in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{server.url}/{SLUG}/feed.atom", "alternate": f"{server.url}/{SLUG}/changes"}
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Test meeting"
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 3
    ids = [text(one, "id") for one in (root, *entries)]
    assert len(set(ids)) == 4
    assert all(one.startswith("urn:uuid:") for one in ids)
    moments = [datetime.fromisoformat(text(one, "updated")) for one in (root, *entries)]
    assert moments[0] == moments[1] == server.clock()
    assert moments[1:] == sorted(moments[1:], reverse=True)
    for one in entries:
        assert text(one, "title")
        content = one.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        assert content.text


async def test_entries_say_what_changed_and_escape_what_people_wrote(server: Server) -> None:
    await three_releases(server)
    last, middle, first = (await feed(server)).findall(f"{ATOM}entry")
    assert text(first, "title") == "The programme is published"
    assert text(middle, "title") == "Release 2: 1 moved"
    assert text(last, "title") == "Release 3: 1 moved"
    body = text(last, "content")
    assert "&lt;b&gt;Open &amp; " in body
    assert f'href="{server.url}/{SLUG}/sessions/{LIVE}"' in body
    assert "<b>" not in body


async def test_the_feed_keeps_its_ids_and_speaks_swedish(server: Server) -> None:
    await three_releases(server)
    english, swedish = await feed(server), await feed(server, "sv")
    assert swedish.get(LANG) == "sv"
    assert text(english, "id") == text(swedish, "id")
    assert text(swedish, "title").startswith("Provmötet")


async def test_an_unchanged_feed_is_not_sent_again(server: Server) -> None:
    await three_releases(server)
    visitor = await server.client()
    tag = (await visitor.get(f"/{SLUG}/feed.atom")).headers["etag"]
    assert (await visitor.get(f"/{SLUG}/feed.atom", headers={"if-none-match": tag})).status_code == 304
    await publish(server, a_programme(a_session("Other")))
    assert (await visitor.get(f"/{SLUG}/feed.atom", headers={"if-none-match": tag})).status_code == 200


async def test_readers_see_what_changed_release_by_release(server: Server) -> None:
    await three_releases(server)
    visitor = await server.client()
    page = await visitor.get(f"/{SLUG}/changes")
    assert [one.get_text(strip=True) for one in soup(page).select(".news h2")] == [
        "Release 3: 1 moved",
        "Release 2: 1 moved",
        "The programme is published",
    ]
    assert "With 4 sessions." in words(page)
    assert "moves from Tue 14 May 09:00–10:00, Main to 11:22–12:22, Studio." in words(page)
    tokyo = await visitor.get(f"/{SLUG}/changes?tz=Asia/Tokyo")
    assert "moves from Tue 14 May 16:00–17:00, Main to 18:22–19:22, Studio." in words(tokyo)
    assert soup(page).select_one('link[type="application/atom+xml"]')


async def test_a_long_history_comes_in_parts(server: Server) -> None:
    summit_id = await publish(server)
    for n in range(22):
        async with server.db.writer() as db:
            summit = (await db.scalars(select(Summit).where(Summit.id == summit_id))).one()
            summit.tagline = Texts(en=f"Number {n}")
            await release(db, summit, server.clock)
    visitor = await server.client()
    page = await visitor.get(f"/{SLUG}/changes")
    assert len(soup(page).select(".news > li")) == 20
    older = await visitor.get(f"/{SLUG}/changes?newest=3")
    assert len(soup(older).select(".news > li")) == 3
    assert soup(page).select_one(f'a[href="/{SLUG}/changes?newest=3"]')
    for nonsense in ("x", "0", "99999999999999999"):
        assert (await visitor.get(f"/{SLUG}/changes?newest={nonsense}")).status_code in (200, 404)
