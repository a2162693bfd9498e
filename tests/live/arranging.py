"""People at the door of a room: each with the cookie of a signed-in browser."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Select, select
from starlette.responses import Response

from summit.core.security import Cookies
from summit.core.serving import PING_SECONDS
from summit.people.identity import COOKIE, COOKIE_SECONDS
from summit.people.models import AuditEntry, Device, Grant, Person, Role
from tests.live.client import Window, window
from tests.support.arranging import publish
from tests.support.databases import sqlite_url
from tests.support.factories import LIVE
from tests.support.servers import Site, serving
from tests.support.settings import make_settings

_numbers = count(1)


@dataclass(frozen=True)
class Guest:
    """Somebody who has signed in, and the way to the room."""

    id: str
    name: str
    cookie: str
    socket: str

    @property
    def url(self) -> str:
        """The site, as this person's browser has it."""
        return f"http://{urlsplit(self.socket).netloc}"

    def window(self, **options: Any) -> AbstractAsyncContextManager[Window]:
        """Opens a window on the room; see `client.window`."""
        return window(self.socket, self.cookie, **options)


@dataclass
class Venue:
    """A released summit with a session that is live, and its server."""

    site: Site
    summit_id: str
    slug: str
    code: str = LIVE

    @property
    def page(self) -> str:
        """The path of the room's page."""
        return f"/{self.slug}/sessions/{self.code}/live"

    @property
    def desk(self) -> str:
        """The path of the moderators' desk."""
        return f"/{self.slug}/sessions/{self.code}/desk"

    @property
    def socket(self) -> str:
        """The address of the room's socket."""
        return f"{self.site.ws_url}{self.page}/socket"

    async def guest(self, name: str = "Ada", role: Role | None = "participant") -> Guest:
        """Somebody with that role."""
        return (await self.guests([name], role))[0]

    async def guests(self, names: list[str], role: Role | None = "participant") -> list[Guest]:
        """Several, with one transaction for all of them."""
        now, cookies = self.site.clock(), Cookies(self.site.settings.secret_key, secure=False)
        async with self.site.db.writer() as db:
            people = [Person(name=name, made_at=now) for name in names]
            db.add_all(people)
            await db.flush()
            devices = [Device(person_id=person.id, made_at=now) for person in people]
            db.add_all(devices)
            if role is not None:
                db.add_all(
                    Grant(person_id=person.id, summit_id=self.summit_id, role=role, made_at=now) for person in people
                )
            await db.flush()
            return [
                Guest(person.id, person.name, cookie_of(cookies, device.id), self.socket)
                for person, device in zip(people, devices, strict=True)
            ]


def cookie_of(cookies: Cookies, device_id: str) -> str:
    """The Cookie header of that device."""
    answer = Response()
    cookies.write(answer, COOKIE, device_id, COOKIE_SECONDS)
    return answer.headers["set-cookie"].partition(";")[0]


async def a_venue(site: Site) -> Venue:
    """The usual summit under a name of its own, released on that server; open only to those with a role."""
    slug = f"prov-{next(_numbers)}"
    return Venue(site, await publish(site, slug=slug, open_to_all=False), slug)


@dataclass
class Room:
    """A room with two participants and a moderator in it, each with a window."""

    venue: Venue
    ada: Window
    bo: Window
    chair: Window
    guests: dict[str, Guest]

    async def ask_openly(self, text: str = "Why?") -> str:
        """A question of Ada's that everybody sees in their windows."""
        question = await self.ada.ask(text)
        await self.chair.moderate(question, "approve")
        for one in (self.ada, self.bo, self.chair):
            await one.until(lambda one=one: one.questions.get(question, {}).get("state") == "open")  # type: ignore[misc]
        return question


@asynccontextmanager
async def a_room(venue: Venue) -> AsyncIterator[Room]:
    """Ada and Bo take part, and someone moderates."""
    ada, bo = await venue.guests(["Ada", "Bo"])
    chair = await venue.guest("Chair", "moderator")
    async with AsyncExitStack() as stack:
        for_ada, for_bo, for_chair = [await stack.enter_async_context(guest.window()) for guest in (ada, bo, chair)]
        yield Room(venue, for_ada, for_bo, for_chair, {"ada": ada, "bo": bo, "chair": chair})


@asynccontextmanager
async def a_room_apart(folder: Path, *, ping_seconds: float = PING_SECONDS, **settings: Any) -> AsyncIterator[Room]:
    """Such a room on a server of its own, with these settings."""
    told = make_settings(sqlite_url(folder), **settings)
    async with serving(told, ping_seconds=ping_seconds) as server, a_room(await a_venue(server)) as opened:
        yield opened


def acts_in(venue: Venue) -> Select[AuditEntry]:
    """What the log has of the people there, without the imports that the venue came from."""
    theirs = (AuditEntry.summit_id == venue.summit_id, AuditEntry.person_name != "summit import")
    return select(AuditEntry).where(*theirs).order_by(AuditEntry.id)
