"""After a session, for its moderators: files of what was asked, and the open questions on their way to the speakers."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Closed, Invalid, NotFound, Refused, TooMany
from summit.core.services import services
from summit.core.web import render, see_other
from summit.live.answer_mail import Asked, link_to
from summit.live.page_parts import common, live_of, sit_at_desk
from summit.live.rules import rules_of
from summit.live.seats import Place, Seat
from summit.live.snapshots import questions_for
from summit.live.written_answers import (
    MOST_AT_ONCE,
    RequestOver,
    ask_speakers,
    request_for,
    requests_of,
    take_back,
    unanswered,
)

_SPARE_ROWS = 1
_LONGEST = 320
_LINKS, _LINKS_SECONDS = "summit_links", 600


async def after(request: Request) -> Response:
    """What there is to do after the session."""
    return await _page(request, *await sit_at_desk(request))


async def send_questions(request: Request) -> Response:
    """Mails the open questions to the speakers of the form."""
    place, seat = await sit_at_desk(request)
    rows, house = await _rows(request), services(request)
    try:
        asked = await ask_speakers(house, live_of(request), seat, rows, house.mail_base_url(request))
    except (Invalid, Closed, TooMany) as refused:
        return await _page(request, place, seat, refused=refused, rows=rows)
    if house.settings.smtp_url:
        return see_other(f"{place.path}/desk/after?sent={len(asked)}#asked")
    # Without a mail server, nobody gets a mail: the moderator has to pass the links on. We keep nothing of a link that
    # would open it, so this browser does, for as long as that takes.
    answer = see_other(f"{place.path}/desk/after#asked")
    tokens = [*_tokens(request), *(one.address.rpartition("/")[2] for one in asked)]
    house.cookies.write(answer, _LINKS, ":".join(tokens[-2 * MOST_AT_ONCE :]), _LINKS_SECONDS)
    return answer


async def end_request(request: Request) -> Response:
    """Takes a speaker's link back."""
    place, seat = await sit_at_desk(request)
    try:
        await take_back(live_of(request), seat, request.path_params["request"])
    except NotFound as refused:
        return await _page(request, place, seat, refused=refused)
    return see_other(f"{place.path}/desk/after#asked")


def _tokens(request: Request) -> list[str]:
    kept = services(request).cookies.read(request, _LINKS, _LINKS_SECONDS)
    return kept.split(":") if kept else []


async def _links(db: AsyncSession, request: Request, place: Place) -> list[Asked]:
    """The links of this session that were made in this browser and still work."""
    base_url, found = services(request).mail_base_url(request), []
    for token in _tokens(request):
        with suppress(RequestOver):
            one = await request_for(db, token, live_of(request).clock())
            if one.session_id == place.session_id:
                found.append(Asked(one.name, one.email, link_to(base_url, place, token)))
    return found


async def _rows(request: Request) -> list[tuple[str, str]]:
    form = await request.form(max_files=0, max_fields=2 * MOST_AT_ONCE + 10)

    def field(name: str) -> str:
        found = form.get(name)
        return found[:_LONGEST].replace("\0", "") if isinstance(found, str) else ""

    return [(field(f"name-{at}"), field(f"email-{at}")) for at in range(MOST_AT_ONCE)]


async def _page(
    request: Request,
    place: Place,
    seat: Seat,
    *,
    refused: Refused | None = None,
    rows: Sequence[tuple[str, str]] = (),
) -> Response:
    async with services(request).db.reader() as db:
        found: Mapping[str, Any] = {
            "unanswered": await unanswered(db, place.session_id),
            "waiting": sum(question.state == "waiting" for question in await questions_for(db, seat)),
            "requests": await requests_of(db, place.session_id, live_of(request).clock()),
            "asked": await _links(db, request, place),
            "is_published": (await rules_of(db, place.summit.id)).is_published,
        }
    both = await common(request, place, seat, refused, None)
    sent = request.query_params.get("sent", "")
    page = render(
        request,
        "live/after.html",
        status=refused.status if refused else 200,
        rows=_shown_rows(place, rows),
        sent=int(sent) if sent.isdecimal() and len(sent) < 4 else 0,
        **both,
        **found,
    )
    page.headers["cache-control"] = "no-store"
    return page


def _shown_rows(place: Place, typed: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """A row for each speaker of the programme and one to spare; or what was typed."""
    if typed:
        last = max((at for at, row in enumerate(typed) if any(row)), default=0)
        return list(typed[: last + 1 + _SPARE_ROWS])
    names = [speaker.name[:60] for speaker in place.summit.speakers_of(place.session)]
    return [*((name, "") for name in names[: MOST_AT_ONCE - _SPARE_ROWS]), *[("", "")] * _SPARE_ROWS]


def routes() -> list[Route]:
    """The addresses of the page."""
    at = "/{summit}/sessions/{code}/desk/after"
    return [
        Route(at, after, methods=["GET"], name="after"),
        Route(at, send_questions, methods=["POST"], name="send-questions"),
        Route(f"{at}/{{request}}/end", end_request, methods=["POST"], name="end-request"),
    ]
