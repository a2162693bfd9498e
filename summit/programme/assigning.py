"""What an import writes into a row that is there, and what it leaves alone.

What the file says holds. What the formats cannot say stays as it is in Summit: a field listed in `SILENT` is left alone
where the value has nothing in it (a capacity, a stream, a biography from another file), and so are a text's other
languages where the value has it in one language only that was there before.
"""

from collections.abc import Mapping
from typing import Any

from summit.core.texts import Texts
from summit.programme.models import Session, Speaker, Stage, Summit, Theme

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
        ]
    ),
    Stage: frozenset(["guid", "description", "capacity", "stream"]),
    Theme: frozenset(["colour", "shape"]),
    Speaker: frozenset(["number", "pronouns", "organisation", "biography", "photo"]),
    Session: frozenset(["slug", "level", "capacity", "url", "accessibility"]),
}


def assign(row: Summit | Stage | Theme | Speaker | Session, wanted: Mapping[str, Any]) -> tuple[str, ...]:
    """Sets what differs, and gives the names of what that was."""
    changed = []
    for name, value in wanted.items():
        if not value and name in SILENT[type(row)]:
            continue
        old = getattr(row, name)
        if isinstance(value, Texts):
            value = _with_other_languages(old, value)
        if old != value:
            setattr(row, name, value)
            changed.append(name.removesuffix("_id"))
    return tuple(changed)


def _with_other_languages(old: Texts, new: Texts) -> Texts:
    """The formats hold a text in one language: the others are then left alone."""
    return Texts({**old, **new}) if len(new) == 1 and "" not in new and new.keys() <= old.keys() else new
