"""Muting and removing people: at once in all their windows, with a reason, in the audit log, and revocable."""

from sqlalchemy import select

from summit.core.errors import Invalid, NotAllowed, NotFound
from summit.core.i18n import _
from summit.core.text import tame
from summit.live.backstage import as_seen, is_nameless
from summit.live.hands import lower
from summit.live.live import Live
from summit.live.models import Sanction, SanctionAction
from summit.live.protocol import Ack, HandChanged, Sanctioned, SetSanction
from summit.live.question_models import Question
from summit.live.rooms import rooms_of
from summit.live.seats import Seat, authorise
from summit.live.standing import standing_of
from summit.live.turns import Turn
from summit.people.audit import record
from summit.people.models import Person
from summit.people.roles import identity_of

REASON_LENGTH = 500
_LIFTS: dict[str, SanctionAction] = {"unmute": "mute", "restore": "remove"}


async def sanction(live: Live, seat: Seat, message: SetSanction) -> Ack:
    """Mutes or removes somebody, or lifts that. Raises `NotAllowed`, `NotFound` or `Invalid`.

    `everywhere` is the whole summit: it is told in all its rooms.
    """
    reason = tame(message.reason)
    if len(reason) > REASON_LENGTH:
        raise Invalid(errors={"reason": _("Use at most %(most)d characters.") % {"most": REASON_LENGTH}})

    async def act(turn: Turn) -> str:
        lifts = message.action in _LIFTS
        await authorise(turn.db, seat, "moderator", everywhere=message.everywhere and not lifts)
        person, question = await _whom(turn, message)
        if lifts:
            found = await _lift(turn, seat, person, question, _LIFTS[message.action])
        else:
            found = await _impose(turn, seat, message, person, question, reason)
        await _tell_person(turn, seat, person)
        return found

    beside = await rooms_of(live, seat.place.summit.id) if message.everywhere or message.action in _LIFTS else ()
    return await live.take_turn(seat, message.ref, act, beside=beside)


async def _whom(turn: Turn, message: SetSanction) -> tuple[Person, Question | None]:
    question: Question | None = None
    person_id = message.person
    if message.question is not None:
        question = await turn.db.scalar(
            select(Question).where(Question.id == message.question, Question.session_id == turn.session_id)
        )
        person_id = question.author_id if question else None
    person = await turn.db.get(Person, person_id) if person_id else None
    if person is None:
        raise NotFound(_("There is no such person here."))
    return person, question


async def _impose(
    turn: Turn, seat: Seat, message: SetSanction, person: Person, question: Question | None, reason: str
) -> str:
    summit_id = seat.place.summit.id
    whom = await identity_of(turn.db, person.id)
    if whom.may("moderator", summit_id, turn.session_id) or (message.everywhere and whom.moderates_any(summit_id)):
        raise NotAllowed(_("Moderators and organisers cannot be muted or removed here."))
    action: SanctionAction = "mute" if message.action == "mute" else "remove"
    made = Sanction(
        summit_id=summit_id,
        session_id=None if message.everywhere else turn.session_id,
        person_id=person.id,
        person_name=person.name,
        question_id=question.id if question else None,
        action=action,
        reason=reason,
        made_by=seat.person_id,
        made_by_name=seat.name,
        made_at=turn.now,
    )
    turn.db.add(made)
    await turn.db.flush()
    await _keep(turn, seat, made, action)
    # The hand would tell whose a nameless question was.
    stays = question is not None and is_nameless(question, turn.rules)
    if hand := None if stays else await lower(turn, person.id):
        turn.tell("moderators", lambda seq: HandChanged(seq, hand))
    await _tell_desks(turn, made)
    return made.id


async def _lift(turn: Turn, seat: Seat, person: Person, question: Question | None, action: SanctionAction) -> str:
    """By a nameless question only what was made by it is lifted, and by the name nothing of that: else it would tell
    whose question it was. What holds in the whole summit stays unless they moderate all of it."""
    nameless = question.id if question is not None and is_nameless(question, turn.rules) else None
    lifted = nameless or person.id
    found = [made for made in await _holding(turn, seat, person, action) if await _by(turn, made) == nameless]
    if not await _moderates_all(turn, seat):
        here = [made for made in found if made.session_id is not None]
        if found and not here:
            raise NotAllowed(_("That holds in the whole summit, so only its other moderators can lift it."))
        found = here
    for made in found:
        made.lifted_at, lifted = turn.now, made.id
        await _keep(turn, seat, made, "unmute" if action == "mute" else "restore")
        await _tell_desks(turn, made)
    return lifted


async def _by(turn: Turn, made: Sanction) -> str | None:
    """The nameless question by which moderators know that sanction; None where they know the person."""
    seen = await as_seen(turn.db, turn.rules, made)
    return seen.question if seen.person is None else None


async def _moderates_all(turn: Turn, seat: Seat) -> bool:
    return (await identity_of(turn.db, seat.person_id)).may("moderator", seat.place.summit.id)


async def _holding(turn: Turn, seat: Seat, person: Person, action: SanctionAction) -> list[Sanction]:
    """The sanctions of that kind that somebody is under here, oldest first."""
    wanted = select(Sanction).where(
        Sanction.summit_id == seat.place.summit.id,
        Sanction.person_id == person.id,
        Sanction.action == action,
        Sanction.lifted_at.is_(None),
        (Sanction.session_id == turn.session_id) | Sanction.session_id.is_(None),
    )
    return list(await turn.db.scalars(wanted.order_by(Sanction.made_at, Sanction.id)))


async def _keep(turn: Turn, seat: Seat, made: Sanction, action: str) -> None:
    where = _("the whole summit") if made.session_id is None else seat.place.session.code
    person = (await as_seen(turn.db, turn.rules, made)).person
    await record(
        turn.db,
        seat.place.summit.id,
        seat.person_id,
        seat.name,
        action,
        f"{person.name if person else made.question_id} ({where})",
        turn.now,
        reason=made.reason,
    )


async def _tell_desks(turn: Turn, made: Sanction) -> None:
    view = await as_seen(turn.db, turn.rules, made)
    for each in (turn, *(turn.beside if made.session_id is None else ())):
        each.tell("moderators", lambda seq: Sanctioned(seq, view))


async def _tell_person(turn: Turn, seat: Seat, person: Person) -> None:
    await turn.db.flush()
    for each in (turn, *turn.beside):
        standing = await standing_of(turn.db, seat.place.summit.id, each.session_id, person.id)
        if standing.is_removed:
            each.outcome.removed.add(person.id)
        else:
            each.tell_mine(person.id, muted=standing.is_muted, mute_reason=standing.reason)
