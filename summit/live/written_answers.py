"""Questions that stayed open, sent to the speakers to be answered in writing: by a mailed link, without signing in."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Closed, Invalid, NotFound, Refused
from summit.core.i18n import _, speaking
from summit.core.ids import new_token
from summit.core.mail.outbox import post
from summit.core.services import Services
from summit.live.answer_mail import Asked, language_for, letter, link_to
from summit.live.finding import find_question
from summit.live.history import changing
from summit.live.live import Live
from summit.live.moderating import answer_in_writing
from summit.live.question_models import PUBLIC, AnswerRequest, Question
from summit.live.rules import rules_of
from summit.live.seats import Place, Seat, authorise
from summit.live.turns import Turn, lock_room
from summit.people.accounts import email_of, name_of
from summit.people.audit import record

VALID = timedelta(days=30)
MOST_AT_ONCE = 10
AGAIN = timedelta(minutes=1)
"""Before that, a second press of the button is the first one once more."""
MAILS = "60/hour"
"""To speakers, from one session."""
ANSWERS = "120/hour"
"""Times that one link may save."""


class RequestOver(Refused):
    """The link has expired, was taken back, or never was one."""

    status = 410
    code = "closed"


async def ask_speakers(
    house: Services, live: Live, seat: Seat, speakers: Sequence[tuple[str, str]], base_url: str
) -> list[Asked]:
    """Mails each of the speakers (name, address) a link to the open questions; an earlier link of theirs ends. Who was
    asked just now is not asked again, nor among those it returns.

    Raises `NotAllowed`, `TooMany`, `Closed` where no question is open, and `Invalid` with the errors of ``name-N`` and
    ``email-N``, by their place from 0.
    """
    place, now = seat.place, live.clock()
    chosen = _checked(speakers)
    for _each in chosen:
        await live.limiter.hit(MAILS, "answer mails", place.session_id)
    asked = []
    async with live.db.writer() as db:
        await authorise(db, seat, "moderator")
        await lock_room(db, place.session_id)
        questions = await unanswered(db, place.session_id)
        if not questions:
            raise Closed(_("There is no open question that the speakers could answer."))
        await db.execute(delete(AnswerRequest).where(AnswerRequest.expires_at < now))
        for name, email in [one for one in chosen if not await _was_asked(db, seat, one[1], now)]:
            token = await _new_request(db, seat, name, email, now)
            asked.append(Asked(name, email, link_to(base_url, place, token)))
            with speaking(await language_for(db, email, place)):
                texts = [question.text for question in questions]
                post(db, letter(house.templates, place, asked[-1], texts, now, now + VALID), live.clock)
        if not asked:
            return []
        names = {"speakers": [name for name, _email in chosen]}
        await record(
            db, place.summit.id, seat.person_id, seat.name, "speakers asked", place.session.code, now, after=names
        )
    return asked


async def take_back(live: Live, seat: Seat, request_id: str) -> None:
    """Ends a speaker's link. Raises `NotAllowed` or `NotFound`."""
    place = seat.place
    async with live.db.writer() as db:
        await authorise(db, seat, "moderator")
        found = await db.get(AnswerRequest, request_id)
        if found is None or found.session_id != place.session_id:
            raise NotFound(_("That link has been taken back already."))
        await db.delete(found)
        before = {"speakers": [found.name]}
        await record(
            db,
            place.summit.id,
            seat.person_id,
            seat.name,
            "speaker's link taken back",
            place.session.code,
            live.clock(),
            before=before,
        )


async def request_for(db: AsyncSession, token: str, now: datetime) -> AnswerRequest:
    """The request behind a link; raises `RequestOver`."""
    valid = select(AnswerRequest).where(AnswerRequest.token_hash == _hash(token), AnswerRequest.expires_at > now)
    found: AnswerRequest | None = await db.scalar(valid)
    if found is None:
        raise RequestOver(_("This link is not valid any more. Ask the organisers for a new one."))
    return found


async def requests_of(db: AsyncSession, session_id: str, now: datetime) -> list[AnswerRequest]:
    """The links of a session that are valid, the first made first."""
    valid = select(AnswerRequest).where(AnswerRequest.session_id == session_id, AnswerRequest.expires_at > now)
    return list(await db.scalars(valid.order_by(AnswerRequest.made_at, AnswerRequest.id)))


async def unanswered(db: AsyncSession, session_id: str) -> list[Question]:
    """The questions in the room that nobody has answered, those that most want to know first."""
    return [question for question in await _public(db, session_id) if question.state != "answered"]


async def answerable(db: AsyncSession, asked: AnswerRequest) -> list[Question]:
    """What a speaker may answer: what is unanswered, and their own answers, to put them right."""
    return [question for question in await _public(db, asked.session_id) if _may_answer(question, asked)]


async def answer(live: Live, place: Place, token: str, question_id: str, text: str) -> None:
    """A speaker's answer, told to the room as a moderator's is; the same once more changes nothing.

    Raises `RequestOver`, `Invalid` for the text, and `Closed` where the question is not theirs to answer any more.
    """
    async with live.in_turn(place.session_id):
        async with live.db.writer() as db:
            room = await lock_room(db, place.session_id)
            asked = await request_for(db, token, live.clock())
            turn = Turn(db, room, live.clock(), await rules_of(db, place.summit.id))
            question = await _theirs(turn, asked, question_id)
            with changing(turn, Seat(place, "", asked.name, "participant", "participants"), question, "reply"):
                answer_in_writing(question, text, asked.name)
            await turn.settle()
        live.publish(turn.outcome)


async def _theirs(turn: Turn, asked: AnswerRequest, question_id: str) -> Question:
    over = Closed(_("This question can't be answered here any more."))
    if asked.session_id != turn.session_id:
        raise over
    try:
        question = await find_question(turn, question_id)
    except NotFound:
        raise over from None
    if question.state not in PUBLIC:
        raise over
    if not _may_answer(question, asked):
        raise Closed(_("This question has been answered meanwhile."))
    return question


def _may_answer(question: Question, asked: AnswerRequest) -> bool:
    is_open = question.state != "answered"
    return question.reply_by == asked.name if question.reply else is_open


async def _public(db: AsyncSession, session_id: str) -> list[Question]:
    wanted = select(Question).where(Question.session_id == session_id, Question.state.in_(PUBLIC))
    return list(await db.scalars(wanted.order_by(Question.votes.desc(), Question.asked_at, Question.id)))


def _checked(speakers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    chosen: dict[str, str] = {}
    errors: dict[str, str] = {}
    for at, (name, email) in enumerate(speakers):
        if not email.strip():
            continue
        try:
            address = email_of(email)
            chosen[address] = name_of(name)
        except Invalid as invalid:
            errors |= {f"{field}-{at}": text for field, text in invalid.errors.items()}
    if not chosen and not errors:
        errors["email-0"] = _("Enter the address of at least one speaker.")
    if errors:
        raise Invalid(errors=errors)
    if len(chosen) > MOST_AT_ONCE:
        raise Invalid(_("At most %(most)d speakers at once.") % {"most": MOST_AT_ONCE})
    return [(name, address) for address, name in chosen.items()]


async def _was_asked(db: AsyncSession, seat: Seat, email: str, now: datetime) -> bool:
    theirs = (AnswerRequest.session_id == seat.place.session_id, AnswerRequest.email == email)
    just_now = select(AnswerRequest.id).where(*theirs, AnswerRequest.made_at > now - AGAIN)
    return await db.scalar(just_now) is not None


async def _new_request(db: AsyncSession, seat: Seat, name: str, email: str, now: datetime) -> str:
    session_id, token = seat.place.session_id, new_token()
    await db.execute(delete(AnswerRequest).where(AnswerRequest.session_id == session_id, AnswerRequest.email == email))
    db.add(
        AnswerRequest(
            session_id=session_id,
            token_hash=_hash(token),
            name=name,
            email=email,
            made_by=seat.person_id,
            made_at=now,
            expires_at=now + VALID,
        )
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
