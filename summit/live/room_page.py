"""The room as its page: the questions that somebody wants to see, in their order, and what is the reader's own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from summit.core.errors import Refused, TooMany
from summit.core.services import services
from summit.core.web import render
from summit.live.counts import Stale, counts_of
from summit.live.ordering import ORDERS, in_order
from summit.live.page_parts import common
from summit.live.protocol import Holdings, PollView, QuestionView, SessionView
from summit.live.rules import rules_of
from summit.live.seats import Place, Seat
from summit.live.snapshots import holdings, polls_for, questions_for
from summit.live.stage_pages import policy_for, stage_parts
from summit.live.views import question_view
from summit.live.wanted import OWN, Wanted
from summit.programme.search import fold, matches

_UNSEEN = ("merged", "withdrawn")


async def room_page(
    request: Request,
    place: Place,
    seat: Seat,
    *,
    refused: Refused | None = None,
    values: Mapping[str, Any] | None = None,
) -> Response:
    """The room as its page; what was refused is said there, and what was typed (`values`) is kept."""
    wanted = Wanted.read(request.query_params)
    shared = await common(request, place, seat, refused, values)
    async with services(request).db.reader() as db:
        shown = await _shown(db, place, seat, wanted, shared["room"])
    own: Holdings = shown["own"]
    on_stage = stage_parts(request, place, shared["room"])
    context = shared | on_stage | shown | {"you": seat.you(is_muted=own.muted)}
    context["editing"] = context["values"].get("editing") or request.query_params.get("edit", "")
    page = render(request, "live/room.html", status=refused.status if refused else 200, **context)
    if isinstance(refused, TooMany):
        page.headers["retry-after"] = str(int(refused.retry_after) + 1)
    page.headers["content-security-policy"] = policy_for(on_stage["watching"])
    return page


async def _shown(db: AsyncSession, place: Place, seat: Seat, wanted: Wanted, room: SessionView) -> dict[str, Any]:
    """The conversation beside the stage."""
    questions = [question_view(question, "participants") for question in await questions_for(db, seat)]
    own = await holdings(db, seat)
    counts = await counts_of(db, place.session_id, Stale(others=True))
    polls = sorted(await polls_for(db, seat), key=lambda poll: poll.state != "open")
    return {
        "wanted": wanted,
        "questions": rows(questions, own.questions, wanted),
        "in_room": sum(question.state not in _UNSEEN for question in questions),
        "merged": merged_into({question.id: question for question in (*own.questions, *questions)}),
        "own": own,
        "asking": asking(room, own),
        "rules": await rules_of(db, place.summit.id),
        "polls": polls,
        "unanswered": unanswered(polls, own),
        "reactions": counts.reactions,
        "hands": counts.hands or 0,
    }


def rows(questions: Iterable[QuestionView], own: Iterable[QuestionView], wanted: Wanted) -> list[QuestionView]:
    """The questions to show. One's own that nobody else sees stand right below what is being answered."""
    own = list(own)
    if wanted.sort == OWN:
        found = sorted(own, key=lambda question: (question.asked_at, question.id), reverse=True)
    else:
        order = next(order for order in ORDERS if order == wanted.sort)
        public = in_order([question for question in questions if question.state not in _UNSEEN], order)
        private = [question for question in own if question.state in ("waiting", "dismissed")]
        first = [question for question in public if question.state == "answering"]
        last = [question for question in public if question.state != "answering"]
        found = [*first, *(private if order != "answered" else []), *last]
    return [question for question in found if matches(_haystack(question), wanted.words)] if wanted.words else found


def merged_into(questions: Mapping[str, QuestionView]) -> dict[str, list[str]]:
    """For each question the ids of those that were merged into it, also by way of others: links to them lead there."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for question in questions.values():
        target, passed = question, {question.id}
        while (further := questions.get(target.merged_into or "")) and further.id not in passed:
            target = further
            passed.add(target.id)
        if target.id != question.id:
            found[target.id].append(question.id)
    return dict(found)


def asking(room: SessionView, own: Holdings) -> str:
    """Whether the reader may ask: open, or why not (muted, closed, over)."""
    if own.muted:
        return "muted"
    return "over" if room.is_over else room.questions


def unanswered(polls: Iterable[PollView], own: Holdings) -> PollView | None:
    """The newest open poll that the reader has not answered."""
    return next((poll for poll in reversed(list(polls)) if poll.state == "open" and poll.id not in own.ballots), None)


def _haystack(question: QuestionView) -> str:
    return fold(" ".join([question.text, question.reply or "", question.author.name if question.author else ""]))
