"""Going into a summit that is open to everybody, under a display name: any but those of the people who run it."""

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import Invalid
from summit.core.i18n import _, locale
from summit.core.lookalikes import skeleton
from summit.people.accounts import name_of
from summit.people.models import Device, Grant, Person
from summit.people.roles import grant
from summit.people.sign_in import new_device

_OFFICES = ("moderator", "organiser", "organizer", "organisator", "organisatör", "arrangör", "administrat")
"""In English and Swedish; no name has these in it, in any form of the word."""
_SHORT_OFFICES = ("admin", "host", "värd", "värden", "värdinna")
"""Other names may begin with the letters of these."""


async def enter_as(db: AsyncSession, name: str, summit_id: str, user_agent: str, clock: Clock) -> Device:
    """Makes a person without an address who takes part in that summit, on this browser.

    Raises `Invalid` for `name`, also where it looks like that of somebody who runs the summit.
    """
    shown = name_of(name)
    await _demand_free(db, shown, summit_id)
    person = Person(name=shown, language=locale(), made_at=clock())
    db.add(person)
    await db.flush()
    await grant(db, person, "participant", summit_id, clock)
    return await new_device(db, person.id, user_agent, clock)


def demand_no_office(name: str) -> None:
    """Raises `Invalid` for a name that claims to be that of whoever runs the summit."""
    if _claims_office(name):
        said = _(
            "Names with words such as “moderator”, “organiser” or “host” are for those who run the summit. "
            "Enter your own name. If you run it, sign in with your e-mail address."
        )
        raise Invalid(errors={"name": said})


async def _demand_free(db: AsyncSession, name: str, summit_id: str) -> None:
    demand_no_office(name)
    runs_it = and_(Grant.summit_id == summit_id, Grant.role.in_(("moderator", "organiser")))
    names = await db.scalars(
        select(Person.name).outerjoin(Grant, Grant.person_id == Person.id).where(or_(Person.is_admin, runs_it))
    )
    if _look(name) in {_look(taken) for taken in names}:
        said = _(
            "Somebody who runs this summit has that name, or one that looks like it. If it is you, sign in with your "
            "e-mail address. Else add something of yours: your surname, your place or your organisation."
        )
        raise Invalid(errors={"name": said})


def _claims_office(name: str) -> bool:
    first, whole = _look(name.split()[0]), _look(name)
    return first in map(_look, _SHORT_OFFICES) or any(_look(office) in whole for office in _OFFICES)


def _look(name: str) -> str:
    """The letters of a name as a reader takes them in; all of it, where there is none."""
    look = skeleton(name, figures=True)
    return "".join(letter for letter in look if letter.isalpha()) or look
