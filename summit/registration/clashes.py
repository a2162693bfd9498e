"""What the page of a session says to whoever has something else in their agenda at that time."""

from starlette.requests import Request

from summit.core.services import services
from summit.programme.published import Published
from summit.programme.session_pages import Extra
from summit.programme.values import Session
from summit.registration.bookings import overlap


async def clashes_of_session(request: Request, summit: Published, session: Session) -> Extra | None:
    """Names what else is in the agenda then; nothing once the session is over, or for who has no agenda."""
    codes: frozenset[str] = getattr(request.state, "agenda", frozenset())
    if not codes or session.end is None or session.end <= services(request).clock():
        return None
    saved = (one for one in summit.placed if one.code in codes and one.guid != session.guid)
    clashes = [one for one in saved if overlap(one, session)]
    return Extra("registration/clashes.html", {"clashes": clashes}, is_beside=True) if clashes else None
