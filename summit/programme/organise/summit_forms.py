"""The forms of a summit's settings: what each shows, what was typed into it, and what that says of the summit."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from msgspec import UNSET

from summit.core.errors import Invalid
from summit.core.i18n import LANGUAGES, _
from summit.programme import values
from summit.programme.editing.days import MOST_DAYS, Hours, dates_from, days_for, hours_of
from summit.programme.editing.summits import SummitEdit
from summit.programme.look import USUAL, contrasts, for_dark, hex_colour, readable
from summit.programme.organise.typed import Typed
from summit.programme.organising import Organised
from summit.programme.plain import converted

Shown = Mapping[str, Any]
LANGUAGES_OFFERED = (*LANGUAGES, "da", "nb", "fi", "se", "de", "fr", "es", "pl", "uk", "ar", "so", "fa")
_TEXTS = ("title", "tagline", "description")
_RULES = ("code_of_conduct", "privacy")
_BLANK_HOSTS = 2


class Chosen(NamedTuple):
    """The fields round a picture that can be chosen: its file, the address of the one that there is, and what removes
    that; `wrong` is where the form shown again says that it is no picture."""

    file: str
    address: str
    removal: str
    wrong: str


def kept_texts(summit: Organised, plain: Shown) -> Shown:
    """The name and the texts of the front page."""
    languages = list(plain["languages"]) or list(LANGUAGES)
    return {**{name: plain[name] for name in (*_TEXTS, "slug")}, **_offered(languages), "preview": False}


def typed_texts(_summit: Organised, form: Typed) -> Shown:
    """The same as it was typed."""
    texts = {name: form.texts(name) for name in _TEXTS}
    return {**texts, "slug": form.text("slug"), **_offered(_languages(form)), "preview": form.ticked("preview")}


def read_texts(summit: Organised, form: Typed) -> SummitEdit:
    """What it says."""
    slug = form.text("slug")
    return SummitEdit(
        title=form.texts("title"),
        tagline=form.texts("tagline"),
        description=form.texts("description"),
        # A summit that is released has no field for it.
        slug=slug if slug and slug != summit.slug else UNSET,
        languages=tuple(_languages(form)),
    )


def kept_days(summit: Organised, plain: Shown) -> Shown:
    """First and last day, the hours of each, and the shortest break."""
    days = converted(plain["days"], tuple[values.Day, ...])
    hours = hours_of(days, summit.tz)
    first, last = summit.programme.starts_on, summit.programme.ends_on
    dates = dates_from(first, last) if first and last and last >= first else [day.date for day in days]
    return {
        "starts_on": plain["starts_on"] or "",
        "ends_on": plain["ends_on"] or "",
        "break_minutes": plain["break_minutes"],
        "days": [_hours_row(str(date), hours.get(date, Hours())) for date in dates],
    }


def typed_days(_summit: Organised, form: Typed) -> Shown:
    """The same as it was typed; with rows for days that have come in."""
    rows = {row["date"]: row for row in form.rows("days") if "date" in row}
    read = Typed(form.sent)
    first, last = read.day("starts_on"), read.day("ends_on")
    if first and last and first <= last:
        rows = {
            str(date): rows.get(str(date), _hours_row(str(date), Hours()))
            for date in dates_from(first, last)[:MOST_DAYS]
        }
    lines = {name: form.text(name) for name in ("starts_on", "ends_on", "break_minutes")}
    return {**lines, "days": [{"opens": "", "closes": "", **row} for row in rows.values()]}


def read_days(summit: Organised, form: Typed) -> SummitEdit:
    """What it says; raises `Invalid`. Days without hours have the usual ones."""
    if form.text("zone") != summit.programme.zone:
        # The hours were typed as those of another zone, and nothing else would tell.
        message = _("The time zone has become %(zone)s since you opened this page. Look at the hours again, then save.")
        raise Invalid(errors={"days": message % {"zone": summit.programme.zone or "UTC"}})
    first, last, minutes = form.day("starts_on"), form.day("ends_on"), form.number("break_minutes")
    hours = {}
    for number, row in form.numbered("days"):
        opens, closes = form.clock(f"days.{number}.opens"), form.clock(f"days.{number}.closes")
        if opens and closes:
            hours[row.get("date", "")] = Hours(opens, closes)
    form.demand()
    errors = {}
    if first is None:
        errors["starts_on"] = _("Enter the first day.")
    if last is None:
        errors["ends_on"] = _("Enter the last day.")
    if first is None or last is None:
        raise Invalid(errors=errors)
    if last < first or (last - first).days >= MOST_DAYS:
        # The rules for these two say what is wrong with them.
        return SummitEdit(starts_on=first, ends_on=last)
    dates = dates_from(first, last)
    known = {date: hours[str(date)] for date in dates if str(date) in hours}
    return SummitEdit(
        starts_on=first,
        ends_on=last,
        days=days_for(dates, known, summit.tz),
        break_minutes=UNSET if minutes is None else minutes,
    )


def kept_look(_summit: Organised, plain: Shown) -> Shown:
    """The colour, with how well it can be read, and the logo."""
    return {"logo": plain["logo"], **_colour(plain["accent"])}


def typed_look(_summit: Organised, form: Typed) -> Shown:
    """The same as it was typed."""
    return {"logo": form.text("logo_now"), **_colour(_accent(form))}


def look_pictures(_form: Typed) -> list[Chosen]:
    """The logo."""
    return [Chosen("logo", "logo_now", "no_logo", "logo")]


def read_look(_summit: Organised, form: Typed) -> SummitEdit:
    """What it says."""
    return SummitEdit(accent=_accent(form), logo="" if form.ticked("no_logo") else form.text("logo_now"))


def kept_hosts(_summit: Organised, plain: Shown) -> Shown:
    """The organisations, and rows for more."""
    return _host_rows([{"url": "", "logo": "", "role": "host", **host} for host in plain["hosts"]])


def typed_hosts(_summit: Organised, form: Typed) -> Shown:
    """The same as it was typed."""
    return _host_rows(_hosts(form))


def host_pictures(form: Typed) -> list[Chosen]:
    """The logos."""
    rows = [f"hosts.{host['row']}" for host in _hosts(form)]
    return [
        Chosen(f"{row}.picture", f"{row}.logo", f"{row}.no_logo", f"hosts.{number}.picture")
        for number, row in enumerate(rows)
    ]


def read_hosts(_summit: Organised, form: Typed) -> SummitEdit:
    """What it says."""
    hosts = (
        values.Host(name=host["name"], url=host["url"], role=host["role"], logo="" if host["no_logo"] else host["logo"])
        for host in _hosts(form)
    )
    return SummitEdit(hosts=tuple(hosts))


def kept_rules(_summit: Organised, plain: Shown) -> Shown:
    """Code of conduct and privacy."""
    return {**{name: plain[name] for name in _RULES}, "preview": False}


def typed_rules(_summit: Organised, form: Typed) -> Shown:
    """The same as it was typed."""
    return {**{name: form.texts(name) for name in _RULES}, "preview": form.ticked("preview")}


def read_rules(_summit: Organised, form: Typed) -> SummitEdit:
    """What it says."""
    return SummitEdit(code_of_conduct=form.texts("code_of_conduct"), privacy=form.texts("privacy"))


@cache
def zone_names() -> list[str]:
    """The IANA zones that a place can have, by name."""
    places = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/")
    found = (name for name in available_timezones() if name.startswith((*places, "Pacific/")) or name == "UTC")
    return sorted(found)


def _offered(languages: list[str]) -> dict[str, Any]:
    """Languages to tick: those of the summit first."""
    return {"languages": languages, "offered": list(dict.fromkeys([*languages, *LANGUAGES_OFFERED]))}


def _languages(form: Typed) -> list[str]:
    return list(dict.fromkeys([*form.all("languages"), *form.text("other_language").replace(",", " ").split()]))


def _hours_row(date: str, hours: Hours) -> dict[str, str]:
    return {"date": date, "opens": hours.opens.strftime("%H:%M"), "closes": hours.closes.strftime("%H:%M")}


def _accent(form: Typed) -> str:
    """The field's, unless a button was pressed that offers another: the nearest shade, or the usual colour."""
    if form.ticked("shade"):
        return form.text("shade")
    return form.text("accent")


def _colour(accent: str) -> dict[str, Any]:
    colour = hex_colour(accent) or USUAL
    return {
        "accent": accent,
        "colour": colour,
        "contrasts": contrasts(colour),
        "nearest": readable(colour),
        "dark": for_dark(readable(colour)),
        "usual": USUAL,
    }


def _host_rows(hosts: list[dict[str, Any]]) -> Shown:
    blank = [{"name": "", "url": "", "logo": "", "role": "host"} for _row in range(_BLANK_HOSTS)]
    return {"hosts": [*hosts, *blank]}


def _hosts(form: Typed) -> list[dict[str, Any]]:
    """Rows with something in them, with the number that their fields have."""
    found = []
    for number, row in form.numbered("hosts"):
        host = {name: row.get(name, "") for name in ("name", "url", "logo", "role")}
        if host["name"] or host["url"]:
            found.append({**host, "row": number, "no_logo": "no_logo" in row})
    return found
