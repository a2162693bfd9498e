"""The public page of one session."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from summit.core.errors import NotFound
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.core.web import render
from summit.programme import cards, structured
from summit.programme.cards import Card
from summit.programme.keeping import page_answer
from summit.programme.published import Published
from summit.programme.sharing import share
from summit.programme.values import Link, Session
from summit.programme.visiting import of_a_summit, reader_of, to_its_code
from summit.programme.zones import city


@dataclass(frozen=True)
class Extra:
    """What another room has to say on a session's page: a template, which finds this as `extra`, and what it shows.

    It stands below the text, or beside it among what one can do.
    """

    template: str
    context: Mapping[str, Any]
    is_beside: bool = False


SessionExtra = Callable[[Request, Published, Session], Awaitable[Extra | None]]


def session_page(extras: tuple[SessionExtra, ...]) -> Callable[[Request], Awaitable[Response]]:
    """The page of one session, with what other rooms add to it."""

    @of_a_summit
    async def session(request: Request, summit: Published) -> Response:
        found = summit.session(request.path_params["code"])
        if found is None:
            raise NotFound
        if moved := to_its_code(request, found.code):
            return moved
        more = [extra for each in extras if (extra := await each(request, summit, found))]
        # What other rooms say changes without a release.
        also = "".join(f"{extra.template} {extra.context}" for extra in more)
        return await page_answer(request, summit, lambda asked: _page(asked, summit, found, more), also=also)

    return session


def _page(request: Request, summit: Published, session: Session, extras: list[Extra]) -> Response:
    reader = reader_of(request, summit)
    card = cards.card(summit, session, reader)
    actions = list(_ways_in(card))
    return render(
        request,
        "programme/session.html",
        section="programme",
        session=session,
        card=card,
        zone=city(reader.zone),
        speakers=card.speakers,
        related=cards.related(summit, session, reader),
        extras=extras,
        actions=actions,
        hand_outs=[link for link in session.links if link.kind == "attachment" and not _is_recording(link)],
        links=[link for link in session.links if link.kind != "attachment" and not _is_recording(link)],
        reader_query=reader.query,
        back_url=f"/{summit.slug}/programme{reader.query}",
        share=share(
            request,
            summit,
            card.title.text,
            (session.abstract or session.description).best(locale()).text,
            kind="article",
        ),
        jsonld=structured.event(summit, session, services(request).base_url(request)),
    )


def _ways_in(card: Card) -> list[tuple[str, str]]:
    """The room, once it is open; afterwards the recording, and what was said. Before, the calendar is what helps."""
    if card.cancelled:
        return []
    if card.is_open:
        return [(card.live_url, _("Enter"))]
    recordings = [
        (link.url, link.title or _("Watch the recording")) for link in card.session.links if _is_recording(link)
    ]
    return [*recordings, *([(card.live_url, _("Look back"))] if card.is_past and card.live_url else [])]


def _is_recording(link: Link) -> bool:
    return link.type == "recording"
