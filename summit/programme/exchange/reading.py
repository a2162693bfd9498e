"""What single fields of programme files say: each function takes a raw value and raises ValueError with the problem.

Raw values are texts (XML, CSV) or whatever JSON knows. None and an empty text mean that nothing was said.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from summit.core.text import cleaned, one_line
from summit.core.texts import Texts
from summit.programme.years import EARLIEST, LATEST, is_of_our_time

_HOURS = re.compile(r"([0-9]{1,3}):([0-9]{1,2})(?::([0-9]{1,2}))?")
_ISO_DURATION = re.compile(r"PT(?=.)(?:([0-9]{1,3})H)?(?:([0-9]{1,4})M)?(?:([0-9]{1,5})S)?")
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SCHEMES = frozenset(
    (
        "http",
        "https",
        "mailto",
        "tel",
        "ftp",
        "ftps",
        "sftp",
        "irc",
        "ircs",
        "xmpp",
        "matrix",
        "gemini",
        "magnet",
        "sip",
    )
)
# A path on the site itself, such as those of pictures and hand-outs that Summit keeps.
_PATH = re.compile(r"/(?![/\\])[^\s\\]*")
_HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::[0-9]+)?(?:[/?#].*)?", re.IGNORECASE)
# What the schemas can say at most, in minutes, is one less.
LONGEST = 100 * 60
LARGEST = 2**31 - 1


def words(value: object) -> str:
    """A text on one line: titles, names, types."""
    return one_line(_said(value))


def passage(value: object) -> str:
    """A text of several lines, mark-up and all, with line breaks as ``\\n``."""
    return cleaned(_said(value).replace("\r\n", "\n").replace("\r", "\n"))


def minutes(value: object) -> int | None:
    """A duration in minutes, from ``0:50``, ``00:50:00``, ``50`` or ``PT50M``; part of a minute counts as one."""
    said = words(value)
    if not said:
        return None
    if re.fullmatch(r"[0-9]{1,6}(\.0+)?", said):
        length = int(float(said))
    elif matched := _HOURS.fullmatch(said) or _ISO_DURATION.fullmatch(said.upper()):
        hours, mins, seconds = (int(part or 0) for part in matched.groups())
        length = hours * 60 + mins + (seconds + 59) // 60
    else:
        raise ValueError(f"{_shown(said)} is not a duration such as 0:50")
    if length >= LONGEST:
        raise ValueError(f"{_shown(said)} is longer than a session can be (100 hours)")
    return length


def moment(value: object) -> datetime | date | None:
    """A date, or a date with time (ISO 8601), without parts of a second."""
    said = words(value)
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said).replace(microsecond=0)
    except ValueError:
        raise ValueError(f"{_shown(said)} is not a date such as 2020-11-10T09:30:00+01:00") from None
    if not is_of_our_time(found):
        raise ValueError(f"{_shown(said)} is not in the years {EARLIEST} to {LATEST}")
    return found if "T" in said.upper() or ":" in said else found.date()


def clock(value: object) -> time | None:
    """A time of day such as ``09:30``."""
    said = words(value)
    if not said:
        return None
    if matched := _CLOCK.fullmatch(said):
        hour, minute, second = (int(part or 0) for part in matched.groups())
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second)
    raise ValueError(f"{_shown(said)} is not a time such as 09:30")


def number(value: object) -> int | None:
    """A whole number from 0, also where it is written as a text; None for anything else."""
    said = words(value)
    if not re.fullmatch(r"[0-9]{1,10}", said):
        return None
    return int(said) if int(said) <= LARGEST else None


def count(value: object) -> int | None:
    """As `number`, but anything else is refused."""
    if words(value) and number(value) is None:
        raise ValueError(f"{_shown(words(value))} is not a whole number")
    return number(value)


def yes(value: object) -> bool:
    """True or false, also where it is written as a text."""
    said = str(value).lower() if isinstance(value, bool) else words(value).lower()
    if said in ("true", "yes", "1"):
        return True
    if said in ("", "false", "no", "0"):
        return False
    raise ValueError(f"{_shown(said)} is neither true nor false")


def zone(value: object) -> str:
    """The name of a time zone that there is (IANA)."""
    said = words(value)
    try:
        # Longer than any name; and zoneinfo goes a level deeper for each slash.
        return ZoneInfo(said[:100]).key if said else ""
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{_shown(said)} is not a time zone such as Europe/Stockholm") from None


def address(value: object, base: str = "") -> str:
    """A full address (RFC 3986) that is safe to link to; empty where there is none. Relative ones belong to `base`."""
    said = words(value)
    try:
        if _HOST.fullmatch(said):
            said = f"http://{said}"
        elif said and base:
            said = urljoin(base, said)
        parts = urlsplit(said)
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or (parts.scheme.lower() in ("http", "https") and not parts.netloc):
        return ""
    # Only whole escapes stay; and an address has one fragment at most.
    said = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", said)
    before, mark, fragment = said.partition("#")
    return quote(before, safe="%/:=&?~+!$,;'@()*[]") + mark + quote(fragment, safe="%/:=&?~+!$,;'@()*")


def web_address(value: object, base: str = "") -> str:
    """As `address`, but of a web page or file only."""
    said = address(value, base)
    return said if said.lower().startswith(("http://", "https://")) else ""


def stored(value: object) -> str:
    """An address as Summit had it: a path on the site itself, or what `address` finds safe, not written otherwise."""
    said = words(value)
    whole = address(said)
    return said if _PATH.fullmatch(said) or (whole and whole.partition(":")[0] == said.partition(":")[0]) else whole


def language(value: object) -> str:
    """The language as the file says it, with hyphens: ``de_AT`` gives ``de-AT``."""
    return words(value).replace("_", "-")


def tag(said: str) -> str:
    """The language as the key of a text: a BCP 47 tag, or nothing where it isn't one (``German``, ``de/en``)."""
    return said if _LANGUAGE.fullmatch(said) else ""


def texts(value: object, how: Callable[[object], str], language: str = "") -> Texts:
    """A text in that language, or an object of texts by language; `how` reads the single one."""
    if isinstance(value, dict):
        return Texts.from_mapping({tag(key.replace("_", "-")): how(text) for key, text in value.items()})
    return Texts.of(how(value), tag(language))


def name(value: object) -> Texts:
    """The name of a room or track: a text, texts by language, or an object that has such a `name`."""
    while isinstance(value, dict) and "name" in value:
        value = value["name"]
    return texts(value, words)


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ValueError("is not a text")


def _shown(said: str) -> str:
    return f'"{said[:40]}…"' if len(said) > 40 else f'"{said}"'
