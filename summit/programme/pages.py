"""The public pages of summits: the list of them, the front page of each, and its own rules and promises."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.core.texts import Texts
from summit.core.web import render, see_other
from summit.people.identity import identity
from summit.programme import cards, downloads, picture_page, programme_pages, sitemap, speaker_pages, structured
from summit.programme.cards import Card
from summit.programme.keeping import page_answer
from summit.programme.organising import organised_by
from summit.programme.published import Published, all_published
from summit.programme.session_pages import SessionExtra, session_page
from summit.programme.sharing import share
from summit.programme.values import Theme
from summit.programme.visiting import of_a_summit, reader_of
from summit.programme.weave import weave

_FEW = 8


@dataclass(frozen=True)
class FrontAction:
    """What the front page offers beside the way in: a button where there is a `url`, and a line about it."""

    url: str
    label: str
    note: str = ""


FrontHook = Callable[[Request, Published], Awaitable[FrontAction | None]]


async def summits(request: Request) -> Response:
    """All summits, and those that one organises; straight to the only one."""
    who = identity(request)
    async with services(request).db.reader() as db:
        found, own = await all_published(db), await organised_by(db, who)
    public = {one.slug for one in found}
    if len(found) == 1 and public.issuperset(one.slug for one in own):
        return see_other(f"/{found[0].slug}")
    shown = [{"slug": one.slug, "programme": one.programme, "banner": _banner(one, 8, 2)} for one in found]
    organised = [(one, one.slug in public) for one in own]
    return render(request, "programme/summits.html", summits=shown, organised=organised)


def front_page(hook: FrontHook | None) -> Callable[[Request], Awaitable[Response]]:
    """What the summit is, and what is on now and next, with what another room offers there."""

    @of_a_summit
    async def front(request: Request, summit: Published) -> Response:
        action = await hook(request, summit) if hook else None
        # It changes without a release.
        return await page_answer(request, summit, lambda asked: _front(asked, summit, action), also=str(action))

    return front


def _front(request: Request, summit: Published, action: FrontAction | None) -> Response:
    reader = reader_of(request, summit)
    on_now, up_next = cards.on_now(summit, reader), cards.up_next(summit, reader)
    ways = _ways(request, summit, action, _entry(request, summit, on_now, up_next))
    announced = {one.guid for one in summit.announced}
    return render(
        request,
        "programme/front.html",
        section="now",
        banner=_banner(summit),
        ways=ways,
        way_note=action.note if action else "",
        on_now=on_now,
        up_next=up_next,
        themes=_used_themes(summit),
        speakers=[one for one in summit.programme.speakers if one.guid in announced][:_FEW],
        query=reader.query,
        share=share(request, summit, ""),
        jsonld=structured.summit_event(summit, services(request).base_url(request)),
    )


@of_a_summit
async def code_of_conduct(request: Request, summit: Published) -> Response:
    """How people treat each other at this summit."""
    return await _own_text(request, summit, _("Code of conduct"), summit.programme.code_of_conduct)


@of_a_summit
async def privacy(request: Request, summit: Published) -> Response:
    """What this summit does with what it knows of people."""
    return await _own_text(request, summit, _("Privacy"), summit.programme.privacy)


async def _own_text(request: Request, summit: Published, title: str, text: Texts) -> Response:
    if not text:
        raise NotFound

    def make(asked: Request) -> Response:
        told = share(asked, summit, title, text.best(locale()).text)
        return render(asked, "programme/own_text.html", title=title, text=text, share=told)

    return await page_answer(request, summit, make)


def _entry(request: Request, summit: Published, on_now: list[Card], up_next: list[Card]) -> tuple[str, str]:
    """The way in: to what is on, or to the summit itself; none when there is nothing more to go in to."""
    rooms = [card.live_url for card in on_now] + [card.live_url for card in up_next if card.is_open]
    if identity(request).may("participant", summit.id):
        return (rooms[0], _("Go to what is on now")) if rooms else ("", "")
    if not rooms and not up_next:
        return "", ""
    if not summit.open_to_all and (person := identity(request).person) and person.email:
        # Signing in once more would lead them back here.
        return "", ""
    target = quote(rooms[0] if rooms else f"/{summit.slug}/programme", safe="/")
    if summit.open_to_all:
        return f"/{summit.slug}/enter?next={target}", _("Enter")
    return f"/sign-in?next={target}", _("Sign in to enter")


def _ways(
    request: Request, summit: Published, action: FrontAction | None, entry: tuple[str, str]
) -> list[tuple[str, str]]:
    """What to do first, then the rest; for who is inside already, what is on now comes first."""
    offered = [(action.url, action.label)] if action and action.url else []
    entries = [entry] if entry[0] else []
    return entries + offered if identity(request).may("participant", summit.id) else offered + entries


def _used_themes(summit: Published) -> list[Theme]:
    used = {session.theme for session in summit.programme.sessions if session.state == "confirmed"}
    return [theme for theme in summit.programme.themes if theme.slug in used]


def _banner(summit: Published, columns: int = 5, rows: int = 4) -> Markup:
    looks = [(theme.shape, theme.colour) for theme in summit.programme.themes]
    return weave(looks, summit.slug, columns, rows)


def routes(*extras: SessionExtra, on_front: FrontHook | None = None) -> list[Route]:
    """All addresses of this room, with what other rooms add to a session's page, and to the front page. They take what
    other rooms have left: they come last."""
    return [
        Route("/", summits, name="summits"),
        *sitemap.routes(),
        *downloads.routes(),
        *picture_page.routes(),
        Route("/{summit}", front_page(on_front), name="front"),
        *programme_pages.routes(),
        Route("/{summit}/sessions/{code}", session_page(extras), name="session"),
        *speaker_pages.routes(),
        Route("/{summit}/code-of-conduct", code_of_conduct, name="code-of-conduct"),
        Route("/{summit}/privacy", privacy, name="privacy"),
    ]
