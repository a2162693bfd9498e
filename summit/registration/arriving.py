"""Somebody registers on the page: at once with the address they are signed in with, by mail with any other."""

from datetime import datetime

from starlette.requests import Request

from summit.core.errors import Closed, Invalid, TooMany
from summit.core.i18n import _
from summit.core.mail.addresses import BadAddress, normalised
from summit.core.services import services
from summit.people.accounts import email_of
from summit.people.identity import identity
from summit.people.models import Person
from summit.people.networks import network_of
from summit.people.sign_in import same_time_for_all
from summit.programme.published import Published
from summit.registration import answers, registering
from summit.registration.office import office_of
from summit.registration.setup import Setup, setup_of
from summit.registration.wanted import Wanted


async def register_now(request: Request, summit: Published, wanted: Wanted) -> bool:
    """Registers whoever is signed in, if it is for them; False where an address has to be confirmed first.

    Raises `Closed`, or `Invalid` by field.
    """
    who, office = identity(request).person, office_of(request, summit)
    if who is None or not who.email or not _is_theirs(who.email, wanted.email):
        return False
    async with services(request).db.writer() as db:
        person = await db.get(Person, who.id)
        if person is None:
            return False
        known = await registering.registration_of(db, summit.id, person.id)
        if known is None or known.state == "cancelled":
            setup = await setup_of(db, summit.id)
            _demand_fitting(setup, office.now, wanted, with_address=False)
        await registering.register(db, office, person, wanted)
    return True


async def ask_by_mail(request: Request, summit: Published, wanted: Wanted) -> None:
    """Mails a link to the address. Nobody can tell from the answer, or its time, whether it is known.

    Raises `Closed`, `Invalid` by field, and `TooMany` by address and by network, known or not.
    """
    house, who, office = services(request), identity(request).person, office_of(request, summit)
    async with house.db.reader() as db:
        setup = await setup_of(db, summit.id)
    _demand_fitting(setup, office.now, wanted, with_address=True)
    async with same_time_for_all():
        await house.limiter.hit(house.settings.enter_limit, "register-network", network_of(request))
        address = email_of(wanted.email)
        await house.limiter.hit(house.settings.sign_in_limit, "register", network_of(request), address)
        try:
            await house.limiter.hit(house.settings.sign_in_limit, "register", address)
        except TooMany:
            # Others have asked for mail to that address: whoever asks now must not learn that, and it has enough.
            return
        async with house.db.writer() as db:
            guest_id = who.id if who is not None and not who.email else None
            await registering.ask(db, office, wanted, guest_id)


def _is_theirs(own: str, typed: str) -> bool:
    try:
        return not typed.strip() or normalised(typed) == own
    except BadAddress:
        return False


def _demand_fitting(setup: Setup, now: datetime, wanted: Wanted, *, with_address: bool) -> None:
    """Raises what `registering` would, before anything is written."""
    if (door := setup.door(now)) != "open":
        raise Closed(registering.why_closed(door))
    try:
        answers.checked(setup, wanted, with_address=with_address)
    except Invalid as invalid:
        if answers.offered(setup, wanted.code):
            raise
        said = invalid.errors.get("code") or _("Enter the code from your invitation.")
        raise Invalid(errors={"code": said}) from invalid
