"""What organisers do about releases, in few words."""

from typing import Any

import httpx2
from sqlalchemy import select

from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.sessions import change_session
from summit.programme.editing.tracking import Editor
from summit.programme.models import Summit
from tests.support.factories import SLUG
from tests.support.pages import soup, words
from tests.support.servers import Server

AT = f"/{SLUG}/organise/releases"


async def edit(server: Server, code: str, **fields: Any) -> None:
    """Changes a session in the draft, as Eva."""
    async with server.db.writer() as db:
        summit_id = (await db.scalars(select(Summit.id).where(Summit.slug == SLUG))).one()
        by = Editor("Eva Editor", server.clock())
        await change_session(db, summit_id, code, SessionEdit(**fields), by)


def said(page: httpx2.Response) -> str:
    """The changes on a page, in words, with titles and links as one reads them."""
    return " ".join(" ".join(part.get_text().split()) for part in soup(page).select(".changes"))


def form_of(page: httpx2.Response) -> dict[str, str]:
    """What the form on the page would send."""
    form = soup(page).select_one("form.organise-form")
    assert form is not None, words(page)
    return {str(one["name"]): str(one.get("value", "")) for one in form.select("input")}


async def release(browser: httpx2.AsyncClient, note: str = "") -> httpx2.Response:
    """Opens the page and presses its button."""
    return await browser.post(AT, data=form_of(await browser.get(AT)) | {"note": note})
