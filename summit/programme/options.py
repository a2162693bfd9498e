"""The choices that lead on from a view of the programme to narrower and other ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from summit.core.i18n import _, locale, short_date
from summit.programme.alphabet import in_order
from summit.programme.features import feature_name
from summit.programme.features import in_order as features_in_order
from summit.programme.filters import ALL_DAYS, Filters, is_large
from summit.programme.kinds import type_name
from summit.programme.languages import language_name
from summit.programme.published import Published, days_of

_MOST_SPEAKERS = 100
"""More names than a list can hold in a usable way; search finds them."""


@dataclass(frozen=True)
class Option:
    """One choice: its address keeps all other filters."""

    value: str
    label: str
    url: str
    current: bool
    colour: str = ""
    shape: str = ""


@dataclass(frozen=True)
class _Choice:
    value: str
    label: str
    colour: str = ""
    shape: str = ""


def options(published: Published, filters: Filters, base: str, *, opened: str = "") -> dict[str, list[Option]]:
    """The choices for each filter; none where there is nothing to choose between. `base` is the page's address, and
    `opened` the day that it shows without having been asked."""
    shown = replace(filters, day=opened) if opened else filters
    found = {name: list(choices) for name, choices in _every(published).items()}
    # One feature is a choice, too: not every session has it.
    every = {
        name: [_everything(name, published), *choices]
        for name, choices in found.items()
        if len(choices) > (name != "access")
    }
    return {name: list(_options(name, choices, filters, shown, base)) for name, choices in every.items()}


def _every(published: Published) -> dict[str, Iterable[_Choice]]:
    programme = published.programme
    used = {name: {getattr(one, name) for one in programme.sessions} for name in ("theme", "stage", "language", "type")}
    features = frozenset(feature for session in programme.sessions for feature in session.features)
    few = len(published.announced) <= _MOST_SPEAKERS
    return {
        "day": (_Choice(str(day), short_date(day)) for day in days_of(programme)),
        "theme": (
            _Choice(one.slug, one.name.best(locale()).text, one.colour or "ink", one.shape)
            for one in programme.themes
            if one.slug in used["theme"]
        ),
        "stage": (
            _Choice(one.slug, one.name.best(locale()).text) for one in programme.stages if one.slug in used["stage"]
        ),
        "language": _by_label(_Choice(code, language_name(code)) for code in used["language"] if code),
        "type": _by_label(_Choice(key, type_name(programme, key)) for key in used["type"] if key),
        "access": (_Choice(one, feature_name(one)) for one in features_in_order(features)),
        "speaker": (_Choice(one.code or one.guid, one.name) for one in in_order(published.announced) if few),
    }


def _everything(name: str, published: Published) -> _Choice:
    labels = {
        "day": _("All days"),
        "theme": _("All themes"),
        "stage": _("All stages"),
        "language": _("All languages"),
        "type": _("All types"),
        "access": _("With or without"),
        "speaker": _("Everybody"),
    }
    return _Choice(ALL_DAYS if name == "day" and is_large(published.programme) else "", labels[name])


def _options(name: str, choices: list[_Choice], filters: Filters, shown: Filters, base: str) -> Iterator[Option]:
    # Without a day in the address, other filters look at all of them.
    current = getattr(shown, name) or choices[0].value
    for one in choices:
        url = base + filters.query(**{name: one.value})
        yield Option(one.value, one.label, url, one.value == current, one.colour, one.shape)


def _by_label(choices: Iterable[_Choice]) -> list[_Choice]:
    return sorted(choices, key=lambda one: one.label.casefold())
