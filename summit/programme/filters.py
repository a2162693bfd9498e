"""What a reader of the programme asked for in the address, and the sessions that fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from summit.core.i18n import _
from summit.core.text import one_line
from summit.programme.published import Published, day_of, days_of
from summit.programme.search import matches
from summit.programme.values import Programme, Session
from summit.programme.zones import city, zone_in_any_case, zone_named

NAMES = ("day", "theme", "stage", "language", "type", "access", "speaker", "q", "view", "tz")
ALL_DAYS = "all"
"""The day that is asked for by whoever wants a large programme on one page."""
_LARGE = 250
_LONGEST_SEARCH = 80
_LONGEST_ECHO = 40


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty means everything. `tz` is empty for the summit's own zone, `speaker` is a public code,
    `access` one of `values.FEATURES`; `day` is `ALL_DAYS` only where the programme is large."""

    day: str = ""
    theme: str = ""
    stage: str = ""
    language: str = ""
    type: str = ""
    access: str = ""
    speaker: str = ""
    q: str = ""
    view: str = ""
    tz: str = ""

    @property
    def narrow(self) -> bool:
        """Whether anything is left out because of them."""
        return bool(self.by_day or self.beside_day)

    @property
    def by_day(self) -> str:
        """The day that is asked for, where it is one."""
        return "" if self.day == ALL_DAYS else self.day

    @property
    def beside_day(self) -> bool:
        """Whether sessions are left out whatever day they are on."""
        return any((self.theme, self.stage, self.language, self.type, self.access, self.speaker, self.q))

    def query(self, **other: str) -> str:
        """As the query of an address, with `other` in place of their namesakes; with its question mark, or empty."""
        wanted = {name: other.get(name, getattr(self, name)) for name in NAMES}
        text = urlencode({name: value for name, value in wanted.items() if value})
        return f"?{text}" if text else ""


def read_filters(query: Mapping[str, str], programme: Programme) -> Filters:
    """What an address asks for. What this programme does not have is left out, as if it had not been asked."""
    zone = zone_named(query.get("tz", ""))
    wanted = {name: query.get(name, "") for name in _KNOWN}
    return Filters(
        **{name: value for name, value in wanted.items() if value and value in _KNOWN[name](programme)},
        q=" ".join(query.get("q", "")[:_LONGEST_SEARCH].split()),
        view="grid" if query.get("view") == "grid" else "",
        tz=zone.key if zone and zone != programme.tz else "",
    )


def not_understood(query: Mapping[str, str], programme: Programme) -> list[str]:
    """What an address asks for and this programme does not have, in sentences that say what is shown instead."""
    said = {
        "day": _("There is no day “%(value)s” here. All days are shown."),
        "theme": _("There is no theme “%(value)s” here. All themes are shown."),
        "stage": _("There is no stage “%(value)s” here. All stages are shown."),
        "language": _("There is no language “%(value)s” here. All languages are shown."),
        "type": _("There is no type “%(value)s” here. All types are shown."),
        "access": _("No session here has “%(value)s”. All sessions are shown."),
        "speaker": _("There is no speaker “%(value)s” here. Everybody is shown."),
        "view": _("There is no view “%(value)s” here. The list is shown."),
        "tz": _("There is no time zone “%(value)s”. Times are in %(zone)s."),
    }
    known: dict[str, Callable[[str], bool]] = {
        "day": lambda value: value == ALL_DAYS or value in _KNOWN["day"](programme),
        "view": lambda value: value in ("list", "grid"),
        "tz": lambda value: bool(zone_in_any_case(value)),
    }
    return [
        sentence % {"value": _echo(value), "zone": city(programme.tz)}
        for name, sentence in said.items()
        if _echo(value := query.get(name, ""))
        and not (known[name](value) if name in known else value in _KNOWN[name](programme))
    ]


def unknown_in(query: Mapping[str, str], programme: Programme) -> list[str]:
    """The names of filters that ask for what this programme does not have."""
    return [name for name in _KNOWN if (value := query.get(name, "")) and value not in _KNOWN[name](programme)]


def chosen(published: Published, filters: Filters) -> list[Session]:
    """The sessions that fit, by time and stage; those without a time come last."""
    programme = published.programme
    unplaced = [session for session in programme.sessions if session.start is None]
    speaker = published.speaker(filters.speaker) if filters.speaker else None
    return [
        session
        for session in (*published.placed, *unplaced)
        if (not filters.theme or session.theme == filters.theme)
        and (not filters.stage or session.stage == filters.stage)
        and (not filters.language or session.language == filters.language)
        and (not filters.type or session.type == filters.type)
        and (not filters.access or filters.access in session.features)
        and (speaker is None or speaker.guid in session.speakers)
        and (not filters.by_day or str(day_of(session, programme)) == filters.day)
        and (not filters.q or matches(published.haystacks[session.code], filters.q))
    ]


def is_large(programme: Programme) -> bool:
    """Whether the whole programme is too much for one page, and there are days to divide it by."""
    return len(programme.sessions) > _LARGE and len(days_of(programme)) > 1


def opening_day(programme: Programme, filters: Filters, today: date | None) -> str:
    """The day that a large programme opens on while nothing is chosen: today's, else the first; else empty."""
    if filters.day or filters.beside_day or not is_large(programme):
        return ""
    days = days_of(programme)
    return str(today if today in days else days[0])


def _days(programme: Programme) -> set[str]:
    return {str(day) for day in days_of(programme)} | ({ALL_DAYS} if is_large(programme) else set())


# Looked up only for what an address asks for.
_KNOWN: dict[str, Callable[[Programme], set[str]]] = {
    "day": _days,
    "theme": lambda programme: {theme.slug for theme in programme.themes},
    "stage": lambda programme: {stage.slug for stage in programme.stages},
    "language": lambda programme: {session.language for session in programme.sessions},
    "type": lambda programme: {session.type for session in programme.sessions},
    "access": lambda programme: {feature for session in programme.sessions for feature in session.features},
    "speaker": lambda programme: {speaker.code or speaker.guid for speaker in programme.speakers},
}


def _echo(value: str) -> str:
    text = one_line(value)
    return text if len(text) <= _LONGEST_ECHO else f"{text[: _LONGEST_ECHO - 1]}…"
