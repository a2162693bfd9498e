"""Places: who has a seat, who waits for one, and who is next.

Everything here runs under `setup.lock_setup`, so that nobody else takes or frees a seat meanwhile.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.i18n import _, pgettext
from summit.people.models import Person
from summit.people.roles import grant
from summit.registration.history import remember
from summit.registration.invitation_marks import mark
from summit.registration.letters import tell
from summit.registration.models import Registration, RegistrationSetup
from summit.registration.office import Office
from summit.registration.setup import Setup, setup_of, values_of

_AT_ONCE = 200


class Seats:
    """How many seats of each category are taken; an offer holds one."""

    def __init__(self, setup: Setup, taken: Counter[str]) -> None:
        self._setup, self._taken = setup, taken

    def is_free(self, category: str) -> bool:
        """Whether there is one more, in the summit and in the category."""
        if self._setup.capacity is not None and self._taken.total() >= self._setup.capacity:
            return False
        found = self._setup.category(category)
        return found is None or found.capacity is None or self._taken[category] < found.capacity

    @property
    def is_full(self) -> bool:
        """Whether there is none for anybody."""
        return self._setup.capacity is not None and self._taken.total() >= self._setup.capacity

    def take(self, category: str) -> None:
        """Counts one more."""
        self._taken[category] += 1


async def seats_of(db: AsyncSession, summit_id: str, setup: Setup) -> Seats:
    """The seats as they are now."""
    found = await db.execute(
        select(Registration.category, func.count())
        .where(
            Registration.summit_id == summit_id,
            Registration.state.in_(("registered", "offered")),
            # Whoever was erased does not come; that they had registered is still counted elsewhere.
            Registration.erased_at.is_(None),
        )
        .group_by(Registration.category)
    )
    return Seats(setup, Counter(dict(found.all())))


async def take_place(
    db: AsyncSession, office: Office, row: RegistrationSetup, registration: Registration, person: Person
) -> None:
    """Gives the registration a seat, or the last place of the waiting list, and tells the person.

    Whoever waits already had every seat that was free, so a free one is nobody else's.
    """
    if office.by is not None or (await seats_of(db, office.summit_id, values_of(row))).is_free(registration.category):
        await _seat(db, office, registration, person)
        remember(db, office, registration, "registered", category=registration.category)
        await tell(db, office, "registered", person, registration)
        return
    row.last_turn += 1
    registration.state, registration.turn = "waiting", row.last_turn
    await db.flush()
    remember(db, office, registration, "waiting", category=registration.category)
    await tell(db, office, "waiting", person, registration, {"place": str(await place_of(db, registration))})


async def fill(db: AsyncSession, office: Office, row: RegistrationSetup) -> int:
    """Gives the seats that are free to those who wait for them, in order, or offers them; returns to how many.

    To be called after everything that may have freed one.
    """
    setup = values_of(row)
    seats, moved, after = await seats_of(db, office.summit_id, setup), 0, 0
    # Who waits for a full category must not keep others from the seats of theirs: all are looked at, in parts.
    while not seats.is_full and (waiting := await _waiting(db, office.summit_id, after)):
        for registration, person in waiting:
            if seats.is_free(registration.category):
                seats.take(registration.category)
                await _next(db, office, setup, registration, person)
                moved += 1
        after = waiting[-1][0].turn or 0
    return moved


async def _waiting(db: AsyncSession, summit_id: str, after: int) -> Sequence[tuple[Registration, Person]]:
    found = await db.execute(
        select(Registration, Person)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.summit_id == summit_id, Registration.state == "waiting", Registration.turn > after)
        .order_by(Registration.turn)
        .limit(_AT_ONCE)
    )
    return [(registration, person) for registration, person in found]


async def _next(db: AsyncSession, office: Office, setup: Setup, registration: Registration, person: Person) -> None:
    if setup.when_free == "offer":
        registration.state = "offered"
        registration.offer_until = office.now + timedelta(hours=setup.offer_hours)
        registration.changed_at = office.now
        remember(db, office, registration, "offered")
        await tell(db, office, "offered", person, registration)
        return
    await _seat(db, office, registration, person)
    remember(db, office, registration, "moved up")
    await tell(db, office, "seat", person, registration)


async def accept_offer(db: AsyncSession, office: Office, registration: Registration, person: Person) -> None:
    """Makes the seat that was offered the person's own."""
    await _seat(db, office, registration, person)
    remember(db, office, registration, "offer accepted")
    await tell(db, office, "registered", person, registration)


async def give_seat(db: AsyncSession, office: Office, registration: Registration, person: Person) -> None:
    """Gives somebody a seat who waits for one, whether or not there is one left: an organiser's decision."""
    await _seat(db, office, registration, person)
    remember(db, office, registration, "seat given")
    await tell(db, office, "seat", person, registration)


async def tell_standing(db: AsyncSession, office: Office, registration: Registration, person: Person) -> None:
    """Mails what the registration is now: the seat, or the place in the waiting list."""
    if registration.state == "registered":
        await tell(db, office, "registered", person, registration)
    elif registration.state == "waiting":
        await tell(db, office, "waiting", person, registration, {"place": str(await place_of(db, registration))})


async def _seat(db: AsyncSession, office: Office, registration: Registration, person: Person) -> None:
    registration.state, registration.turn, registration.offer_until = "registered", None, None
    registration.changed_at = office.now
    await grant(db, person, "participant", office.summit_id, lambda: office.now)
    await mark(db, office.summit_id, [person.id])
    await db.flush()


async def place_of(db: AsyncSession, registration: Registration) -> int:
    """Which one of those who wait for the same seats they are, from 1; 0 for who does not wait.

    Where the summit has a number of seats all wait for the same ones, else those of one category.
    """
    if registration.state != "waiting" or registration.turn is None:
        return 0
    is_shared = (await setup_of(db, registration.summit_id)).capacity is not None
    ahead = await db.scalar(
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.summit_id == registration.summit_id,
            Registration.state == "waiting",
            true() if is_shared else Registration.category == registration.category,
            Registration.turn < registration.turn,
        )
    )
    return (ahead or 0) + 1


def state_name(state: str) -> str:
    """The state of a registration as people call it."""
    return {
        "registered": _("Registered"),
        "waiting": _("On the waiting list"),
        "offered": _("Offered a seat"),
        "cancelled": pgettext("registration", "Cancelled"),
    }.get(state, state)
