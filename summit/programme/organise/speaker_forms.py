"""The form of a speaker: what it shows, what was typed into it, and what that says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from summit.core.i18n import _
from summit.core.texts import Texts
from summit.programme import values
from summit.programme.editing.speakers import SpeakerEdit
from summit.programme.editing.texts import texts_from
from summit.programme.organise.session_forms import line_of, moment_from

_LINES = ("name", "pronouns", "organisation", "email")


@dataclass(frozen=True)
class SpeakerForm:
    """Everything in the form, as it is typed. `photo` is an address; `availability` has local times, from and until."""

    lines: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(_LINES, ""))
    biography: Texts = field(default_factory=Texts)
    photo: str = ""
    availability: tuple[tuple[str, str], ...] = ()


def kept(plain: Mapping[str, Any], zone: ZoneInfo) -> SpeakerForm:
    """What is known of somebody, by `plain_speaker`, as the form shows it in the summit's zone."""

    def local(moment: str) -> str:
        return datetime.fromisoformat(moment).astimezone(zone).strftime("%Y-%m-%dT%H:%M")

    return SpeakerForm(
        lines={name: plain[name] for name in _LINES},
        biography=Texts(plain["biography"]),
        photo=plain["photo"],
        availability=tuple((local(span["start"]), local(span["end"])) for span in plain["availability"]),
    )


def typed(form: FormData) -> SpeakerForm:
    """What was sent. Empty rows are left out."""
    rows = zip(form.getlist("from"), form.getlist("until"), strict=False)
    times = [(start.strip(), end.strip()) for start, end in rows if isinstance(start, str) and isinstance(end, str)]
    return SpeakerForm(
        lines={name: line_of(form, name) for name in _LINES},
        biography=texts_from(form, "biography"),
        photo="" if "no_photo" in form else line_of(form, "photo"),
        availability=tuple(row for row in times if any(row)),
    )


def edit_of(form: SpeakerForm, zone: ZoneInfo) -> tuple[SpeakerEdit, dict[str, str]]:
    """What the form says of somebody, and what cannot be understood in it, by field."""
    errors: dict[str, str] = {}
    spans = []
    for row in form.availability:
        start, end = (_moment(text, zone, errors) for text in row)
        if start is not None and end is not None:
            spans.append(values.Span(start=start, end=end))
    edit = SpeakerEdit(**form.lines, biography=form.biography, photo=form.photo, availability=tuple(spans))
    return edit, errors


def _moment(text: str, zone: ZoneInfo, errors: dict[str, str]) -> datetime | None:
    day, _sign, clock = text.replace(" ", "T").partition("T")
    wrong: dict[str, str] = {}
    moment = moment_from(day, clock, zone, wrong)
    if moment is None:
        errors.setdefault("availability", next(iter(wrong.values()), _("Enter both times, from and until.")))
    return moment
