"""Puts a summit and people into a server's database, and signs people in through the front door."""

import re

import httpx2
import pytest
from sqlalchemy import select

from summit.people.cli_actions import make_person, sign_in_token
from summit.people.models import Person, Role
from summit.programme.importing import take_in
from summit.programme.models import Summit
from summit.programme.releases import release
from summit.programme.values import Programme
from tests.support.factories import SLUG, a_programme
from tests.support.servers import Server, Site


async def publish(site: Site, programme: Programme | None = None, slug: str = SLUG, *, open_to_all: bool = True) -> str:
    """Imports and releases the programme, the usual one where none is given; gives the id of the summit."""
    async with site.db.writer() as db:
        await take_in(db, programme or a_programme(now=site.clock()), slug, site.clock)
        summit = (await db.scalars(select(Summit).where(Summit.slug == slug))).one()
        summit.open_to_all = open_to_all
        await release(db, summit, site.clock)
        return summit.id


async def a_person(
    site: Site, role: Role | None, name: str = "", *, email: str = "", admin: bool = False, slug: str = SLUG
) -> Person:
    """Somebody with that role in the summit with that slug; the address follows from the name."""
    name = name or f"Test {role or 'nobody'}"
    email = email or f"{re.sub('[^a-z]+', '.', name.lower())}@example.org"
    async with site.db.writer() as db:
        summit_id = (await db.scalars(select(Summit.id).where(Summit.slug == slug))).one() if role else None
        return await make_person(db, email, role, summit_id, name, admin, site.clock)


async def sign_in(site: Site, role: Role | None, name: str = "", *, admin: bool = False) -> httpx2.AsyncClient:
    """A client who is signed in as somebody with that role; closed with the server."""
    person = await a_person(site, role, name, admin=admin)
    assert person.email is not None
    return await signed_in_as(site, person.email)


async def signed_in_as(site: Site, email: str) -> httpx2.AsyncClient:
    """A client who has signed in by a link, as people do: the page shows a button, the button signs in."""
    async with site.db.writer() as db:
        token = await sign_in_token(db, email, site.clock)
    client = await site.client()
    page = await client.get(f"/sign-in/{token}")
    assert page.status_code == 200, page.text
    assert "<button" in page.text
    answer = await client.post(f"/sign-in/{token}")
    assert answer.status_code == 303, answer.text
    return client


@pytest.fixture
async def summit_server(server: Server) -> Server:
    """A server with the usual summit, released."""
    await publish(server)
    return server
