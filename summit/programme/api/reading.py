"""What programs read: the released programme, and with a token the draft."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from summit.core.errors import NotFound
from summit.core.services import services
from summit.people.tokens import READ
from summit.programme import search, values
from summit.programme.api import resources
from summit.programme.api.answers import drafted, json, page_of, released, with_links
from summit.programme.api.asking import bearer, needed_bearer, own_summit
from summit.programme.api.counting import counted_changes
from summit.programme.api.drafting import draft_view
from summit.programme.api.queries import (
    DraftPagedQuery,
    DraftQuery,
    NoQuery,
    PagedQuery,
    SessionsQuery,
    SpeakersQuery,
    read_query,
)
from summit.programme.api.viewing import PATH, View
from summit.programme.filters import Filters, chosen
from summit.programme.models import Release
from summit.programme.published import Published, all_published, published

S = TypeVar("S")
T = TypeVar("T")


async def index(request: Request) -> Response:
    """Where to begin."""
    read_query(request.query_params, NoQuery)
    await bearer(request)
    at = services(request).base_url(request) + PATH
    found = resources.Index(summits=f"{at}/summits", openapi=f"{at}/openapi.json", asyncapi=f"{at}/asyncapi.json")
    return json(found, headers={"cache-control": "public, max-age=300"})


async def summits(request: Request) -> Response:
    """All summits with a release."""
    query = read_query(request.query_params, PagedQuery)
    await bearer(request)
    house = services(request)
    async with house.db.reader() as db:
        found = await all_published(db)
    base = house.base_url(request)
    at = max((one.released_at for one in found), default=house.clock())
    made_from = [f"{one.release_id} {one.slug}" for one in found]
    page = page_of(found, query, lambda one: View(base, one).summit())
    return with_links(released(request, made_from, at, lambda: page), request, query, page.total)


async def summit(request: Request) -> Response:
    """One summit."""
    query = read_query(request.query_params, DraftQuery)
    view = await _view(request, is_draft=query.draft == "true")
    found = view.summit()
    return _one(request, view, found, view.rows.summit.revision if view.rows else 0)


async def sessions(request: Request) -> Response:
    """The sessions that fit."""
    query = read_query(request.query_params, SessionsQuery)
    view = await _view(request, is_draft=query.draft == "true")
    return _list(request, view, query, _sessions_for(view.published, query), view.session)


async def session(request: Request) -> Response:
    """One session."""
    query = read_query(request.query_params, DraftQuery)
    view = await _view(request, is_draft=query.draft == "true")
    found = view.published.session(request.path_params["code"])
    if found is None:
        raise NotFound
    shown = view.session(found)
    return _one(request, view, shown, shown.revision if isinstance(shown, resources.DraftSession) else 0)


async def speakers(request: Request) -> Response:
    """Who appears, by name; in the draft everybody."""
    query = read_query(request.query_params, SpeakersQuery)
    view = await _view(request, is_draft=query.draft == "true")
    everybody = view.published.programme.speakers if view.rows else view.published.announced
    found = [one for one in everybody if search.matches(search.speaker_haystack(one), query.q)]
    return _list(request, view, query, sorted(found, key=lambda one: search.fold(one.name)), view.speaker)


async def speaker(request: Request) -> Response:
    """Somebody who appears."""
    query = read_query(request.query_params, DraftQuery)
    view = await _view(request, is_draft=query.draft == "true")
    found = view.published.speaker(request.path_params["code"])
    if found is None:
        raise NotFound
    shown = view.speaker(found)
    return _one(request, view, shown, shown.revision if isinstance(shown, resources.DraftSpeaker) else 0)


async def stages(request: Request) -> Response:
    """All stages, in the programme's order."""
    query = read_query(request.query_params, DraftPagedQuery)
    view = await _view(request, is_draft=query.draft == "true")
    return _list(request, view, query, view.published.programme.stages, view.stage)


async def stage(request: Request) -> Response:
    """One stage."""
    query = read_query(request.query_params, DraftQuery)
    view = await _view(request, is_draft=query.draft == "true")
    found = view.published.stage(request.path_params["stage"])
    if found is None:
        raise NotFound
    shown = view.stage(found)
    return _one(request, view, shown, shown.revision or 0)


async def themes(request: Request) -> Response:
    """All themes, in the programme's order."""
    query = read_query(request.query_params, DraftPagedQuery)
    view = await _view(request, is_draft=query.draft == "true")
    return _list(request, view, query, view.published.programme.themes, view.theme)


async def types(request: Request) -> Response:
    """All types of sessions, in the programme's order."""
    query = read_query(request.query_params, DraftPagedQuery)
    view = await _view(request, is_draft=query.draft == "true")
    return _list(request, view, query, view.published.programme.types, view.type)


async def releases(request: Request) -> Response:
    """All releases, the newest first."""
    query = read_query(request.query_params, PagedQuery)
    view = await _view(request)
    async with services(request).db.reader() as db:
        found = await db.execute(
            select(Release.id, Release.number, Release.made_at, Release.note, Release.takes_back)
            .where(Release.summit_id == view.published.id, Release.number <= view.published.number)
            .order_by(Release.number.desc())
        )
        rows = found.all()
        undone = {row.takes_back for row in rows}
        first = (query.page - 1) * query.per_page
        changes = await counted_changes(db, view.published.id, [row.id for row in rows[first : first + query.per_page]])
    page = page_of(
        rows,
        query,
        lambda row: resources.Release(
            number=row.number,
            at=row.made_at,
            note="" if row.number in undone else row.note,
            takes_back=row.takes_back,
            changes=changes[row.id],
        ),
    )
    answer = released(request, _made_from(view), view.published.released_at, lambda: page)
    return with_links(answer, request, query, page.total)


async def _view(request: Request, *, is_draft: bool = False) -> View:
    """The programme that is asked for; raises `NotFound`, `BadToken` or `NotAllowed`."""
    slug, house = request.path_params["summit"], services(request)
    base = house.base_url(request)
    if not is_draft:
        await bearer(request)
        async with house.db.reader() as db:
            return View(base, await published(db, slug))
    program = await needed_bearer(request)
    async with house.db.reader() as db:
        return await draft_view(db, await own_summit(db, request, program, READ), base)


def _sessions_for(summit: Published, query: SessionsQuery) -> Sequence[values.Session]:
    if query.speaker and summit.speaker(query.speaker) is None:
        return []
    filters = Filters(
        day=str(query.day) if query.day else "",
        theme=query.theme,
        stage=query.stage,
        language=query.language,
        type=query.type,
        speaker=query.speaker or "",
        q=query.q,
    )
    return [one for one in chosen(summit, filters) if query.state in (None, one.state)]


def _list(request: Request, view: View, query: PagedQuery, found: Sequence[S], make: Callable[[S], T]) -> Response:
    if view.rows:
        page = page_of(found, query, make)
        answer = drafted(request, page)
    else:
        answer = released(request, _made_from(view), view.published.released_at, lambda: page_of(found, query, make))
    return with_links(answer, request, query, len(found))


def _one(request: Request, view: View, found: object, revision: int) -> Response:
    if not view.rows:
        return released(request, _made_from(view), view.published.released_at, lambda: found)
    return drafted(request, found, revision=revision)


def _made_from(view: View) -> tuple[str, str]:
    return view.published.release_id, view.published.slug
