"""What changed, release by release, for readers: a page and an Atom feed."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.services import services
from summit.core.web import render
from summit.programme.change_words import groups
from summit.programme.conditional import file_answer
from summit.programme.feed_atom import CONTENT_TYPE, atom, fate, headline
from summit.programme.past_releases import past_releases
from summit.programme.published import Published, find_summit
from summit.programme.visiting import of_a_summit
from summit.programme.zones import city, readers_zone

A_PAGE = 20


@of_a_summit
async def changes(request: Request, summit: Published) -> Response:
    """The last releases; earlier ones by the number of the newest of them, ``?newest=12``."""
    typed = request.query_params.get("newest", "")
    newest = min(int(typed), summit.number) if typed.isdecimal() and len(typed) < 9 else summit.number
    async with services(request).db.reader() as db:
        found = await past_releases(db, summit.id, newest=newest, most=A_PAGE + 1)
    if not found:
        raise NotFound
    zone = readers_zone(request.query_params, summit.programme)
    return render(
        request,
        "programme/changes.html",
        section="programme",
        releases=[
            (one, headline(one), fate(one), groups(one.changes, zone))
            for one in (past.for_readers for past in found[:A_PAGE])
        ],
        older=found[A_PAGE].number if len(found) > A_PAGE else None,
        zone=city(zone),
    )


async def feed(request: Request) -> Response:
    """The last releases as a feed; 304 where the reader has it."""
    summit = await find_summit(request)
    async with services(request).db.reader() as db:
        found = await past_releases(db, summit.id, newest=summit.number, most=A_PAGE)
    return await file_answer(
        request,
        summit,
        CONTENT_TYPE,
        f"{summit.slug}.atom",
        lambda: atom(
            summit.programme,
            [past.for_readers for past in found],
            summit_id=summit.id,
            slug=summit.slug,
            base_url=services(request).base_url(request),
        ),
    )


def routes() -> list[Route]:
    """The addresses of the page and the feed."""
    return [
        Route("/{summit}/changes", changes, methods=["GET"], name="changes"),
        Route("/{summit}/feed.atom", feed, methods=["GET"], name="feed-atom"),
    ]
