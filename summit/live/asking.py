"""Questions of participants: asking, putting one's own right while it waits, taking it back."""

from datetime import timedelta
from math import ceil

from sqlalchemy import func, select

from summit.core.errors import Closed, NotAllowed, TooMany
from summit.core.i18n import _, ngettext
from summit.live.blocked import marks_of
from summit.live.finding import find_question, no_such_question
from summit.live.history import changing
from summit.live.live import Live
from summit.live.merging import release_merged
from summit.live.protocol import Ack, Ask, Edit, Withdraw
from summit.live.question_models import Question
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn
from summit.live.wording import QUESTION_LENGTH, state_name, worded


async def ask(live: Live, seat: Seat, message: Ask) -> Ack:
    """Puts a question: to the moderators first, or at once into the room where moderation comes after.

    One with a blocked word always waits. Raises `Invalid`, `Closed`, `NotAllowed`, `Muted` or `TooMany`.
    """
    text = worded(message.text, QUESTION_LENGTH)

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "participant", speaks=True)
        _demand_open(turn)
        await _demand_pause(turn, seat)
        marks = marks_of(text, "" if message.anonymous else seat.name, turn.rules.blocked_words)
        question = _new(turn, seat, text, marks, anonymous=message.anonymous)
        question.move("waiting" if marks or turn.room.moderation == "before" else "open")
        turn.db.add(question)
        await turn.db.flush()
        turn.tell_question(question, was_public=False)
        return question.id

    return await live.take_turn(seat, message.ref, act, limit=live.settings.ask_limit)


async def edit(live: Live, seat: Seat, message: Edit) -> Ack:
    """Puts one's own question right while it waits. Raises `Invalid`, `NotFound`, `NotAllowed`, `Muted` or `Closed`."""
    text = worded(message.text, QUESTION_LENGTH)

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "participant", speaks=True)
        question = await _own(turn, seat, message.question, _("Only the one who asked can change a question here."))
        if question.state != "waiting":
            state = {"state": state_name(question.state)}
            raise Closed(_("This question can no longer be changed: it is “%(state)s” by now.") % state)
        with changing(turn, seat, question, "reword"):
            if text != question.text:
                # It is the author's own text again.
                question.text, question.original = text, ""
                shown = "" if question.anonymous else question.author_name
                question.marks = marks_of(text, shown, turn.rules.blocked_words)
        return question.id

    return await live.take_turn(seat, message.ref, act, limit=live.settings.ask_limit)


async def withdraw(live: Live, seat: Seat, message: Withdraw) -> Ack:
    """Takes one's own question back, as long as nobody has answered it. Raises `NotFound`, `NotAllowed` or `Closed`.

    Questions of others that were merged into it are back on their own.
    """

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "participant")
        question = await _own(turn, seat, message.question, _("Only the one who asked can withdraw a question."))
        if question.state not in ("waiting", "open"):
            raise Closed(_("This question can no longer be withdrawn."))
        with changing(turn, seat, question, "withdraw"):
            question.move("withdrawn")
            question.picked = False
        await release_merged(turn, seat, question)
        return question.id

    return await live.take_turn(seat, message.ref, act)


def _demand_open(turn: Turn) -> None:
    if turn.room.is_over:
        raise Closed(_("The session has ended. It takes no more questions and no more votes."))
    if turn.room.questions == "closed":
        raise Closed(_("The moderators take no more questions right now."))


async def _demand_pause(turn: Turn, seat: Seat) -> None:
    """In slow mode everybody but a moderator waits between two questions."""
    if not turn.room.slow_seconds or seat.role == "moderator":
        return
    own = (Question.session_id == turn.session_id, Question.author_id == seat.person_id)
    newest = await turn.db.scalar(select(func.max(Question.asked_at)).where(*own))
    if newest is None:
        return
    wait = (newest + timedelta(seconds=turn.room.slow_seconds) - turn.now).total_seconds()
    if wait > 0:
        words = ngettext(
            "Slow mode is on: you can ask again in %(seconds)d second.",
            "Slow mode is on: you can ask again in %(seconds)d seconds.",
            ceil(wait),
        )
        raise TooMany(words % {"seconds": ceil(wait)}, wait)


def _new(turn: Turn, seat: Seat, text: str, marks: list[str], *, anonymous: bool) -> Question:
    return Question(
        session_id=turn.session_id,
        author_id=seat.person_id,
        author_name=seat.name,
        anonymous=anonymous,
        named_to_moderators=turn.rules.names_to_moderators,
        text=text,
        original="",
        shown=False,
        version=1,
        votes=0,
        pinned=False,
        picked=False,
        labels=[],
        marks=marks,
        reply="",
        reply_by="",
        note="",
        asked_at=turn.now,
    )


async def _own(turn: Turn, seat: Seat, question_id: str, not_yours: str) -> Question:
    question = await find_question(turn, question_id)
    if question.author_id == seat.person_id:
        return question
    if not question.shown and seat.role != "moderator":
        raise no_such_question()
    raise NotAllowed(not_yours)
