"""What moderators do with questions, with one or with many at once."""

from summit.core.errors import Changed, Closed, Invalid
from summit.core.i18n import _
from summit.live.blocked import marks_of
from summit.live.finding import find_questions, questions_in
from summit.live.history import changing, who_changed, who_changed_them
from summit.live.live import Live
from summit.live.merging import merge, unmerge
from summit.live.placing import place
from summit.live.protocol import Ack, Moderate
from summit.live.question_models import PUBLIC, Question, QuestionState
from summit.live.seats import Seat, authorise
from summit.live.turns import Turn
from summit.live.undoing import undo
from summit.live.wording import NOTE_LENGTH, QUESTION_LENGTH, REPLY_LENGTH, about, labels_of, state_name, worded

MOST = 200
"""So many questions at once."""
_ONE_AT_A_TIME = ("answer", "edit", "place")


async def moderate(live: Live, seat: Seat, message: Moderate) -> Ack:
    """Does one of the moderators' actions with a question, or with several: all or none.

    Raises `NotAllowed`, `NotFound`, `Invalid` or `Closed`; `Changed` where a question is no longer as it was seen.
    """
    ids = _chosen(message)

    async def act(turn: Turn) -> str:
        await authorise(turn.db, seat, "moderator")
        questions = await find_questions(turn, ids)
        await _demand_as_seen(turn, seat, message, ids)
        for question in questions:
            try:
                _demand_kept(question)
                await _carry_out(turn, seat, question, message)
            except Closed as refused:
                raise (Closed(about(question.text, refused.message)) if len(ids) > 1 else refused) from None
        return ids[0]

    return await live.take_turn(seat, message.ref, act)


def _chosen(message: Moderate) -> list[str]:
    ids = list(dict.fromkeys((*([message.question] if message.question else ()), *message.questions)))
    if not ids:
        raise Invalid(_("Choose a question first."))
    if len(ids) > MOST:
        raise Invalid(_("At most %(most)d questions at once.") % {"most": MOST})
    if len(ids) > 1 and message.action in _ONE_AT_A_TIME:
        raise Invalid(_("Choose a single question for that."))
    return ids


async def _demand_as_seen(turn: Turn, seat: Seat, message: Moderate, ids: list[str]) -> None:
    """Whether each question is as the moderator saw it; what they said nothing of is not looked at."""
    seen = dict(message.versions)
    if message.version is not None:
        seen.setdefault(message.question or ids[0], message.version)
    known = [each for each in (*ids, message.into) if each is not None and each in seen]
    changed = [question for question in await find_questions(turn, known) if question.version != seen[question.id]]
    if not changed:
        return
    if len(ids) == 1 and changed[0].id == ids[0]:
        raise Changed(await who_changed(turn, seat, changed[0]))
    raise Changed(await who_changed_them(turn, seat, changed))


def _demand_kept(question: Question) -> None:
    if question.state == "withdrawn":
        raise Closed(_("The one who asked has withdrawn this question."))


async def _carry_out(turn: Turn, seat: Seat, question: Question, message: Moderate) -> None:
    match message.action:
        case "approve" | "dismiss" | "answer" | "answered":
            await _to_state(turn, seat, question, message.action)
        case "restore":
            await _restore(turn, seat, question)
        case "merge":
            await merge(turn, seat, question, message.into)
        case "place":
            _demand_open(question)
            await place(turn, seat, question, message.before)
        case "undo":
            await undo(turn, seat, question)
        case _:
            with changing(turn, seat, question, message.action):
                _change(turn, question, message)


# From which states an action leads to which.
_TO: dict[str, tuple[frozenset[QuestionState], QuestionState]] = {
    "approve": (frozenset({"waiting", "dismissed"}), "open"),
    "dismiss": (frozenset({"waiting", "open", "answering", "answered"}), "dismissed"),
    "answer": (frozenset({"open", "answered"}), "answering"),
    "answered": (frozenset({"open", "answering"}), "answered"),
}


async def _to_state(turn: Turn, seat: Seat, question: Question, action: str) -> None:
    come_from, state = _TO[action]
    if question.state == state:
        return
    if question.state not in come_from:
        raise _misfit(question)
    if state == "answering":
        # One is answered at a time: whoever goes on to the next is done with the one before.
        for earlier in await questions_in(turn, "answering"):
            with changing(turn, seat, earlier, "answered"):
                earlier.move("answered")
    with changing(turn, seat, question, action):
        _move(question, state)


async def _restore(turn: Turn, seat: Seat, question: Question) -> None:
    if question.state == "merged":
        await unmerge(turn, seat, question, "restore")
        return
    with changing(turn, seat, question, "restore"):
        if question.state == "dismissed":
            _move(question, "waiting")
        elif question.state in PUBLIC:
            _move(question, "open")


def _change(turn: Turn, question: Question, message: Moderate) -> None:
    match message.action:
        case "pin" | "unpin":
            if question.state == "merged":
                raise _misfit(question)
            question.pinned = message.action == "pin"
        case "pick" | "unpick":
            if message.action == "pick":
                _demand_open(question)
            question.picked = message.action == "pick"
        case "label":
            question.labels = labels_of(message.labels)
        case "edit":
            _edit(turn, question, worded(message.text, QUESTION_LENGTH))
        case "note":
            question.note = worded(message.text, NOTE_LENGTH) if message.text.strip() else ""
        case "reply":
            answer_in_writing(question, message.text)


def _edit(turn: Turn, question: Question, text: str) -> None:
    if text != question.text:
        question.original, question.text = question.original or question.text, text
        name = "" if question.anonymous else question.author_name
        question.marks = marks_of(text, name, turn.rules.blocked_words)


def answer_in_writing(question: Question, text: str, by: str = "") -> None:
    """Answers for everybody to read, in the name of the moderators or `by` somebody. Raises `Invalid` or `Closed`."""
    if question.state not in PUBLIC:
        raise Closed(_("Approve the question first: a written answer is shown to everybody."))
    question.reply, question.reply_by = worded(text, REPLY_LENGTH), by
    _move(question, "answered")


def _move(question: Question, state: QuestionState) -> None:
    question.move(state)
    if state != "open":
        # Chosen for the speakers was what is open; the time for it is over.
        question.picked = False


def _demand_open(question: Question) -> None:
    if question.state != "open":
        raise _misfit(question)


def _misfit(question: Question) -> Closed:
    return Closed(_("That does not fit: the question is “%(state)s” by now.") % {"state": state_name(question.state)})
