"""The mail of a summit as its organisers see it: what went out, what waits, what failed, and what stayed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import Closed, NotFound
from summit.core.i18n import _
from summit.core.mail.models import Mail

A_PAGE = 50
STATES = ("waiting", "sent", "failed", "kept")
_FIELDS = ("q", "state", "kind")


@dataclass(frozen=True)
class Sought:
    """Which mail, and which page of it, from 1."""

    q: str = ""
    state: str = ""
    kind: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Sought":
        """From an address; what makes no sense there is as if it were missing."""
        found = {name: query.get(name, "").replace("\0", "").strip()[:200] for name in _FIELDS}
        page = query.get("page", "")
        return cls(**found, page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1)

    def query(self, **other: Any) -> str:
        """For the address of the same with something else, from the first page."""
        wanted = replace(self, **({"page": 1} | other))
        found = {name: value for name in _FIELDS if (value := getattr(wanted, name))}
        found |= {"page": str(wanted.page)} if wanted.page > 1 else {}
        return f"?{urlencode(found)}" if found else ""


@dataclass(frozen=True)
class Pageful:
    """A page of the list; `by_state` counts all mail of the summit, `kinds` are those that there are."""

    mails: Sequence[Mail]
    count: int
    page: int
    pages: int
    by_state: Mapping[str, int]
    kinds: Sequence[str]


async def page_of(db: AsyncSession, summit_id: str, sought: Sought) -> Pageful:
    """One page, the newest first; the last one where there are not as many."""
    wanted: list[ColumnElement[bool]] = [Mail.summit_id == summit_id]
    by_state = await db.execute(select(Mail.state, func.count()).where(*wanted).group_by(Mail.state))
    kinds = await db.scalars(select(Mail.kind).where(*wanted, Mail.kind != "").distinct().order_by(Mail.kind))
    if sought.state:
        wanted.append(Mail.state == sought.state)
    if sought.kind:
        wanted.append(Mail.kind == sought.kind)
    for word in sought.q.split():
        wanted.append((Mail.recipient + " " + Mail.recipient_name).icontains(word, autoescape=True))
    count = await db.scalar(select(func.count()).select_from(Mail).where(*wanted)) or 0
    pages = max(1, -(-count // A_PAGE))
    page = min(sought.page, pages)
    found = await db.scalars(
        select(Mail)
        .where(*wanted)
        .order_by(Mail.made_at.desc(), Mail.id.desc())
        .offset((page - 1) * A_PAGE)
        .limit(A_PAGE)
    )
    counts = {str(state): number for state, number in by_state}
    return Pageful(list(found), count, page, pages, counts, list(kinds))


async def mail_of(db: AsyncSession, summit_id: str, id: str) -> Mail:
    """One mail of the summit; raises `NotFound`."""
    found = await db.get(Mail, id)
    if found is None or found.summit_id != summit_id:
        raise NotFound(_("There is no such mail. It may have been erased."))
    return found


async def try_again(db: AsyncSession, summit_id: str, id: str, clock: Clock) -> None:
    """Lets a mail be sent that had failed. Raises `NotFound`, or `Closed` for one that is no use any more."""
    await mail_of(db, summit_id, id)
    mail = await db.get(Mail, id, with_for_update=True, populate_existing=True)
    assert mail is not None
    if mail.state != "failed":
        return
    if not mail.text or (mail.secret_until and mail.secret_until <= clock()):
        raise Closed(_("The link in it no longer works. Send them a new one instead."))
    mail.state, mail.attempts, mail.due_at, mail.last_error = "waiting", 0, clock(), ""
