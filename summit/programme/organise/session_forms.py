"""The form of a session: what it shows, what was typed into it, and what that says of the session."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET
from starlette.datastructures import FormData

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.texts import Texts
from summit.programme import values
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.texts import texts_from
from summit.programme.plain import converted
from summit.programme.years import is_of_our_time, other_years

RECORDING = "recording"
_TEXTS = ("title", "subtitle", "abstract", "description", "accessibility")
_LINES = ("type", "language", "level", "stage", "theme", "url", "logo", "licence", "notes")
_FIGURES = ("date", "time", "minutes", "capacity")


@dataclass(frozen=True)
class SessionForm:
    """Everything in the form, as it is typed: texts by language, lines and figures by name.

    `late` says that a session after midnight belongs to the evening before. `recording` stands apart from the other
    `links`; `recording_at` is its place among them, so that saving changes no order. `zone` is that of the
    times, as the form showed them.
    """

    texts: Mapping[str, Texts] = field(default_factory=lambda: {name: Texts() for name in _TEXTS})
    lines: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys((*_LINES, *_FIGURES), ""))
    late: bool = False
    do_not_record: bool = False
    features: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    links: tuple[values.Link, ...] = ()
    recording: str = ""
    recording_title: str = ""
    recording_at: int = 0
    zone: str = ""


class Placement(NamedTuple):
    """When and where: `start` is aware, None for the tray; `minutes` None where none are given; `stage` a slug."""

    start: datetime | None
    minutes: int | None
    stage: str


def kept(plain: Mapping[str, Any], zone: ZoneInfo) -> SessionForm:
    """What is known of a session, by `plain_session`, as the form shows it in the summit's zone."""
    start = datetime.fromisoformat(plain["start"]).astimezone(zone) if plain["start"] else None
    links = converted(plain["links"], tuple[values.Link, ...])
    at = next((n for n, link in enumerate(links) if link.type == RECORDING), len(links))
    recording = links[at] if at < len(links) else None
    return SessionForm(
        texts={name: Texts(plain[name]) for name in _TEXTS},
        lines={name: plain[name] for name in _LINES}
        | {
            "date": start.date().isoformat() if start else "",
            "time": start.strftime("%H:%M") if start else "",
            "minutes": str(plain["minutes"] or ""),
            "capacity": str(plain["capacity"] or ""),
        },
        late=start is not None and plain["day"] is not None and plain["day"] < start.date().isoformat(),
        do_not_record=plain["do_not_record"],
        features=tuple(plain["features"]),
        speakers=tuple(plain["speakers"]),
        links=links[:at] + links[at + 1 :],
        recording=recording.url if recording else "",
        recording_title=recording.title if recording else "",
        recording_at=at,
        zone=zone.key,
    )


def typed(form: FormData) -> SessionForm:
    """What was sent. Empty rows are left out."""
    lines = {name: line_of(form, name) for name in (*_LINES, *_FIGURES)}
    at = line_of(form, "recording.at")
    return SessionForm(
        texts={name: texts_from(form, name) for name in _TEXTS},
        lines=lines,
        late="late" in form,
        do_not_record="do_not_record" in form,
        features=tuple(one for one in form.getlist("features") if isinstance(one, str)),
        speakers=tuple(one for one in form.getlist("speakers") if isinstance(one, str) and one),
        links=tuple(_links(form)),
        recording=line_of(form, "recording"),
        recording_title=line_of(form, "recording.title"),
        recording_at=int(at) if at.isdecimal() and len(at) < 4 else 0,
        zone=line_of(form, "zone"),
    )


def line_of(form: FormData, name: str) -> str:
    """A text of the form, without space around it; empty where there is none, or a file."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def edit_of(
    form: SessionForm, zone: ZoneInfo, *, shown: SessionForm | None = None
) -> tuple[SessionEdit, dict[str, str]]:
    """What the form says of the session, and what cannot be understood in it, by field.

    `shown` is what the form shows of the session as it is now; None for a new one, which without a length gets that of
    its type. A time that was left as it is shown stays exactly as it is: forms know neither seconds nor which of the
    two it is where clocks go back.
    """
    is_new = shown is None
    errors: dict[str, str] = {}
    place = Placement(None, None, form.lines["stage"])
    try:
        place = placement_from(form.lines, zone)
    except Invalid as wrong:
        errors |= wrong.errors
    if not form.lines["minutes"] and not is_new:
        errors["minutes"] = _("Enter how many minutes it takes.")
    if form.lines["date"] and form.zone and form.zone != zone.key:
        changed = _(
            "The summit's time zone has become %(zone)s since you opened this page. Check the time and save again."
        )
        errors["date"] = changed % {"zone": zone.key}
    capacity = _figure(form.lines["capacity"], "capacity", errors)
    fields: dict[str, Any] = {name: form.lines[name] for name in _LINES} | dict(form.texts)
    if place.minutes is not None:
        fields["minutes"] = place.minutes
    edit = SessionEdit(
        **fields
        | {
            "start": place.start,
            "day": _day(place.start, zone, is_late=form.late, errors=errors),
            "capacity": capacity,
            "features": cast(tuple[values.Feature, ...], form.features),
            "speakers": form.speakers,
            "links": _with_recording(form),
            "do_not_record": form.do_not_record,
        }
    )
    if shown is not None and not errors and _when(form) == _when(shown):
        edit = msgspec.structs.replace(edit, start=UNSET, day=UNSET)
    return edit, errors


def _when(form: SessionForm) -> tuple[str, str, bool]:
    return form.lines["date"], form.lines["time"], form.late


def placement_from(form: Mapping[str, Any], zone: ZoneInfo) -> Placement:
    """The fields `date`, `time`, `minutes` and `stage` of a form, in the summit's zone.

    Raises `Invalid` by field. Of a time that comes twice, when clocks go back, it is the first.
    """
    errors: dict[str, str] = {}
    start = moment_from(str(form.get("date", "")), str(form.get("time", "")), zone, errors)
    minutes = _figure(str(form.get("minutes", "")), "minutes", errors)
    if errors:
        raise Invalid(errors=errors)
    return Placement(start, minutes, str(form.get("stage", "")).strip())


def moment_from(
    day: str, clock: str, zone: ZoneInfo, errors: dict[str, str], names: tuple[str, str] = ("date", "time")
) -> datetime | None:
    """The moment of a date and a time of day as browsers send them; None where both are empty.

    What is wrong goes into `errors`, under the field's name of the two `names`.
    """
    day, clock = day.strip(), clock.strip().replace(".", ":")
    if not day and not clock:
        return None
    if not day or not clock:
        missing = _("Enter the day, too.") if not day else _("Enter the time, too.")
        errors[names[0 if not day else 1]] = missing
        return None
    found_day, found_time = _date(day), _time(clock)
    if found_day is None:
        errors[names[0]] = _("That is no date. Write it as in 2026-11-25.")
    elif not is_of_our_time(found_day):
        errors[names[0]] = other_years()
        return None
    if found_time is None:
        errors[names[1]] = _("That is no time. Write it as in 09:30.")
    if found_day is None or found_time is None:
        return None
    moment = datetime.combine(found_day, found_time, zone)
    if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
        errors[names[1]] = _("The clocks go forward then, so that this time does not exist that day. Choose another.")
        return None
    return moment


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text if ":" in text[1:] else "")
    except ValueError:
        return None
    return found.replace(second=0, microsecond=0) if found.tzinfo is None else None


def _figure(text: str, name: str, errors: dict[str, str]) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        errors[name] = _("Enter a whole number, or nothing.")
        return None
    return int(text)


def _day(start: datetime | None, zone: ZoneInfo, *, is_late: bool, errors: dict[str, str]) -> date | None:
    if start is None:
        return None
    local = start.astimezone(zone)
    if is_late and local.hour >= 12:
        errors.setdefault("late", _("Only what begins after midnight can belong to the evening before."))
    return local.date() - timedelta(days=is_late)


def _with_recording(form: SessionForm) -> tuple[values.Link, ...]:
    if not form.recording:
        return form.links
    recording = values.Link(url=form.recording, title=form.recording_title, type=RECORDING)
    at = min(form.recording_at, len(form.links))
    return (*form.links[:at], recording, *form.links[at:])


def _links(form: FormData) -> Iterable[values.Link]:
    rows = zip(*(form.getlist(f"link.{name}") for name in ("url", "title", "kind", "type")), strict=False)
    for url, title, kind, sort in rows:
        if not (isinstance(url, str) and isinstance(title, str) and (url.strip() or title.strip())):
            continue
        is_attachment = kind == "attachment"
        yield values.Link(
            url=url.strip(), title=title.strip(), kind="attachment" if is_attachment else "link", type=str(sort)
        )
