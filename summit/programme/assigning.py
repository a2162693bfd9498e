"""What an import writes into a row that is there, and what it leaves alone.

What the file says holds. What the formats cannot say stays as it is in Summit: a field listed in `SILENT` is left alone
where the value has nothing in it (a capacity, a stream, a biography from another file), and so are a text's other
languages where the value has it in one language only that was there before. A file that Summit itself wrote says
everything but what is secret (`SECRET`).
"""

from collections.abc import Mapping
from typing import Any

from summit.core.texts import Texts
from summit.programme import values
from summit.programme.models import Session, SessionType, Speaker, Stage, Summit, Theme
from summit.programme.plain import converted, plain

Row = Summit | Stage | Theme | SessionType | Speaker | Session

SILENT: Mapping[type, frozenset[str]] = {
    Summit: frozenset(
        [
            "acronym",
            "zone",
            "version",
            "url",
            "tagline",
            "description",
            "languages",
            "hosts",
            "days",
            "starts_on",
            "ends_on",
            "accent",
            "logo",
            "code_of_conduct",
            "privacy",
        ]
    ),
    Stage: frozenset(["guid", "description", "capacity", "address", "latitude", "longitude", "stream"]),
    Theme: frozenset(["colour", "shape"]),
    SessionType: frozenset(["name"]),
    Speaker: frozenset(["number", "pronouns", "organisation", "biography", "photo"]),
    Session: frozenset(["slug", "level", "capacity", "url", "accessibility", "features"]),
}
SECRET: Mapping[type, frozenset[str]] = {
    Summit: frozenset(["zone"]),
    Stage: frozenset(["stream"]),
    Theme: frozenset(["colour", "shape"]),
}


def differing(row: Row, wanted: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """What of `wanted` is to be written into the row; `whole` says that what is empty there is meant so."""
    silent = (SECRET if whole else SILENT).get(type(row), frozenset())
    found = {}
    for name, value in wanted.items():
        # On the equator or the meridian of Greenwich a coordinate is zero, which says something.
        if not value and not isinstance(value, float) and name in silent:
            continue
        old = getattr(row, name)
        new = _with_other_languages(old, value) if isinstance(value, Texts) and not whole else value
        if old != new and not (name == "days" and _same_days(old, new)):
            found[name] = new
    return found


def links_to_keep(row: Session, value: values.Session, *, whole: bool) -> list[Any]:
    """The session's links as plain JSON: those of the file, and what other programs' files cannot know of.

    These are recordings, and what was uploaded here.
    """
    links = plain(value.links)
    if whole:
        return list(links)
    there = {link["url"] for link in links}
    ours = (one for one in row.links if one.get("type") == "recording" or str(one["url"]).startswith("/"))
    return [*links, *(one for one in ours if one["url"] not in there)]


def _with_other_languages(old: Texts, new: Texts) -> Texts:
    """The formats hold a text in one language, often without saying which: the others are then left alone."""
    if new.keys() == {""} and new[""] in old.values():
        return old
    return Texts({**old, **new}) if len(new) == 1 and "" not in new and new.keys() <= old.keys() else new


def _same_days(old: object, new: object) -> bool:
    """The same moments can be written in several ways."""
    days = tuple[values.Day, ...]
    return converted(old, days) == converted(new, days)
