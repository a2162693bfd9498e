"""Where a session stands in the schedule, as forms and the editor say it: day, time, length and stage."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.programme import values
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.years import is_of_our_time, other_years

_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::\d{2})?")


@dataclass(frozen=True)
class Placement:
    """As fields of a form hold it; an empty day means that the session waits in the tray."""

    day: str = ""
    time: str = ""
    minutes: str = ""
    stage: str = ""

    @classmethod
    def of(cls, session: values.Session, zone: ZoneInfo) -> "Placement":
        """Where the session stands, by the clock in the summit's zone."""
        if session.start is None:
            return cls(minutes=str(session.minutes), stage=session.stage)
        start = session.start.astimezone(zone)
        day = session.day or start.date()
        return cls(day.isoformat(), start.strftime("%H:%M"), str(session.minutes), session.stage)


def read_placement(form: Mapping[str, str], head: values.Programme) -> SessionEdit:
    """What a form says: `day`, `time`, `minutes`, `stage`; raises `Invalid` by field.

    What is not sent stays as it is. A script may send the moment as `start` (RFC 3339) in place of the time: it is also
    exact in the hour that clocks repeat in autumn.
    """
    errors: dict[str, str] = {}
    start, day = UNSET, None  # type: tuple[datetime | UnsetType | None, date | None]
    try:
        start, day = _moment(form, head)
    except Invalid as invalid:
        errors |= invalid.errors
    minutes: int | UnsetType = UNSET
    if given := form.get("minutes", "").strip():
        if given.isascii() and given.isdecimal() and len(given) < 6:
            minutes = int(given)
        else:
            errors["minutes"] = _("Enter the length in whole minutes, such as 45.")
    if errors:
        raise Invalid(errors=errors)
    return SessionEdit(
        start=start,
        day=day if start else UNSET,
        minutes=minutes,
        stage=form["stage"].strip() if "stage" in form else UNSET,
    )


def _moment(form: Mapping[str, str], head: values.Programme) -> tuple[datetime | UnsetType | None, date | None]:
    """The moment and the programme day; None for the tray."""
    if not {"day", "start"} & form.keys():
        return UNSET, None
    if not form.get("day", "").strip():
        return None, None
    try:
        day = date.fromisoformat(form["day"].strip())
    except ValueError:
        raise Invalid(errors={"day": _("Choose a day from the list.")}) from None
    if not is_of_our_time(day):
        raise Invalid(errors={"day": other_years()})
    if moment := form.get("start", "").strip():
        return _exactly(moment), day
    typed = form.get("time", "").strip()
    if not typed:
        raise Invalid(errors={"time": _("Enter a time, or choose “Not placed” as the day.")})
    return start_of(day, _clock(typed), head), day


def start_of(day: date, clock: time, head: values.Programme) -> datetime:
    """That time on a day of the programme, in UTC: after midnight where the day stays open that long.

    Raises `Invalid` where clocks go forward over it. Where they go back it is the first of the two.
    """
    zone, hours = head.tz, next((one for one in head.days if one.date == day), None)
    on = day
    if hours is not None:
        opens, closes = (moment.astimezone(zone).replace(tzinfo=None) for moment in (hours.start, hours.end))
        night = datetime.combine(day + timedelta(days=1), clock)
        if datetime.combine(day, clock) < opens and night < closes:
            on = night.date()
    start = datetime.combine(on, clock, zone)
    moment = start.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != start.replace(tzinfo=None):
        message = _("There is no %(time)s that day: the clocks go forward over it.")
        raise Invalid(errors={"time": message % {"time": clock.strftime("%H:%M")}})
    return moment


def _exactly(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise Invalid(errors={"time": _("Enter a time of day, such as 09:30.")})
    if not is_of_our_time(moment):
        raise Invalid(errors={"time": other_years()})
    return moment.astimezone(UTC)


def _clock(text: str) -> time:
    found = _TIME.fullmatch(text)
    try:
        return time(int(found[1]), int(found[2])) if found else time.fromisoformat("")
    except ValueError:
        raise Invalid(errors={"time": _("Enter a time of day, such as 09:30.")}) from None
