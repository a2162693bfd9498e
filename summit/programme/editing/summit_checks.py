"""The rules for what is said of a summit."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date
from typing import Any, Protocol

from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.text import one_line
from summit.programme import values
from summit.programme.addresses import slug_of
from summit.programme.editing.checks import Checks, is_address
from summit.programme.editing.days import MOST_DAYS
from summit.programme.look import hex_colour, is_readable
from summit.programme.plain import plain
from summit.programme.years import is_of_our_time, other_years

_MOST_HOSTS = 60
_MOST_LANGUAGES = 12


class Given(Protocol):
    """An edit: what is given, by name."""

    def given(self) -> dict[str, Any]: ...


def checked(edit: Given, current: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What is given as plain JSON, cleaned; raises `Invalid`, which names all fields that do not fit.

    `current` is what stands there now, for rules about several fields of which only some are given.
    """
    given = edit.given()
    checks = Checks(given)
    checks.texts("title", most=200)
    if "title" in given and not given["title"]:
        checks.wrong("title", _("Enter a name."))
    checks.texts("tagline", most=300)
    for name in ("description", "code_of_conduct", "privacy"):
        checks.texts(name, most=50_000, lines=True)
    checks.number("break_minutes", 0, 240)
    checks.addresses("logo")
    if "slug" in given:
        _check_slug(checks, given["slug"])
    if "languages" in given:
        _check_languages(checks, given["languages"])
    if "hosts" in given:
        _check_hosts(checks, given["hosts"])
    if "accent" in given:
        _check_accent(checks, given["accent"])
    if given.keys() & {"starts_on", "ends_on", "days"}:
        _check_days(checks, given, current or {})
    return checks.passed()


def _check_slug(checks: Checks, typed: str) -> None:
    checks.put("slug", typed.strip().lower())
    if typed.strip():
        try:
            slug_of(typed)
        except Invalid as invalid:
            checks.wrong("slug", invalid.errors["slug"])


def _check_languages(checks: Checks, given: Iterable[str]) -> None:
    found = list(dict.fromkeys(tag.strip() for tag in given if tag.strip()))
    for tag in found:
        one = Checks({"languages": tag})
        one.language("languages")
        try:
            one.passed()
        except Invalid as invalid:
            checks.wrong("languages", invalid.errors["languages"])
    if not found:
        checks.wrong("languages", _("Choose at least one language."))
    if len(found) > _MOST_LANGUAGES:
        checks.wrong("languages", _("Choose at most %(most)d languages.") % {"most": _MOST_LANGUAGES})
    checks.put("languages", found)


def _check_hosts(checks: Checks, given: Iterable[values.Host]) -> None:
    found = [
        values.Host(
            name=one_line(host.name)[:200],
            url=one_line(host.url),
            role=one_line(host.role)[:60] or "host",
            logo=one_line(host.logo),
        )
        for host in given
    ]
    for number, host in enumerate(found):
        if not host.name:
            checks.wrong(f"hosts.{number}.name", _("Enter the name of the organisation."))
        for field in ("url", "logo"):
            if (address := getattr(host, field)) and not is_address(address):
                checks.wrong(f"hosts.{number}.{field}", _("Enter a whole address, such as https://example.org/page."))
    if len(found) > _MOST_HOSTS:
        checks.wrong("hosts", _("Enter at most %(most)d organisations.") % {"most": _MOST_HOSTS})
    checks.put("hosts", plain(found))


def _check_accent(checks: Checks, typed: str) -> None:
    colour = hex_colour(typed) if typed.strip() else ""
    if colour is None:
        checks.wrong("accent", _("Enter a colour as # and six digits or letters from A to F, such as #0B5C6B."))
    elif colour and not is_readable(colour):
        checks.wrong("accent", _("This colour is too light to be read. Choose a darker shade."))
    checks.put("accent", colour or "")


def _check_days(checks: Checks, given: Mapping[str, Any], current: Mapping[str, Any]) -> None:
    first, last = (_date(given.get(name, current.get(name))) for name in ("starts_on", "ends_on"))
    if first and last:
        if last < first:
            checks.wrong("ends_on", _("The last day is before the first. Enter the same day or a later one."))
        elif (last - first).days >= MOST_DAYS:
            checks.wrong("ends_on", _("A summit can have at most %(most)d days.") % {"most": MOST_DAYS})
    days: tuple[values.Day, ...] = given.get("days", ())
    for name, one in (("starts_on", first), ("ends_on", last)):
        if one and not is_of_our_time(one):
            checks.wrong(name, other_years())
    if not all(is_of_our_time(moment) for day in days for moment in (day.date, day.start, day.end)):
        checks.wrong("days", other_years())
        return
    if any(not first <= day.date <= last for day in days if first and last):
        checks.wrong("days", _("Some days are not between the first and the last."))
    if any(not 0 < (day.end - day.start).total_seconds() <= 24 * 3600 for day in days):
        checks.wrong("days", _("A day has to close within 24 hours after it opens."))
    if "days" in given:
        in_utc = [
            values.Day(date=day.date, start=day.start.astimezone(UTC), end=day.end.astimezone(UTC))
            for day in sorted(days, key=lambda day: day.date)
        ]
        checks.put("days", plain(in_utc))


def _date(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
