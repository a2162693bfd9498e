"""What organisers do with several registrations at once, each by the same function as one alone."""

import hashlib
from collections.abc import Sequence
from typing import Literal, get_args

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Changed, Invalid
from summit.core.i18n import _
from summit.people.audit import record
from summit.people.models import Person
from summit.registration import registering
from summit.registration.history import remember
from summit.registration.models import Registration
from summit.registration.office import Office
from summit.registration.organise.registration_list import Sought, found_by
from summit.registration.places import give_seat, tell_standing
from summit.registration.register_forms import wanted_of
from summit.registration.setup import lock_setup

Act = Literal["seat", "cancel", "send", "category"]
ACTS: Sequence[Act] = get_args(Act)
MOST = 5000
_NAMES = {
    "seat": "registrations given seats",
    "cancel": "registrations cancelled",
    "send": "confirmations sent again",
    "category": "registrations changed category",
}


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Which ones: those with these ids, or where there are none, all that are sought."""

    ids: tuple[str, ...] = ()
    sought: Sought = Sought()


async def chosen(db: AsyncSession, summit_id: str, which: Chosen, act: Act) -> Sequence[tuple[Registration, Person]]:
    """Those of them with whom that can be done: who waits first, in their order. Raises `Invalid` for too many."""
    found = found_by(summit_id, which.sought) if not which.ids else found_by(summit_id, Sought())
    if which.ids:
        found = found.where(Registration.id.in_(which.ids[:MOST]))
    # Whoever waits and is cancelled, too, must not get a seat that the others have just given back.
    order = (Registration.turn.is_(None), Registration.turn, Registration.id)
    found = found.where(Registration.state.in_(_STATES[act])).order_by(*order)
    rows = [(one, person) for one, person in await db.execute(found.limit(MOST + 1))]
    if len(rows) > MOST:
        raise Invalid(errors={"": _("At most %(most)d at once. Search for fewer.") % {"most": MOST}})
    return rows


def mark_of(found: Sequence[tuple[Registration, Person]]) -> str:
    """By which it is known whether they are still the same ones."""
    ids = sorted(registration.id for registration, _person in found)
    return hashlib.sha256(" ".join(ids).encode()).hexdigest()[:20]


_STATES: dict[Act, tuple[str, ...]] = {
    "seat": ("waiting", "offered"),
    "cancel": ("registered", "waiting", "offered"),
    "send": ("registered", "waiting"),
    "category": ("registered", "waiting", "offered"),
}


async def act_on(
    db: AsyncSession, office: Office, which: Chosen, act: Act, expected: int, category: str = "", mark: str = ""
) -> int:
    """Does it with all of them, in one transaction; gives with how many.

    Raises `Changed` where they are no longer as many as the organiser was told, or by their `mark` not the same ones,
    and `Invalid` for ``category``.
    """
    setup = await lock_setup(db, office.summit_id)
    found = await chosen(db, office.summit_id, which, act)
    if len(found) != expected or mark not in ("", mark_of(found)):
        raise Changed(_("The registrations have changed since you looked. These are the ones it would be now."))
    if act == "category" and not any(one["key"] == category for one in setup.categories):
        raise Invalid(errors={"category": _("Choose one of these.")})
    for registration, person in found:
        await _act(db, office, registration, person, act, category)
    by = office.by
    if found and by is not None:
        after = {"number": len(found)}
        await record(db, office.summit_id, by.id, by.name, _NAMES[act], str(len(found)), office.now, after=after)
    return len(found)


async def act_on_one(
    db: AsyncSession, office: Office, registration: Registration, person: Person, act: Act, category: str = ""
) -> bool:
    """Does it with one; gives whether that could be done. What the log says has the registration's id, and no name."""
    await lock_setup(db, office.summit_id)
    await db.refresh(registration)
    if registration.state not in _STATES[act]:
        return False
    await _act(db, office, registration, person, act, category)
    if office.by is not None:
        by, after = office.by, {"number": 1}
        await record(db, office.summit_id, by.id, by.name, _NAMES[act], registration.id, office.now, after=after)
    return True


async def _act(
    db: AsyncSession, office: Office, registration: Registration, person: Person, act: Act, category: str
) -> None:
    if act == "seat":
        await give_seat(db, office, registration, person)
    elif act == "cancel":
        await registering.cancel(db, office, registration, person)
    elif act == "send":
        await send_again(db, office, registration, person)
    else:
        wanted = msgspec.structs.replace(wanted_of(registration, person), category=category)
        await registering.change(db, office, registration, person, wanted)


async def send_again(db: AsyncSession, office: Office, registration: Registration, person: Person) -> None:
    """Mails once more what the registration is: the seat, or the place in the waiting list."""
    await tell_standing(db, office, registration, person)
    remember(db, office, registration, "confirmation sent")
