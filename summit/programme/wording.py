"""Changes of a programme in words: values of the draft, as plain JSON, for a person who decides about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from summit.core.i18n import _, clock_time, short_date
from summit.programme.differences import FromTo
from summit.programme.features import feature_name
from summit.programme.kinds import kind_name

_LISTS = ("links", "hosts", "captions")
_DAYS = ("day", "starts_on", "ends_on")


@dataclass
class Names:
    """What rows are called: stages and themes by slug, speakers by code."""

    stages: dict[str, str] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)
    speakers: dict[str, str] = field(default_factory=dict)


def field_name(name: str) -> str:
    """What organisers call a field."""
    return {
        "title": _("Title"),
        "subtitle": _("Subtitle"),
        "abstract": _("Abstract"),
        "description": _("Description"),
        "type": _("Type"),
        "language": _("Language"),
        "languages": _("Languages"),
        "level": _("Level"),
        "stage": _("Stage"),
        "theme": _("Theme"),
        "start": _("Start"),
        "minutes": _("Minutes"),
        "day": _("Day"),
        "days": _("Days"),
        "state": _("State"),
        "capacity": _("Places"),
        "speakers": _("Speakers"),
        "links": _("Links and hand-outs"),
        "url": _("Web address"),
        "logo": _("Picture"),
        "photo": _("Photo"),
        "accessibility": _("Accessibility notes"),
        "features": _("Accessibility"),
        "licence": _("Licence of the recording"),
        "do_not_record": _("Not recorded"),
        "slug": _("Name in files"),
        "number": _("Number"),
        "guid": _("Identifier"),
        "name": _("Name"),
        "pronouns": _("Pronouns"),
        "organisation": _("Organisation"),
        "biography": _("Biography"),
        "address": _("Address"),
        "coordinates": _("Coordinates"),
        "stream": _("Stream"),
        "kind": _("Kind of stream"),
        "backup": _("Back-up stream"),
        "audio": _("Sound only"),
        "captions": _("Captions"),
        "colour": _("Colour"),
        "shape": _("Shape"),
        "acronym": _("Acronym"),
        "zone": _("Time zone"),
        "version": _("Version"),
        "tagline": _("Tagline"),
        "hosts": _("Hosts and partners"),
        "accent": _("Colour"),
        "code_of_conduct": _("Code of conduct"),
        "privacy": _("Privacy"),
        "starts_on": _("First day"),
        "ends_on": _("Last day"),
        "slot_minutes": _("Minutes of a slot"),
    }.get(name, name)


def changes_in_words(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Names, zone: ZoneInfo
) -> tuple[FromTo, ...]:
    """From what to what, field by field; of texts in several languages only what changed."""
    found: list[FromTo] = []
    for name, new in after.items():
        old = before.get(name)
        if _is_texts(old) and _is_texts(new):
            found += _texts(name, old or {}, new or {})
        elif name in _LISTS:
            found.append(FromTo(name, _listed(old or [], new or []), _listed(new or [], old or [])))
        else:
            found.append(FromTo(name, _said(name, old, names, zone), _said(name, new, names, zone)))
    return tuple(found)


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def _texts(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FromTo]:
    several = len(old.keys() | new.keys()) > 1
    for lang in dict.fromkeys((*old, *new)):
        if old.get(lang) != new.get(lang):
            mark = f"{lang}: " if several and lang else ""
            yield FromTo(name, *(f"{mark}{texts[lang]}" if lang in texts else "" for texts in (old, new)))


def _said(name: str, value: Any, names: Names, zone: ZoneInfo) -> str:
    if value is None or value in ("", [], {}):
        return ""
    match name:
        case "start":
            at = datetime.fromisoformat(value).astimezone(zone)
            return f"{short_date(at.date())} {clock_time(at, zone)}"
        case "stage":
            return names.stages.get(str(value), str(value))
        case "theme":
            return names.themes.get(str(value), str(value))
        case "speakers":
            return ", ".join(names.speakers.get(code, code) for code in value)
        case "state":
            return _("Cancelled") if value == "cancelled" else _("Takes place")
        case "type":
            return kind_name(value)
        case "features":
            return ", ".join(feature_name(one) for one in value)
        case "days":
            return ", ".join(_day(one, zone) for one in value)
    if name in _DAYS:
        return short_date(date.fromisoformat(value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)


def _day(day: Mapping[str, str], zone: ZoneInfo) -> str:
    start, end = (datetime.fromisoformat(day[bound]) for bound in ("start", "end"))
    return f"{short_date(date.fromisoformat(day['date']))} {clock_time(start, zone)}–{clock_time(end, zone)}"


def _listed(parts: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> str:
    """What links, hosts or caption files are called; with all the rest where others of that name are not the same."""
    known = {_called(other): other for other in others}

    def said(part: Mapping[str, Any]) -> str:
        name = _called(part)
        if known.get(name, part) == part:
            return name
        rest = ", ".join(str(value) for value in part.values() if value and value != name)
        return f"{name} ({rest})" if rest else name

    return ", ".join(map(said, parts))


def _called(part: Mapping[str, Any]) -> str:
    return str(next((part[name] for name in ("title", "name", "label", "url") if part.get(name)), ""))
