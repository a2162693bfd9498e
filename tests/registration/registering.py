"""Registering through the front door, and the setup it meets."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import select

from summit.programme.models import Summit
from summit.programme.plain import plain
from summit.registration.models import Registration
from summit.registration.setup import lock_setup
from tests.support.arranging import publish
from tests.support.databases import sqlite_url
from tests.support.factories import SLUG
from tests.support.mail import MailServer, body_of
from tests.support.servers import Server, Site, serving
from tests.support.settings import make_settings

REGISTER, ME = f"/{SLUG}/register", f"/{SLUG}/me"
SENT = f"{REGISTER}/sent"
LINK = re.compile(r"http://[^\s<>]+/(?:register|sign-in)/[\w-]+")
SENDER = "Provmötet <hej@summit.example.org>"


@asynccontextmanager
async def mailing_server(folder: Path, mail_server: MailServer) -> AsyncIterator[Server]:
    """A server that sends mail, with the usual summit."""
    settings = make_settings(sqlite_url(folder), smtp_url=mail_server.url, mail_from=SENDER)
    async with serving(settings) as running:
        await publish(running)
        yield running


async def set_up(site: Site, **fields: Any) -> None:
    """Sets the registration of the usual summit up; lists are of `setup.Category`, `Question` and `Consent`."""
    async with site.db.writer() as db:
        row = await lock_setup(db, await summit_id(site))
        for name, value in fields.items():
            setattr(row, name, plain(value) if name in ("categories", "questions", "consents") else value)


async def summit_id(site: Site) -> str:
    """The id of the usual summit."""
    async with site.db.reader() as db:
        return (await db.scalars(select(Summit.id).where(Summit.slug == SLUG))).one()


async def fill_in(
    client: httpx2.AsyncClient, name: str = "Anna Test", email: str = "anna@example.org", **more: Any
) -> httpx2.Response:
    """Sends the form; `more` are further fields, with `__` for a dot."""
    fields = {key.replace("__", "."): value for key, value in more.items()}
    return await client.post(REGISTER, data={"name": name, "email": email} | fields)


async def mailed_link(mail_server: MailServer, count: int) -> str:
    """The path of the link in the mail that comes as that one."""
    found = LINK.search(body_of(await mail_server.wait_for(count), "plain"))
    assert found is not None
    return urlsplit(found[0]).path


async def registrations(site: Site) -> list[Registration]:
    """All of them, in order."""
    async with site.db.reader() as db:
        return list(await db.scalars(select(Registration).order_by(Registration.made_at, Registration.id)))
