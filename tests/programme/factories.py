"""Small valid values of a programme, for tests to vary."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from summit.core.texts import Texts
from summit.programme.published import Published
from summit.programme.values import Programme, Session, Speaker, Stage, Theme

DAY = date(2030, 5, 14)
NINE = datetime(2030, 5, 14, 7, 0, tzinfo=UTC)
"""Nine o'clock in Stockholm on the first day."""


def guid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


def a_session(name: str = "opening", **other: Any) -> Session:
    """An hour on the main stage, from nine in Stockholm."""
    fields: dict[str, Any] = {
        "guid": guid(name),
        "title": Texts(sv=f"{name} på svenska", en=f"{name} in English"),
        "stage": "main",
        "theme": "care",
        "start": NINE,
        "minutes": 60,
        "language": "sv",
        "type": "Talk",
        "speakers": (guid("asa"),),
    }
    return Session(**(fields | other))


def at(hours: float, **other: Any) -> dict[str, Any]:
    """The fields of a session that starts so many hours after nine."""
    return {"start": NINE + timedelta(hours=hours), **other}


def a_programme(*sessions: Session, **other: Any) -> Programme:
    """Two stages, two themes, two speakers and these sessions."""
    fields: dict[str, Any] = {
        "title": Texts(sv="Provmötet", en="Test meeting"),
        "acronym": "prov",
        "zone": "Europe/Stockholm",
        "starts_on": DAY,
        "ends_on": DAY + timedelta(days=1),
        "stages": (Stage(name=Texts.of("Main"), slug="main"), Stage(name=Texts.of("Studio"), slug="studio")),
        "themes": (
            Theme(name=Texts(sv="Omsorg", en="Care"), slug="care", colour="moss", shape="leaf"),
            Theme(name=Texts(sv="Klimat", en="Climate"), slug="climate", colour="fjord", shape="wave"),
        ),
        "speakers": (
            Speaker(name="Åsa Ek", guid=guid("asa"), organisation="Provverket"),
            Speaker(name="Bo Ñuñez", guid=guid("bo")),
        ),
        "sessions": sessions or (a_session(),),
    }
    return Programme(**(fields | other))


def published(programme: Programme | None = None, **other: Any) -> Published:
    """The programme as released, with codes where it has none."""
    programme = programme or a_programme()
    sessions = tuple(
        msgspec.structs.replace(session, code=session.code or f"CODE{n:02}")
        for n, session in enumerate(programme.sessions)
    )
    fields: dict[str, Any] = {
        "id": "1",
        "slug": "prov",
        "open_to_all": True,
        "release_id": "r1",
        "number": 1,
        "released_at": NINE - timedelta(days=30),
        "programme": msgspec.structs.replace(programme, sessions=sessions),
    }
    return Published(**(fields | other))
