"""How people register to the demo summit; the participant who comes with it has done so."""

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.texts import Texts
from summit.people.models import Person
from summit.programme.plain import plain
from summit.programme.values import Programme
from summit.registration.office import Office
from summit.registration.registering import register
from summit.registration.setup import Category, Consent, Option, Question, lock_setup, usual_categories
from summit.registration.wanted import Wanted

SEATS = 500
CODE = "FJORD2020"
_REGIONS = ("Norrbotten", "Västerbotten", "Örebro län", "Jönköpings län", "Skåne", "Någon annanstans")
_QUESTIONS = (
    Question(
        key="region",
        kind="one",
        name=Texts(sv="Var verkar du?", en="Where do you work?"),
        options=tuple(Option(key=f"r{n}", name=Texts(sv=name)) for n, name in enumerate(_REGIONS)),
    ),
    Question(
        key="hopes",
        kind="long",
        name=Texts(sv="Vad hoppas du få med dig?", en="What do you hope to take home?"),
        help=Texts(sv="Det hjälper oss att förbereda samtalen.", en="It helps us to prepare the sessions."),
    ),
)
_CONSENTS = (
    Consent(
        key="list",
        text=Texts(
            sv="Mitt namn får stå på deltagarlistan som andra deltagare ser.",
            en="My name may be on the list of participants that other participants see.",
        ),
    ),
)


async def open_registration(
    db: AsyncSession, summit_id: str, slug: str, programme: Programme, person: Person, clock: Clock, address: str
) -> None:
    """Sets it up where it has not been, and registers the person."""
    row = await lock_setup(db, summit_id)
    if row.capacity is None and not row.questions:
        row.capacity = SEATS
        row.categories = plain(_categories())
        row.questions, row.consents = plain(_QUESTIONS), plain(_CONSENTS)
    office = Office(summit_id, slug, programme, address, clock(), is_quiet=True)
    await register(db, office, person, Wanted(name=person.name, category="participant"))


def _categories() -> tuple[Category, ...]:
    """The usual ones, and partners by invitation."""
    partner = Category(key="partner", name=Texts(sv="Partner", en="Partner"), access="code", code=CODE, capacity=20)
    return tuple(partner if one.key == "partner" else one for one in usual_categories())
