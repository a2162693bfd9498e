"""What a reader of the programme asked for in the address, and the choices that lead on from there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode
from zoneinfo import available_timezones

from summit.core.i18n import _, locale, short_date
from summit.core.text import one_line
from summit.programme.kinds import kind_name
from summit.programme.languages import language_name
from summit.programme.published import Published
from summit.programme.search import matches
from summit.programme.values import Programme, Session
from summit.programme.zones import city, zone_named

NAMES = ("day", "theme", "stage", "language", "type", "q", "view", "tz")
_LONGEST_SEARCH = 80
_LONGEST_ECHO = 40


@dataclass(frozen=True)
class Filters:
    """What is asked for; empty means everything. `tz` is empty for the summit's own zone."""

    day: str = ""
    theme: str = ""
    stage: str = ""
    language: str = ""
    type: str = ""
    q: str = ""
    view: str = ""
    tz: str = ""

    @property
    def narrow(self) -> bool:
        """Whether anything is left out because of them."""
        return any((self.day, self.theme, self.stage, self.language, self.type, self.q))

    def query(self, **other: str) -> str:
        """As the query of an address, with `other` in place of their namesakes; with its question mark, or empty."""
        wanted = {name: other.get(name, getattr(self, name)) for name in NAMES}
        text = urlencode({name: value for name, value in wanted.items() if value})
        return f"?{text}" if text else ""


@dataclass(frozen=True)
class Option:
    """One choice: its address keeps all other filters."""

    value: str
    label: str
    url: str
    current: bool
    colour: str = ""
    shape: str = ""


def read_filters(query: Mapping[str, str], programme: Programme) -> Filters:
    """What an address asks for. What this programme does not have is left out, as if it had not been asked."""
    zone = zone_named(query.get("tz", ""))
    return Filters(
        **{name: value for name, known in _known(programme).items() if (value := query.get(name, "")) in known},
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
        "view": _("There is no view “%(value)s” here. The list is shown."),
        "tz": _("There is no time zone “%(value)s”. Times are in %(zone)s."),
    }
    known = _known(programme) | {"view": {"list", "grid"}}
    return [
        sentence % {"value": _echo(value), "zone": city(programme.tz)}
        for name, sentence in said.items()
        if _echo(value := query.get(name, ""))
        and not (zone_in_any_case(value) if name == "tz" else value in known[name])
    ]


def zone_in_any_case(name: str) -> str:
    """``america/new_york`` as the IANA database spells it; empty where there is no such zone."""
    zone = zone_named(name)
    return zone.key if zone else _spellings().get(name.lower(), "")


def chosen(published: Published, filters: Filters) -> list[Session]:
    """The sessions that fit, by time and stage; those without a time come last."""
    programme = published.programme
    unplaced = [session for session in programme.sessions if session.start is None]
    return [
        session
        for session in (*published.placed, *unplaced)
        if (not filters.theme or session.theme == filters.theme)
        and (not filters.stage or session.stage == filters.stage)
        and (not filters.language or session.language == filters.language)
        and (not filters.type or session.type == filters.type)
        and (not filters.day or str(day_of(session, programme)) == filters.day)
        and (not filters.q or matches(published.haystacks[session.code], filters.q))
    ]


def day_of(session: Session, programme: Programme) -> date | None:
    """The programme day of a session that has a time; after midnight it is the day before."""
    if session.start is None:
        return None
    return session.day or session.start.astimezone(programme.tz).date()


def days_of(programme: Programme) -> list[date]:
    """The days with a session, in order."""
    return sorted({day for session in programme.sessions if (day := day_of(session, programme))})


def options(published: Published, filters: Filters, base: str) -> dict[str, list[Option]]:
    """The choices for each filter; none where there is nothing to choose between. `base` is the page's address."""
    programme = published.programme
    used = {name: {getattr(session, name) for session in programme.sessions} for name in ("theme", "stage")}
    days = [(str(day), short_date(day), "", "") for day in days_of(programme)]
    themes: list[_Choice] = [
        (one.slug, one.name.best(locale()).text, one.colour or "ink", one.shape)
        for one in programme.themes
        if one.slug in used["theme"]
    ]
    stages = [(one.slug, one.name.best(locale()).text, "", "") for one in programme.stages if one.slug in used["stage"]]
    languages = {session.language for session in programme.sessions if session.language}
    types = {session.type for session in programme.sessions if session.type}
    every: dict[str, tuple[str, list[_Choice]]] = {
        "day": (_("All days"), days),
        "theme": (_("All themes"), themes),
        "stage": (_("All stages"), stages),
        "language": (_("All languages"), sorted((code, language_name(code), "", "") for code in languages)),
        "type": (_("All types"), sorted((name, kind_name(name), "", "") for name in types)),
    }
    return {
        name: list(_choices(name, [("", everything, "", ""), *choices], filters, base))
        for name, (everything, choices) in every.items()
        if len(choices) > 1
    }


_Choice = tuple[str, str, str, str]


def _choices(name: str, choices: Iterable[_Choice], filters: Filters, base: str) -> Iterator[Option]:
    for value, label, colour, shape in choices:
        current = getattr(filters, name) == value
        yield Option(value, label, base + filters.query(**{name: value}), current, colour, shape)


def _known(programme: Programme) -> dict[str, set[str]]:
    return {
        "day": {day.isoformat() for day in days_of(programme)},
        "theme": {theme.slug for theme in programme.themes},
        "stage": {stage.slug for stage in programme.stages},
        "language": {session.language for session in programme.sessions},
        "type": {session.type for session in programme.sessions},
    }


def _echo(value: str) -> str:
    text = one_line(value)
    return text if len(text) <= _LONGEST_ECHO else f"{text[: _LONGEST_ECHO - 1]}…"


@cache
def _spellings() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
