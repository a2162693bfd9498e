"""Tokens: the keys by which programs work on one summit as their maker (RFC 6750). The one place that decides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from summit.core.i18n import _
from summit.core.ids import new_token
from summit.core.text import is_visible, one_line
from summit.people.audit import record
from summit.people.models import ApiToken, Person
from summit.people.roles import organises

Scope = Literal["programme:read", "programme:write"]
READ: Scope = "programme:read"
WRITE: Scope = "programme:write"
LIFETIMES: dict[str, timedelta | None] = {"month": timedelta(days=30), "year": timedelta(days=365), "never": None}
"""For how long a new token may work, by the word that a form sends."""
_PREFIX = "summit_"
"""So that programs that look for leaked secrets know one when they see it."""
_NAME_LENGTH = 80
_MOST = 50
_NOTED_EVERY = timedelta(minutes=1)

State = Literal["valid", "revoked", "expired", "resting"]


class BadToken(NotSignedIn):
    """No token, or one that lets nobody in (any more). `was_sent` tells which."""

    def __init__(self, message: str, *, was_sent: bool = True) -> None:
        super().__init__(message)
        self.was_sent = was_sent


class LacksScope(NotAllowed):
    """The token is good, and not for this; `scope` is what it would need."""

    def __init__(self, message: str, scope: Scope) -> None:
        super().__init__(message)
        self.scope = scope


@dataclass(frozen=True)
class Bearer:
    """A program that came with a good token: for which summit, in whose name, and to do what."""

    token_id: str
    name: str
    summit_id: str
    person_id: str
    scopes: frozenset[str]

    def demand(self, scope: Scope, summit_id: str | None) -> None:
        """Raises `NotAllowed` where the token is for another summit, or `LacksScope`."""
        if summit_id != self.summit_id:
            raise NotAllowed(_("This token is for another summit."))
        if scope not in self.scopes:
            raise LacksScope(_("This token may not do that. Make one that may change the draft."), scope)


@dataclass(frozen=True)
class Listed:
    """A token as organisers see it. A resting one works again when its maker is an organiser again."""

    token: ApiToken
    maker: str
    state: State


async def bearer_of(db: AsyncSession, secret: str, now: datetime) -> Bearer:
    """Who comes with that secret. It holds as long as its maker is an organiser of the summit; raises `BadToken`."""
    found = await db.execute(
        select(ApiToken, organises(ApiToken.summit_id))
        .outerjoin(Person, Person.id == ApiToken.made_by)
        .where(ApiToken.token_hash == _hash(secret))
    )
    row = found.one_or_none()
    if row is None:
        raise BadToken(_("There is no such token."))
    token: ApiToken = row[0]
    state = _state(token, now, bool(row[1]))
    if state != "valid" or token.made_by is None:
        raise BadToken(_what_is_wrong(state))
    return Bearer(token.id, token.name, token.summit_id, token.made_by, frozenset(token.scopes))


async def was_used(db: AsyncSession, token_id: str, now: datetime) -> bool:
    """Whether the token's last use is noted already, to the minute."""
    used_at = await db.scalar(select(ApiToken.used_at).where(ApiToken.id == token_id))
    return used_at is not None and now - used_at < _NOTED_EVERY


async def note_use(db: AsyncSession, token_id: str, now: datetime) -> None:
    """Notes when the token was used last."""
    await db.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=now))


async def tokens_of(db: AsyncSession, summit_id: str, now: datetime) -> list[Listed]:
    """All tokens of a summit: those that work first, then the newest first."""
    found = await db.execute(
        select(ApiToken, Person.name, organises(summit_id))
        .outerjoin(Person, Person.id == ApiToken.made_by)
        .where(ApiToken.summit_id == summit_id)
        .order_by(ApiToken.made_at.desc(), ApiToken.id.desc())
    )
    listed = [Listed(token, name or "", _state(token, now, bool(may))) for token, name, may in found]
    return sorted(listed, key=lambda one: one.state in ("revoked", "expired"))


async def make_token(
    db: AsyncSession, summit_id: str, name: str, scopes: Collection[Scope], lifetime: str, by: Person, now: datetime
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is kept nowhere. Raises `Invalid` by field."""
    name = one_line(name)
    errors: dict[str, str] = {}
    if not is_visible(name):
        errors["name"] = _("Enter a name that tells what the token is for.")
    elif len(name) > _NAME_LENGTH:
        errors["name"] = _("Use at most %(most)d characters.") % {"most": _NAME_LENGTH}
    if not scopes:
        errors["may"] = _("Choose what the program may do.")
    if lifetime not in LIFETIMES:
        errors["lifetime"] = _("Choose how long the token is to work.")
    if not errors and await _count(db, summit_id, now) >= _MOST:
        errors["name"] = _("There are %(most)d tokens already. Revoke those that nobody needs.") % {"most": _MOST}
    if errors:
        raise Invalid(errors=errors)
    span = LIFETIMES[lifetime]
    secret = _PREFIX + new_token()
    token = ApiToken(
        summit_id=summit_id,
        token_hash=_hash(secret),
        name=name,
        hint=secret[-4:],
        scopes=sorted(scopes),
        made_at=now,
        made_by=by.id,
        expires_at=now + span if span else None,
    )
    db.add(token)
    after = {"scopes": token.scopes, "expires": token.expires_at.isoformat() if token.expires_at else ""}
    await record(db, summit_id, by.id, by.name, "token made", _subject(token), now, after=after)
    return token, secret


async def revoke_token(db: AsyncSession, summit_id: str, token_id: str, by: Person, now: datetime) -> None:
    """Ends a token for good, at once. Raises `NotFound`; one that is revoked already stays as it is."""
    token: ApiToken | None = await db.scalar(
        select(ApiToken).where(ApiToken.summit_id == summit_id, ApiToken.id == token_id).with_for_update()
    )
    if token is None:
        raise NotFound(_("There is no such token."))
    if token.revoked_at is None:
        token.revoked_at = now
        await record(db, summit_id, by.id, by.name, "token revoked", _subject(token), now)


def _state(token: ApiToken, now: datetime, may: bool) -> State:
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at is not None and token.expires_at <= now:
        return "expired"
    if token.made_by is None or not may:
        return "resting"
    return "valid"


def _what_is_wrong(state: State) -> str:
    if state == "revoked":
        return _("This token has been revoked.")
    if state == "expired":
        return _("This token has expired.")
    return _("Whoever made this token is no longer an organiser of the summit.")


async def _count(db: AsyncSession, summit_id: str, now: datetime) -> int:
    """How many could still be used."""
    alive = ApiToken.expires_at.is_(None) | (ApiToken.expires_at > now)
    found = await db.scalar(
        select(func.count()).where(ApiToken.summit_id == summit_id, ApiToken.revoked_at.is_(None), alive)
    )
    return found or 0


def _hash(secret: str) -> str:
    # Many random bits: nothing to guess, so a plain hash is enough.
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _subject(token: ApiToken) -> str:
    return f"{token.name} (…{token.hint})"
