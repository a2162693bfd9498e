"""The zone that a reader sees times in."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from summit.programme.values import Programme

UTC = ZoneInfo("UTC")
_LONGEST_NAME = 100
_NO_PLACES = ("posix", "right/", "localtime", "Factory")
# What a reader without scripts can choose from: one city for each part of the world, from west to east.
CITIES = (
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Stockholm",
    "Europe/Helsinki",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)


def zone_named(name: str) -> ZoneInfo | None:
    """The IANA zone of that name; None where there is none, and for files beside it that are no places.

    Names of any length may come from outside, and zoneinfo goes a level deeper for each slash.
    """
    if len(name) > _LONGEST_NAME:
        return None
    if name.lower() == "utc":
        return UTC
    try:
        return ZoneInfo(name) if name and not name.startswith(_NO_PLACES) else None
    except (ValueError, KeyError, OSError):
        return None


def zone_in_any_case(name: str) -> str:
    """``america/new_york`` as the IANA database spells it; empty where there is no such zone."""
    zone = zone_named(name)
    return zone.key if zone else _spellings().get(name.lower(), "")


def readers_zone(query: Mapping[str, str], programme: Programme) -> ZoneInfo:
    """What the address asks for with ``tz``, else the summit's."""
    return zone_named(query.get("tz", "")) or programme.tz


def city(zone: ZoneInfo) -> str:
    """``Europe/Stockholm`` as a person says it: Stockholm."""
    return zone.key.split("/")[-1].replace("_", " ")


@cache
def _spellings() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
