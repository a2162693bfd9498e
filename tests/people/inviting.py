"""Inviting people to help run a summit, and following the mail that they get."""

import re
from urllib.parse import urlsplit

import httpx2
from sqlalchemy import select

from summit.programme.models import Session
from tests.support.factories import SLUG
from tests.support.mail import MailServer, body_of
from tests.support.servers import Server

FORM = f"/{SLUG}/organise/invitations"
TEAM = f"/{SLUG}/organise/team"
LINK = re.compile(r"http://[^\s\"<>]+/invitations/[\w-]+")


async def ids(server: Server) -> dict[str, str]:
    """The ids of the sessions, by code."""
    async with server.db.reader() as db:
        return dict((await db.execute(select(Session.code, Session.id))).all())


async def invited(browser: httpx2.AsyncClient, email: str = "ny@example.org", **sent: object) -> httpx2.Response:
    """Sends the form: an organiser, unless something else is said."""
    return await browser.post(FORM, data={"email": email, "role": "organiser", "note": ""} | sent)


async def link_in(mail_server: MailServer, count: int = 1) -> str:
    """The path of the link in that mail."""
    found = LINK.search(body_of(await mail_server.wait_for(count), "plain"))
    assert found is not None
    return urlsplit(found[0]).path
