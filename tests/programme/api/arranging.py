"""Programs that work on the usual summit."""

from typing import Any

import httpx2

from summit.people.tokens import READ, WRITE, make_token
from tests.support.arranging import a_person
from tests.support.factories import SLUG
from tests.support.servers import Site

AT = f"/api/v1/summits/{SLUG}"


async def a_token(site: Site, summit_id: str, *, may_write: bool = True, name: str = "Planner") -> str:
    """The secret of a token that an organiser has made."""
    organiser = await a_person(site, "organiser", "Maja Maker")
    async with site.db.writer() as db:
        scopes = (READ, WRITE) if may_write else (READ,)
        _token, secret = await make_token(db, summit_id, name, scopes, "year", organiser, site.clock())
    return secret


async def a_program(site: Site, summit_id: str, *, may_write: bool = True) -> httpx2.AsyncClient:
    """A program with such a token."""
    secret = await a_token(site, summit_id, may_write=may_write)
    return await site.client(authorization=f"Bearer {secret}", accept="application/json")


def problem(answer: httpx2.Response, status: int) -> Any:
    """The problem document of a refusal with that status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()
