"""The registration office's own work, beside the requests: offers that lapse, reminders, mailings, forgotten requests.

Any number of processes may do it at the same time: each piece of work is one transaction, and finds nothing left to do
where another process has done it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import delete, select

from summit.core.loops import every
from summit.core.mail.models import Mail
from summit.core.services import Services
from summit.people.models import Person
from summit.registration.inviting import write_invitations
from summit.registration.mailing_letters import write_mailings
from summit.registration.models import Registration, RegistrationRequest
from summit.registration.registering import cancel
from summit.registration.reminders import write_reminders
from summit.registration.setup import lock_setup
from summit.registration.upkeep import House, speaking_of

log = structlog.get_logger()

STEP_SECONDS = 20.0
INVITING_SECONDS = 1.0
OFFERS_AT_ONCE = 20

Work = Callable[[House], Awaitable[int]]
"""One kind of work; gives how many things were done."""


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[None]:
    """Does all of the office's work every few seconds until it is left; calendars are told sooner."""
    settings = services.settings
    house = House(services.db, services.clock, settings.base_url, settings.mail_from)
    async with (
        every(STEP_SECONDS, lambda: do_all(house), "registration office"),
        every(INVITING_SECONDS, lambda: do_all(house, [write_invitations]), "invitations"),
    ):
        yield


async def do_all(house: House, works: Sequence[Work] | None = None) -> None:
    """One round. Work that fails is logged, and does not keep the other from being done."""
    for work in works or WORKS:
        try:
            await work(house)
        except Exception as error:  # the database may be away for a moment; the next round tries again
            log.warning("registration office", work=work.__name__, error=type(error).__name__)


async def lapse_offers(house: House) -> int:
    """Takes seats back that were offered and not accepted in time; each goes to the next who waits."""
    late = (Registration.state == "offered", Registration.offer_until <= house.clock())
    async with house.db.reader() as db:
        summits = list(await db.scalars(select(Registration.summit_id).where(*late).distinct()))
    lapsed = 0
    for summit_id in summits:
        while some := await _lapse_some(house, summit_id):
            lapsed += some
    return lapsed


async def _lapse_some(house: House, summit_id: str) -> int:
    async with house.db.writer() as db:
        office = await house.office(db, summit_id)
        if office is None:
            return 0
        await lock_setup(db, summit_id)
        found = await db.execute(
            select(Registration, Person)
            .join(Person, Person.id == Registration.person_id)
            .where(
                Registration.summit_id == summit_id,
                Registration.state == "offered",
                Registration.offer_until <= office.now,
            )
            .order_by(Registration.offer_until, Registration.id)
            .limit(OFFERS_AT_ONCE)
        )
        with speaking_of(office):
            offers = found.all()
            for registration, person in offers:
                await cancel(db, office, registration, person, what="lapsed")
    return len(offers)


async def forget_requests(house: House) -> int:
    """Forgets what people filled in and never confirmed, and what was confirmed long since."""
    async with house.db.reader() as db:
        expired = RegistrationRequest.expires_at < house.clock()
        if await db.scalar(select(RegistrationRequest.token_hash).where(expired).limit(1)) is None:
            return 0
    async with house.db.writer() as db:
        gone = await db.execute(delete(RegistrationRequest).where(expired))
        # Nor is it to be known any more to whom the link went.
        await db.execute(delete(Mail).where(Mail.kind == "confirm", Mail.secret_until < house.clock()))
    return int(gone.rowcount)  # type: ignore[attr-defined]


WORKS: Sequence[Work] = (lapse_offers, write_reminders, write_mailings, forget_requests)
"""All of it, in the order of a round: what somebody waits for comes first."""
