"""Questions: asking, withdrawing, and what moderators do with them."""

from unicodedata import category

from sqlalchemy import select

from summit.core.errors import Closed, Invalid, NotAllowed, NotFound
from summit.core.i18n import _
from summit.core.text import cleaned, one_line
from summit.live.live import Live
from summit.live.models import Question, QuestionState
from summit.live.protocol import Ack, Ask, Moderate, Withdraw
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn
from summit.live.views import PUBLIC

QUESTION_LENGTH = 500
REPLY_LENGTH = 2000
LABELS, LABEL_LENGTH = 5, 30


async def ask(live: Live, seat: Seat, message: Ask) -> Ack:
    """Puts a question: to the moderators first, or at once into the room where moderation comes after.

    Raises `Invalid`, `Closed`, `NotAllowed` or `TooMany`.
    """
    text = _text_of(message.text, QUESTION_LENGTH)

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "participant")
        _demand_open(turn)
        question = Question(
            session_id=turn.room.session_id,
            author_id=seat.person_id,
            author_name=seat.name,
            anonymous=message.anonymous,
            text=text,
            state="waiting" if turn.room.moderation == "before" else "open",
            votes=0,
            labels=[],
            original="",
            reply="",
            pinned=False,
            asked_at=turn.now,
        )
        turn.db.add(question)
        await turn.db.flush()
        turn.tell_question(question, was_public=False)
        return question.id

    return await live.take_turn(seat, message.ref, act, limit=live.settings.ask_limit)


async def withdraw(live: Live, seat: Seat, message: Withdraw) -> Ack:
    """Takes one's own question back, as long as nobody has answered it. Raises `NotFound`, `NotAllowed` or `Closed`."""

    async def act(turn: Turn) -> str:
        question = await _find(turn, message.question)
        if question.author_id != seat.person_id:
            if question.state not in PUBLIC and seat.role != "moderator":
                raise NotFound(_no_such())
            raise NotAllowed(_("Only the one who asked can withdraw a question."))
        if question.state not in ("waiting", "open"):
            raise Closed(_("This question can no longer be withdrawn."))
        _move(turn, question, "withdrawn")
        return question.id

    return await live.take_turn(seat, message.ref, act)


async def moderate(live: Live, seat: Seat, message: Moderate) -> Ack:
    """Does one of the moderators' actions. Raises `NotAllowed`, `NotFound`, `Invalid` or `Closed`."""

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        question = await _find(turn, message.question)
        if question.state == "withdrawn":
            raise Closed(_("The one who asked has withdrawn this question."))
        if message.action in _TO:
            await _to_state(turn, question, message.action)
        else:
            _change(turn, question, message)
        return question.id

    return await live.take_turn(seat, message.ref, act)


# From which states an action leads to which.
_TO: dict[str, tuple[frozenset[QuestionState], QuestionState]] = {
    "approve": (frozenset({"waiting", "dismissed"}), "open"),
    "dismiss": (frozenset({"waiting", "open", "answering", "answered"}), "dismissed"),
    "answer": (frozenset({"open", "answered"}), "answering"),
    "answered": (frozenset({"open", "answering"}), "answered"),
}


async def _to_state(turn: Turn, question: Question, action: str) -> None:
    come_from, state = _TO[action]
    if question.state == state:
        return
    if question.state not in come_from:
        raise Closed(
            _("That does not fit: the question is “%(state)s” by now.") % {"state": state_name(question.state)}
        )
    if state == "answering":
        await _finish_answering(turn)
    _move(turn, question, state)


async def _finish_answering(turn: Turn) -> None:
    """One question is answered at a time: whoever goes on to the next is done with the one before."""
    for earlier in await turn.db.scalars(
        select(Question).where(Question.session_id == turn.room.session_id, Question.state == "answering")
    ):
        _move(turn, earlier, "answered")


def _change(turn: Turn, question: Question, message: Moderate) -> None:
    was_public = question.state in PUBLIC
    before = (question.state, question.pinned, question.text, question.reply, list(question.labels))
    if message.action == "restore":
        question.state = "waiting" if question.state == "dismissed" else _public_again(question)
    elif message.action in ("pin", "unpin"):
        question.pinned = message.action == "pin"
    elif message.action == "label":
        question.labels = _labels_of(message.labels)
    elif message.action == "edit":
        text = _text_of(message.text, QUESTION_LENGTH)
        if text != question.text:
            question.original, question.text = question.original or question.text, text
    else:
        _answer_in_writing(question, message.text)
    if before != (question.state, question.pinned, question.text, question.reply, list(question.labels)):
        turn.tell_question(question, was_public=was_public)


def _public_again(question: Question) -> QuestionState:
    return "open" if question.state in ("answering", "answered") else question.state


def _answer_in_writing(question: Question, text: str) -> None:
    if question.state not in PUBLIC:
        raise Closed(_("Approve the question first: a written answer is shown to everybody."))
    question.reply = _text_of(text, REPLY_LENGTH)
    question.state = "answered"


def _move(turn: Turn, question: Question, state: QuestionState) -> None:
    was_public = question.state in PUBLIC
    question.state = state
    turn.tell_question(question, was_public=was_public)


async def _find(turn: Turn, question_id: str) -> Question:
    found: Question | None = await turn.db.scalar(
        select(Question)
        .where(Question.id == question_id, Question.session_id == turn.room.session_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound(_no_such())
    return found


def _no_such() -> str:
    return _("There is no such question here.")


def _demand_open(turn: Turn) -> None:
    if turn.room.questions == "closed":
        raise Closed(_("The moderators take no more questions right now."))
    if turn.room.state == "ended" and turn.room.held:
        raise Closed(_("The session has ended. It takes no more questions."))


def _text_of(typed: str, most: int) -> str:
    text = cleaned(typed)
    if not any(category(letter)[0] in "LNSP" for letter in text):
        raise Invalid(errors={"text": _("Write something first.")})
    if len(text) > most:
        over = {"most": most, "over": len(text) - most}
        raise Invalid(errors={"text": _("Use at most %(most)d characters; this is %(over)d too many.") % over})
    return text


def _labels_of(labels: tuple[str, ...]) -> list[str]:
    found = list(dict.fromkeys(one_line(label) for label in labels if one_line(label)))
    if len(found) > LABELS or any(len(label) > LABEL_LENGTH for label in found):
        most = {"labels": LABELS, "most": LABEL_LENGTH}
        raise Invalid(errors={"labels": _("At most %(labels)d labels of %(most)d characters.") % most})
    return found


def state_name(state: QuestionState) -> str:
    """A question's state in the reader's language."""
    return {
        "waiting": _("waiting for the moderator"),
        "open": _("in the room"),
        "answering": _("being answered"),
        "answered": _("answered"),
        "dismissed": _("dismissed"),
        "merged": _("merged"),
        "withdrawn": _("withdrawn"),
    }[state]
