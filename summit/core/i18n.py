"""Swedish and English: which language a reader gets, and the words in it.

English texts are the keys; translations stand in ``locales/{language}.po`` and are compiled in memory at start-up.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from babel.support import Translations

LANGUAGES = {"sv": "Svenska", "en": "English"}
DEFAULT = "sv"
COOKIE = "summit_language"

_NEAR_SWEDISH = {"nb", "nn", "no", "da", "fi", "sv"}

_current: ContextVar[str] = ContextVar("locale", default=DEFAULT)


def _(message: str) -> str:
    """The message in the reader's language."""
    return _catalogue(_current.get()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The message for that number, in the reader's language."""
    return _catalogue(_current.get()).ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """The message in the reader's language where it says different things: ``context`` tells which is meant."""
    return str(_catalogue(_current.get()).pgettext(context, message))


def locale() -> str:
    """The reader's language: a key of `LANGUAGES`."""
    return _current.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it, messages are in that language."""
    token = _current.set(language if language in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _current.reset(token)


def speak(language: str) -> None:
    """From now on, messages in this task are in that language."""
    _current.set(language if language in LANGUAGES else DEFAULT)


def language_of(connection: HTTPConnection) -> str:
    """The language a browser gets: what was chosen by the switch, else by Accept-Language (RFC 9110 §12.5.4)."""
    chosen = connection.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else accepted(connection.headers)


def accepted(headers: Headers) -> str:
    """The best of our languages by quality values; the default where none is wanted.

    Whoever reads none of ours gets English, unless it is one of the languages that Swedish is understood in.
    """
    best, best_quality = DEFAULT, 0.0
    wanted = set()
    for part in headers.get("accept-language", "").split(","):
        tag, _semicolon, parameter = part.strip().partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        base = tag.split("-")[0].lower()
        if base.isalpha():
            wanted.add(base)
        if base in LANGUAGES and quality > best_quality:
            best, best_quality = base, quality
    if not best_quality and wanted and not wanted & _NEAR_SWEDISH:
        return "en"
    return best


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """``09.30`` in Swedish, ``09:30`` in English."""
    return moment.astimezone(zone).strftime("%H.%M" if locale() == "sv" else "%H:%M")


def ago(since: timedelta) -> str:
    """``for 5 sekunder sedan``, ``5 seconds ago``."""
    from babel.dates import format_timedelta

    return format_timedelta(-max(since, timedelta(seconds=1)), add_direction=True, locale=_current.get())


def long_date(day: date) -> str:
    """``Tisdag 10 november``, ``Tuesday 10 November``."""
    text = _said(day, "EEEE d MMMM")
    return text[:1].upper() + text[1:]


def short_date(day: date) -> str:
    """``Tis 10 nov.``, ``Tue 10 Nov``."""
    text = _said(day, "EEE d MMM")
    return text[:1].upper() + text[1:]


def date_span(first: date, last: date) -> str:
    """``10–11 november 2020``: the days of a summit in words."""
    if first == last:
        return _said(first, "d MMMM y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_said(last, 'd MMMM y')}"
    form = "d MMMM" if first.year == last.year else "d MMMM y"
    return " – ".join(
        (
            _said(first, form),
            _said(last, "d MMMM y"),
        )
    )


def _said(day: date, form: str) -> str:
    # Only where somebody is to read a date: with all that it knows of calendars it would hold up every start.
    from babel.dates import format_date

    return format_date(day, form, locale=_current.get())


@cache
def _catalogue(language: str) -> "Translations":
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po
    from babel.support import Translations

    path = Path(__file__).parent / "locales" / f"{language}.po"
    if not path.exists():
        return Translations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)
