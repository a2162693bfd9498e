"""Places on the earth in degrees (WGS 84): read as maps give them to copy, written, and where a map shows them."""

import re
from math import isfinite
from typing import NamedTuple

_DECIMALS = 6
"""Of a degree: about a decimetre."""
_LONGEST = 100
_LETTERS = {
    "N": ("latitude", 1),
    "S": ("latitude", -1),
    "E": ("longitude", 1),
    "Ö": ("longitude", 1),
    "W": ("longitude", -1),
    "V": ("longitude", -1),
}
"""Of the compass, in English and Swedish."""
_DEGREES = r"[+-]?[0-9]{{1,3}}(?:{mark}[0-9]{{1,20}})?\s*°?"
_ONE = rf"(?P<before{{n}}>[NSEÖWV])?\s*(?P<degrees{{n}}>{_DEGREES})(?(before{{n}})|(?:\s*(?P<after{{n}}>[NSEÖWV]))?)"
_DOTS, _COMMAS = (
    re.compile(f"{_ONE.format(n=1, mark=mark)}{between}{_ONE.format(n=2, mark=mark)}", re.IGNORECASE)
    for mark, between in ((r"\.", r"(?:\s*[,;]\s*|\s+)"), (",", r"(?:\s*;\s*|,?\s+)"))
)
_UNCLEAR = re.compile(r"[+-]?[0-9]+,[0-9]+")
"""One number with a decimal comma, or two without decimals."""


class Coordinates(NamedTuple):
    """Degrees north of the equator, -90 to 90, and east of Greenwich, -180 to 180."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        """``59.3293, 18.0686``, as `read` takes it."""
        return ", ".join(f"{degrees:.{_DECIMALS}f}".rstrip("0").rstrip(".") for degrees in self)

    @property
    def map_url(self) -> str:
        """The address of a map that marks the place."""
        latitude, longitude = str(self).split(", ")
        at = f"mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
        return f"https://www.openstreetmap.org/?{at}"


def coordinates(latitude: float | None, longitude: float | None) -> Coordinates | None:
    """Both, rounded to six decimals; None where one is missing or there is no such place."""
    if latitude is None or longitude is None or not (is_latitude(latitude) and is_longitude(longitude)):
        return None
    # The sum makes a plain zero of a negative one.
    return Coordinates(*(round(float(degrees), _DECIMALS) + 0.0 for degrees in (latitude, longitude)))


def is_latitude(degrees: float) -> bool:
    """Whether it can be one."""
    return isfinite(degrees) and -90 <= degrees <= 90


def is_longitude(degrees: float) -> bool:
    """Whether it can be one."""
    return isfinite(degrees) and -180 <= degrees <= 180


def read(text: str) -> Coordinates | None:
    """The coordinates in a text such as ``59.3293, 18.0686``, ``59,3293; 18,0686`` or ``59.3293° N, 18.0686° E``.

    Latitude comes first, unless letters say otherwise. None where it cannot be understood, or there is no such place.
    """
    text = text.strip().replace("\N{MINUS SIGN}", "-")
    found = (_DOTS.fullmatch(text) or _COMMAS.fullmatch(text)) if len(text) <= _LONGEST else None
    if found is None or _UNCLEAR.fullmatch(text):
        return None
    said = [found[f"degrees{n}"].rstrip("° ").replace(",", ".") for n in (1, 2)]
    letters = [(found[f"before{n}"] or found[f"after{n}"] or "").upper() for n in (1, 2)]
    if not any(letters):
        return coordinates(*map(float, said))
    if not all(letters) or any(one.startswith(("+", "-")) for one in said):
        return None
    by_axis = {}
    for letter, degrees in zip(letters, said, strict=True):
        axis, sign = _LETTERS[letter]
        by_axis[axis] = sign * float(degrees)
    return coordinates(by_axis.get("latitude"), by_axis.get("longitude"))
