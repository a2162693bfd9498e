"""Values of settings, stages, themes and types in words, for showing two of them beside each other."""

from typing import Any

from summit.core.i18n import _
from summit.programme.coordinates import Coordinates
from summit.programme.languages import language_name


def said(field: str, value: Any) -> str:
    """A value as plain JSON, in words: texts by language, lists one thing a line."""
    if value is None or value == "":
        return ""
    if field == "languages":
        return ", ".join(language_name(code) for code in value)
    if field == "coordinates":
        return str(Coordinates(*value))
    if isinstance(value, dict):
        return "\n".join(f"{language_name(code)}: {text}" if code else str(text) for code, text in value.items())
    if isinstance(value, list):
        return "\n".join(_one(item) for item in value)
    return str(value)


def labels() -> dict[str, str]:
    """The names of the fields, as forms have them."""
    return {
        "title": _("Name of the summit"),
        "slug": _("Address"),
        "tagline": _("Tagline"),
        "description": _("Description"),
        "languages": _("Languages of the texts"),
        "starts_on": _("First day"),
        "ends_on": _("Last day"),
        "days": _("Hours of the days"),
        "zone": _("Time zone"),
        "hosts": _("Hosts and partners"),
        "accent": _("Colour"),
        "logo": _("Logo"),
        "code_of_conduct": _("Code of conduct"),
        "privacy": _("Privacy"),
        "break_minutes": _("Shortest break between sessions, in minutes"),
        "name": _("Name"),
        "capacity": _("How many there is room for"),
        "address": _("Address"),
        "coordinates": _("Coordinates"),
        "stream": _("Address of the stream"),
        "kind": _("Kind of stream"),
        "backup": _("Address of the back-up stream"),
        "audio": _("Address of the sound alone"),
        "captions": _("Caption files"),
        "colour": _("Colour"),
        "shape": _("Shape"),
        "minutes": _("Usual minutes"),
    }


def _one(item: Any) -> str:
    if isinstance(item, dict):
        return " · ".join(str(value) for value in item.values() if value)
    return str(item)
