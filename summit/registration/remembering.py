"""Lets every page of a summit show what its reader has in their agenda."""

from typing import Any
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from summit.core.services import services
from summit.people.identity import identity
from summit.programme.addresses import is_slug
from summit.programme.published import Published
from summit.registration.agenda import saved_and_booked
from summit.registration.registering import has_registration


class RememberAgenda:
    """Puts the codes of the sessions that somebody has saved in the summit of the address into the request's state.

    Templates cannot wait for a database, and any page may list sessions.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            await _remember(HTTPConnection(scope))
        await self.app(scope, receive, send)


async def _remember(connection: HTTPConnection) -> None:
    person, slug = identity(connection).person, connection.url.path.split("/")[1]
    if person is not None and is_slug(slug):
        async with services(connection).db.reader() as db:
            connection.state.agenda, connection.state.agenda_seats = await saved_and_booked(db, person.id, slug)
            connection.state.has_registration = await has_registration(db, person.id, slug)


def agenda_context(connection: HTTPConnection) -> dict[str, Any]:
    """`agenda`: the codes of the sessions that the reader has saved; None where they do not take part in the summit.

    `agenda_seats` are those of them where the reader has a seat. `agenda_entrance` is where somebody comes in who does
    not take part; empty where only registered people may. `has_registration` says whether they have ever registered,
    and so have a page of their own.
    """
    known: dict[str, Any] = {"agenda": None, "agenda_entrance": "", "has_registration": False}
    known["agenda_seats"] = frozenset()
    summit = getattr(connection.state, "summit", None)
    who = identity(connection)
    if not isinstance(summit, Published):
        return known
    known["has_registration"] = getattr(connection.state, "has_registration", False)
    if who.may("participant", summit.id):
        names = ("agenda", "agenda_seats")
        return known | {name: getattr(connection.state, name, frozenset()) for name in names}
    back = quote(connection.url.path)
    if summit.open_to_all:
        return known | {"agenda_entrance": f"/{summit.slug}/enter?next={back}"}
    return known | {"agenda_entrance": "" if who.person else f"/sign-in?next={back}"}
