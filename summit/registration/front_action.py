"""What the front page of a summit offers first: to register, while one can and has not."""

from starlette.requests import Request

from summit.core.i18n import _, clock_time, long_date
from summit.core.services import services
from summit.people.identity import identity
from summit.programme.pages import FrontAction
from summit.programme.published import Published
from summit.registration.register_sheet import is_over, sheet_of
from summit.registration.registering import registration_of


async def register_action(request: Request, summit: Published) -> FrontAction | None:
    """The way to the form or to the waiting list, or to one's own page for who waits; None for who has a seat."""
    house, person, home = services(request), identity(request).person, f"/{summit.slug}"
    async with house.db.reader() as db:
        sheet = await sheet_of(db, summit, house.clock())
        known = await registration_of(db, summit.id, person.id) if person else None
    if known is not None and known.state == "registered":
        return None
    if known is not None and known.state != "cancelled" and sheet.door != "over":
        return FrontAction(f"{home}/me", _("My registration"))
    if sheet.door == "not_yet" and sheet.setup.opens_at:
        opens, tz = sheet.setup.opens_at, summit.programme.tz
        day, time = long_date(opens.astimezone(tz).date()), clock_time(opens, tz)
        return FrontAction("", "", _("Registration opens: %(day)s, %(time)s") % {"day": day, "time": time})
    # Whoever has the address may still come to the recordings; nobody is called to what is over.
    if sheet.door != "open" or is_over(summit, house.clock()) or not (sheet.choices or sheet.has_codes):
        return None
    return FrontAction(f"{home}/register", _("Join the waiting list") if sheet.is_full else _("Register"))
