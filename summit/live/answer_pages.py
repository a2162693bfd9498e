"""The speaker's page: the open questions of a session, each with a field for an answer in writing."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Closed, Invalid
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.live.page_parts import live_of
from summit.live.question_models import AnswerRequest, Question
from summit.live.seats import Place
from summit.live.wording import REPLY_LENGTH
from summit.live.written_answers import ANSWERS, RequestOver, answer, answerable, request_for
from summit.programme.models import Session
from summit.programme.published import find_summit

MOST = 100
"""So many questions are on the page at once; as soon as some are answered, others come."""
_PREFIX = "answer-"
_LONGEST_KEPT = 4 * REPLY_LENGTH
# The address lets its reader in.
_SECRET = {"referrer-policy": "strict-origin", "cache-control": "no-store", "x-robots-tag": "noindex"}


@dataclass(frozen=True)
class Desk:
    """What a link leads to: the speaker, the session, and the questions that they may answer."""

    asked: AnswerRequest
    place: Place
    questions: list[Question]


async def show(request: Request) -> Response:
    """The questions."""
    found = await _found(request)
    saved = request.query_params.get("saved", "")
    return _page(request, found, saved=int(saved) if saved.isdecimal() and len(saved) < 4 else 0)


async def save(request: Request) -> Response:
    """Saves one answer (`save` is its question's id) or all that were written. What is not saved stays in its field."""
    found, live = await _found(request), live_of(request)
    await live.limiter.hit(ANSWERS, "written answers", found.asked.id)
    typed, one = await _typed(request)
    kept = {question.id: question.reply for question in found.questions}
    changed = {id: text for id, text in typed.items() if text.strip() != kept.get(id, "").strip()}
    chosen = {id: text for id, text in changed.items() if one in ("all", id)}
    errors: dict[str, str] = {}
    if not chosen:
        errors[f"{_PREFIX}{one}" if one in kept else ""] = _("Write an answer first.")
    for question, text in chosen.items():
        try:
            await answer(live, found.place, request.path_params["token"], question, text)
        except (Invalid, Closed) as refused:
            errors[f"{_PREFIX}{question}"] = refused.message
    unsaved = {id: text for id, text in changed.items() if id not in chosen or f"{_PREFIX}{id}" in errors}
    saved = len(chosen) - len(errors) if chosen else 0
    if not unsaved and not errors:
        return see_other(f"{request.url.path}?saved={saved}")
    return _page(request, await _found(request), typed=unsaved, errors=errors, saved=saved)


async def _found(request: Request) -> Desk:
    """Raises `NotFound` or `RequestOver`: also for a session that is not of this summit, or no longer in it."""
    summit, live = await find_summit(request), live_of(request)
    async with services(request).db.reader() as db:
        asked = await request_for(db, request.path_params["token"], live.clock())
        of_summit = select(Session.code).where(Session.id == asked.session_id, Session.summit_id == summit.id)
        code = await db.scalar(of_summit)
        session = summit.session(code) if code else None
        if session is None:
            raise RequestOver
        questions = (await answerable(db, asked))[:MOST]
    return Desk(asked, Place(summit, session, asked.session_id), questions)


async def _typed(request: Request) -> tuple[dict[str, str], str]:
    """What stands in the fields, by question, and what is to be saved."""
    form = await request.form(max_files=0, max_fields=MOST + 10)
    texts = {name: value for name, value in form.items() if name.startswith(_PREFIX) and isinstance(value, str)}
    typed = {name.removeprefix(_PREFIX): text[:_LONGEST_KEPT].replace("\0", "") for name, text in texts.items()}
    one = form.get("save")
    return typed, one if isinstance(one, str) else "all"


def _page(
    request: Request,
    found: Desk,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    saved: int = 0,
) -> Response:
    page = render(
        request,
        "live/answers.html",
        status=422 if errors else 200,
        asked=found.asked,
        session=found.place.session,
        path=request.url.path,
        questions=found.questions,
        most=REPLY_LENGTH,
        typed=typed or {},
        errors=errors or {},
        saved=saved,
        lost={id: text for id, text in (typed or {}).items() if id not in {one.id for one in found.questions}},
    )
    page.headers.update(_SECRET)
    return page


def routes() -> list[Route]:
    """The addresses of the speaker's page."""
    return [
        Route("/{summit}/answers/{token}", show, methods=["GET"], name="answers"),
        Route("/{summit}/answers/{token}", save, methods=["POST"], name="save-answers"),
    ]
