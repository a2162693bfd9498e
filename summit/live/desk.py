"""The moderators' desk as its page: the questions in columns, and what moderators need beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Refused
from summit.core.services import services
from summit.core.web import render
from summit.live.backstage import chat_of, hands_up, sanctions_here
from summit.live.page_parts import common, live_of, sit_at_desk
from summit.live.placing import hand_order
from summit.live.protocol import QuestionView
from summit.live.question_models import Question, QuestionState
from summit.live.rules import rules_of
from summit.live.seats import Place, Seat
from summit.live.snapshots import polls_for, questions_for
from summit.live.views import question_view
from summit.programme.search import fold, matches

Order = Literal["votes", "hand"]
_LONGEST_SEARCH = 100
_LISTS: dict[str, tuple[QuestionState, ...]] = {
    "waiting": ("waiting",),
    "answering": ("answering",),
    "open": ("open",),
    "answered": ("answered",),
    "dismissed": ("dismissed",),
    "away": ("merged", "withdrawn"),
}


@dataclass(frozen=True)
class DeskView:
    """How a moderator looks at the desk: the order of what is approved, and only what has these words."""

    order: Order = "votes"
    words: str = ""

    @property
    def query(self) -> str:
        """With its question mark; empty for the desk as it is at first."""
        chosen = {"order": "hand" if self.order == "hand" else "", "find": self.words}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"?{query}" if query else ""


def view_of(request: Request) -> DeskView:
    """From the address. What is unknown is as if it were not there."""
    words = request.query_params.get("find", "")[:_LONGEST_SEARCH].replace("\0", "").strip()
    return DeskView("hand" if request.query_params.get("order") == "hand" else "votes", words)


async def desk(request: Request) -> Response:
    """The moderators' desk."""
    return await desk_page(request, *await sit_at_desk(request))


async def desk_page(
    request: Request,
    place: Place,
    seat: Seat,
    *,
    refused: Refused | None = None,
    values: Mapping[str, Any] | None = None,
) -> Response:
    """The desk as its page; what was refused is said there, and what was typed (`values`) is kept."""
    view = view_of(request)
    async with services(request).db.reader() as db:
        questions = await questions_for(db, seat)
        polls = await polls_for(db, seat)
        both = await common(request, place, seat, refused, values)
        backstage = await _backstage(db, place)
    names = backstage["rules"].names_to_moderators
    lists = {
        name: [question_view(question, "moderators", names=names) for question in found]
        for name, found in lists_of(questions, view.order).items()
    }
    found = {name: [each for each in some if _has(each, view.words)] for name, some in lists.items()}
    company = live_of(request).hub.desk(place.session_id)
    context = {"lists": found, "all": lists, "view": view, "polls": polls, "company": company} | backstage | both
    return render(request, "live/desk.html", status=refused.status if refused else 200, **context)


def lists_of(questions: Iterable[Question], order: Order) -> dict[str, list[Question]]:
    """The questions by where they stand on the desk: what waits oldest first, what is done newest first."""
    questions = list(questions)
    lists = {name: [each for each in questions if each.state in states] for name, states in _LISTS.items()}
    if order == "hand":
        lists["open"] = hand_order(lists["open"])
    else:
        lists["open"].sort(key=lambda each: (not each.pinned, -each.votes, each.asked_at, each.id))
    for name in ("answered", "dismissed", "away"):
        lists[name].reverse()
    return lists


def _has(question: QuestionView, words: str) -> bool:
    if not words:
        return True
    author = question.author.name if question.author else ""
    return matches(fold(" ".join([question.text, question.reply or "", author, *question.labels])), words)


async def _backstage(db: AsyncSession, place: Place) -> dict[str, Any]:
    """What the desk shows and the room does not."""
    rules = await rules_of(db, place.summit.id)
    return {
        "rules": rules,
        "hands": await hands_up(db, place.session_id),
        "chat": await chat_of(db, place.session_id),
        "sanctions": await sanctions_here(db, rules, place.summit.id, place.session_id),
    }


def routes() -> list[Route]:
    """The address of the desk."""
    return [Route("/{summit}/sessions/{code}/desk", desk, methods=["GET"], name="desk")]
