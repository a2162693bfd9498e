"""An entry of the audit log in words: what was changed, from what to what."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from summit.core.i18n import _, clock_time, date_span, short_date
from summit.people.audit_words import field_name, value_name
from summit.people.models import AuditEntry
from summit.people.names import Words

LONG = 140
"""Letters: of longer texts a page shows the beginning, and the rest on demand."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LANGUAGE = re.compile(r"([a-z]{2,3}(-[A-Za-z0-9]+)*)?")
_SHORT = 100


@dataclass(frozen=True)
class Change:
    """One value, or a text in one language (`lang`, else empty), that was changed: what it was and what it became."""

    name: str
    lang: str
    before: str
    after: str


@dataclass(frozen=True)
class InWords:
    """Tells values for a reader: moments in that zone, slugs and codes as `words` has them."""

    zone: tzinfo
    words: Words

    def changes(self, entry: AuditEntry) -> list[Change]:
        """What was changed, field by field, texts language by language."""
        names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
        found = [
            change for name in names for change in self._of_field(name, entry.before.get(name), entry.after.get(name))
        ]
        return [change for change in found if change.before != change.after]

    def _of_field(self, name: str, before: Any, after: Any) -> Iterable[Change]:
        if any(_is_texts(each) for each in (before, after)):
            then, now = (each if isinstance(each, Mapping) else {} for each in (before, after))
            for lang in [*then, *(each for each in now if each not in then)]:
                yield Change(field_name(name), lang, str(then.get(lang, "")), str(now.get(lang, "")))
        else:
            yield Change(field_name(name), "", self._said(name, before), self._said(name, after))

    def _said(self, name: str, value: Any) -> str:
        """A value for people to read; a sign for yes and no, which needs no language."""
        if isinstance(value, bool):
            return "✓" if value else "–"
        if value is None:
            return ""
        if isinstance(value, str):
            return self._word(name, value)
        if isinstance(value, Mapping):
            return self._thing(name, value)
        if isinstance(value, Iterable):
            several = [self._said(name, part) for part in value]
            return "; ".join(several) if several or name != "sessions" else _("All sessions")
        return json.dumps(value, ensure_ascii=False)

    def _word(self, name: str, value: str) -> str:
        if _MOMENT.fullmatch(value):
            return self.moment(datetime.fromisoformat(value))
        if _DAY.fullmatch(value):
            return _day(value)
        return self.words.get(name, {}).get(value) or value_name(name, value)

    def _thing(self, name: str, value: Mapping[str, Any]) -> str:
        """A link as its title and address, a span as two moments, a host as its name and address; else part by part."""
        if {"start", "end"} <= value.keys():
            span = f"{self._said(name, value['start'])} – {self._said(name, value['end'])}"
            return f"{self._said(name, value['date'])}: {span}" if value.get("date") else span
        label, address = value.get("title") or value.get("name"), value.get("url")
        if label and isinstance(label, str):
            return f"{label} ({address})" if address else label
        if address and isinstance(address, str):
            return address
        return " · ".join(
            f"{field_name(part)}: {self._said(part, each)}" if part else self._said(part, each)
            for part, each in value.items()
        )

    def moment(self, moment: datetime) -> str:
        """``Tue 10 Nov 2026 09:30``, in the zone."""
        local = moment.astimezone(self.zone)
        return f"{short_date(local.date())} {local.year} {clock_time(moment, self.zone)}"


def beginning(text: str) -> str:
    """The first words of a long text; empty for one that is short."""
    if len(text) <= LONG:
        return ""
    return text[:_SHORT].rsplit(" ", 1)[0].rstrip() + " …"


def _is_texts(value: Any) -> bool:
    """Whether it is a text by language."""
    return (
        isinstance(value, Mapping)
        and bool(value)
        and all(isinstance(lang, str) and _LANGUAGE.fullmatch(lang) for lang in value)
        and all(isinstance(text, str) for text in value.values())
        and not value.keys() & {"url", "name", "key", "end", "day"}
    )


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return date_span(day, day)
