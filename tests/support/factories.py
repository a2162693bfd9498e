"""Small valid values of a programme. Times are told from `NOW`, when the session with the code LIVE01 is on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from summit.core.texts import Texts
from summit.programme.values import Day, Programme, Session, Speaker, Stage, Theme
from tests.support.clocks import NOW

SLUG = "prov"
LIVE, NEXT, TOMORROW, UNPLACED = "LIVE01", "NEXT02", "TOMO03", "FREE04"
"""Codes of the sessions of `a_programme`."""
ZONE = "Europe/Stockholm"


def guid(name: str) -> str:
    """A UUID that is always the same for that name."""
    return str(uuid5(NAMESPACE_URL, name))


def a_session(name: str = "Opening", **other: Any) -> Session:
    """An hour on the main stage, on since twenty minutes before `NOW`; `other` are fields of `Session`."""
    fields: dict[str, Any] = {
        "guid": guid(name),
        "title": Texts(sv=f"{name} på svenska", en=f"{name} in English"),
        "abstract": Texts(sv=f"Om {name}.", en=f"About {name}."),
        "stage": "main",
        "theme": "care",
        "start": NOW - timedelta(minutes=20),
        "minutes": 60,
        "language": "sv",
        "type": "Talk",
        "speakers": (guid("Åsa Ek"),),
    }
    return Session(**(fields | other))


def a_programme(*sessions: Session, now: datetime = NOW, **other: Any) -> Programme:
    """A summit of two days with two stages, two themes and two speakers; `other` are fields of `Programme`.

    Without `sessions` it has one that is on at `now`, one after it, one on the next day and one without a time.
    """
    today = now.astimezone(ZoneInfo(ZONE)).date()
    fields: dict[str, Any] = {
        "title": Texts(sv="Provmötet", en="Test meeting"),
        "acronym": SLUG,
        "zone": ZONE,
        "starts_on": today,
        "ends_on": today + timedelta(days=1),
        "languages": ("sv", "en"),
        "days": tuple(
            Day(date=today + timedelta(days=n), start=_midnight(now, n, 0), end=_midnight(now, n, 24)) for n in (0, 1)
        ),
        "stages": (Stage(name=Texts.of("Main"), slug="main"), Stage(name=Texts.of("Studio"), slug="studio")),
        "themes": (
            Theme(name=Texts(sv="Omsorg", en="Care"), slug="care", colour="moss", shape="leaf"),
            Theme(name=Texts(sv="Klimat", en="Climate"), slug="climate", colour="fjord", shape="wave"),
        ),
        "speakers": (
            Speaker(name="Åsa Ek", guid=guid("Åsa Ek"), code="ASAEK1", organisation="Provverket"),
            Speaker(name="Bo Ñuñez", guid=guid("Bo Ñuñez"), code="BONUN2"),
        ),
        "sessions": sessions or some_sessions(now),
    }
    return Programme(**(fields | other))


def some_sessions(now: datetime = NOW) -> tuple[Session, ...]:
    """The sessions of `a_programme`."""
    starts = now - timedelta(minutes=20)
    return (
        a_session("Opening", code=LIVE, start=starts),
        a_session("Panel", code=NEXT, start=starts + timedelta(hours=1), theme="climate", speakers=(guid("Bo Ñuñez"),)),
        a_session("Farewell", code=TOMORROW, start=starts + timedelta(days=1), stage="studio"),
        a_session("Idea", code=UNPLACED, start=None, stage="", speakers=()),
    )


def _midnight(now: datetime, days: int, hours: int) -> datetime:
    start = now.astimezone(ZoneInfo(ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (start + timedelta(days=days, hours=hours)).astimezone(UTC)
