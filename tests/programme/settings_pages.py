"""Organisers' forms as browsers send them: everything that stands in the form, with what somebody types over it."""

from typing import Any

import httpx2
from bs4 import BeautifulSoup, Tag
from sqlalchemy import select

from summit.people.models import AuditEntry
from summit.programme.drafts import draft
from summit.programme.models import Summit
from summit.programme.values import Programme
from tests.support.factories import SLUG
from tests.support.pages import soup
from tests.support.servers import Site

AT = f"/{SLUG}/organise"


def in_form(page: BeautifulSoup, address: str) -> dict[str, list[str]]:
    """What the form for that address would send now."""
    form = page.select_one(f'form[method="post"][action="{address}"]')
    assert form is not None, f"no form for {address}"
    found: dict[str, list[str]] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        for value in _sent(field):
            found.setdefault(str(field["name"]), []).append(value)
    return found


def _sent(field: Tag) -> list[str]:
    kind = field.get("type", "")
    if kind == "file" or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
        return []
    if field.name == "textarea":
        return [field.get_text()]
    if field.name == "select":
        chosen = field.select("option[selected]") or field.select("option")[:1]
        return [str(option["value"]) for option in chosen]
    return [str(field.get("value", ""))]


async def filled(client: httpx2.AsyncClient, page: str, action: str = "", **typed: Any) -> httpx2.Response:
    """Opens the page, types into its form (``title__sv`` is the field ``title.sv``) and sends it."""
    return await sent(client, await _opened(client, page), action or page, **typed)


async def uploaded(client: httpx2.AsyncClient, page: str, field: str, picture: bytes, **typed: Any) -> httpx2.Response:
    """As `filled`, with a picture chosen in a field."""
    opened = await _opened(client, page)
    file = {field: ("picture.png", picture, "image/png")}
    return await client.post(page, data=_typed(opened, page, typed), files=file)


async def sent(client: httpx2.AsyncClient, opened: httpx2.Response, action: str, **typed: Any) -> httpx2.Response:
    """As `filled`, from a page that was opened before."""
    return await client.post(action, data=_typed(opened, action, typed))


async def _opened(client: httpx2.AsyncClient, page: str) -> httpx2.Response:
    opened = await client.get(page)
    assert opened.status_code == 200, opened.text[:500]
    return opened


def _typed(opened: httpx2.Response, action: str, typed: dict[str, Any]) -> dict[str, Any]:
    return in_form(soup(opened), action) | {name.replace("__", "."): value for name, value in typed.items()}


async def drafted(site: Site, slug: str = SLUG) -> Programme:
    """The draft of the summit with that slug."""
    async with site.db.reader() as db:
        summit_id = (await db.scalars(select(Summit.id).where(Summit.slug == slug))).one()
        return await draft(db, summit_id)


async def log_of(site: Site, action: str) -> list[AuditEntry]:
    """What the audit log has of such acts."""
    async with site.db.reader() as db:
        return list(await db.scalars(select(AuditEntry).where(AuditEntry.action == action)))
