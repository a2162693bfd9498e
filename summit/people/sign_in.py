"""Signing in by a mailed link, or by the code that comes with it, and out again."""

import asyncio
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from urllib.parse import urlsplit

from limits import parse
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import Invalid, Refused
from summit.core.i18n import _, locale, speaking
from summit.core.ids import new_token
from summit.core.mail.messages import Letter, bodies
from summit.core.mail.outbox import post
from summit.core.services import Services
from summit.core.text import one_line
from summit.core.web import local_path
from summit.people.accounts import email_of, person_by_email
from summit.people.models import Device, Person, SignInLink

LINK_MINUTES = 15
CODE_DIGITS = 6
CODE_TRIES = 5
_NEXT_LENGTH = 500
_FORGET_AFTER = timedelta(days=1)
_ANSWER_SECONDS = 0.25
_TIMES_A_NETWORK = 3


@dataclass(frozen=True)
class Code:
    """A code to type, which only the browser that has the handle can use."""

    handle: str
    digits: str

    @property
    def hash(self) -> str:
        """What is kept of it: nothing to be found out without the handle."""
        return hash_of(f"{self.handle} {self.digits}")


class LinkSpent(Refused):
    """The link was used, has expired, or never was one."""

    status = 410
    code = "closed"


async def request_link(services: Services, email: str, next: str, network: str, base_url: str) -> str:
    """Mails a sign-in link to the person with that address, if there is one, and a code to type instead.

    Gives the handle by which the browser that asked can use the code (`use_code`). Nobody can tell from the answer, or
    from the time it takes, whether there is such a person. Raises `Invalid` for what is no address and `TooMany` for
    too many requests, known or not.
    """
    address = email_of(email)
    limit, handle = services.settings.sign_in_limit, new_token()
    async with same_time_for_all():
        await services.limiter.hit(_times(limit, _TIMES_A_NETWORK), "sign-in-network", network)
        await services.limiter.hit(limit, "sign-in", address)
        async with services.db.writer() as db:
            person = await person_by_email(db, address)
            if person is not None:
                code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
                token = await make_link(db, person, next, services.clock, code=Code(handle, code))
                with speaking(person.language or locale()):
                    post(db, _letter(services, person, f"{base_url}/sign-in/{token}", code), services.clock)
    return handle


@asynccontextmanager
async def same_time_for_all() -> AsyncIterator[None]:
    """What is done within it takes as long for a known address as for an unknown one."""
    began = monotonic()
    yield
    await asyncio.sleep(_ANSWER_SECONDS - (monotonic() - began))


def _times(limit: str, factor: int) -> str:
    item = parse(limit)
    return f"{item.amount * factor} per {item.multiples} {item.GRANULARITY.name}"


def _letter(services: Services, person: Person, address: str, code: str) -> Letter:
    subject = _("Your link to sign in")
    text, html = bodies(
        services.templates,
        "sign_in",
        subject=subject,
        address=address,
        host=urlsplit(address).netloc,
        minutes=LINK_MINUTES,
        code=f"{code[:3]} {code[3:]}",
    )
    until = services.clock() + timedelta(minutes=LINK_MINUTES)
    return Letter(person.email or "", subject, text, html, person.name, secret_until=until)


async def make_link(
    db: AsyncSession,
    person: Person,
    next: str,
    clock: Clock,
    minutes: float = LINK_MINUTES,
    code: Code | None = None,
) -> str:
    """A new link's token, good once for that many minutes, and its code where there is to be one.

    Only their hashes are kept, so the token is shown here alone.
    """
    now, token = clock(), new_token()
    await db.execute(delete(SignInLink).where(SignInLink.expires_at < now - _FORGET_AFTER))
    path = local_path(next)
    db.add(
        SignInLink(
            token_hash=hash_of(token),
            person_id=person.id,
            next=path if len(path) <= _NEXT_LENGTH else "/",
            made_at=now,
            expires_at=now + timedelta(minutes=minutes),
            handle=hash_of(code.handle) if code else "",
            code_hash=code.hash if code else "",
        )
    )
    return token


async def link_for(db: AsyncSession, token: str, clock: Clock) -> tuple[SignInLink, Person]:
    """The link and whom it signs in, without using it; raises `LinkSpent`."""
    found = await db.execute(
        select(SignInLink, Person)
        .join(Person, Person.id == SignInLink.person_id)
        .where(SignInLink.token_hash == hash_of(token), SignInLink.used_at.is_(None), SignInLink.expires_at > clock())
    )
    row = found.one_or_none()
    if row is None:
        raise LinkSpent
    return row[0], row[1]


async def use_link(db: AsyncSession, token: str, user_agent: str, clock: Clock) -> Device:
    """Signs a browser in; raises `LinkSpent`. Of several who try the same link at the same time one gets in."""
    now = clock()
    person_id = await db.scalar(
        update(SignInLink)
        .where(SignInLink.token_hash == hash_of(token), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.person_id)
        .execution_options(synchronize_session=False)
    )
    if person_id is None:
        raise LinkSpent
    return await new_device(db, person_id, user_agent, clock)


async def use_code(services: Services, handle: str, typed: str, user_agent: str) -> tuple[Device, str]:
    """Signs a browser in by the code that was mailed; gives the device, and the address to go on to.

    Raises `Invalid` for a wrong one, `TooMany` after a few. An address that nobody has has no right code, and the same
    answers.
    """
    digits = "".join(sign for sign in typed if sign.isdecimal() and sign.isascii())
    if not digits:
        raise Invalid(errors={"code": _("Enter the code from the mail: %(count)d digits.") % {"count": CODE_DIGITS}})
    await services.limiter.hit(f"{CODE_TRIES}/{LINK_MINUTES} minutes", "sign-in-code", hash_of(handle))
    now, code = services.clock(), Code(handle, digits)
    is_open = (
        SignInLink.handle == hash_of(handle),
        SignInLink.handle != "",
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > now,
        SignInLink.tries < CODE_TRIES,
    )
    async with services.db.writer() as db:
        found = await db.execute(
            update(SignInLink)
            .where(*is_open, SignInLink.code_hash == code.hash)
            .values(used_at=now)
            .returning(SignInLink.person_id, SignInLink.next)
            .execution_options(synchronize_session=False)
        )
        if row := found.one_or_none():
            return await new_device(db, row.person_id, user_agent, services.clock), row.next
        await db.execute(
            update(SignInLink)
            .where(*is_open)
            .values(tries=SignInLink.tries + 1)
            .execution_options(synchronize_session=False)
        )
    said = _("That is not the code, or it no longer works. Look at the newest mail, or use the link in it.")
    raise Invalid(errors={"code": said})


async def new_device(db: AsyncSession, person_id: str, user_agent: str, clock: Clock) -> Device:
    """A browser that the person is signed in with from now on."""
    device = Device(person_id=person_id, label=one_line(user_agent)[:200], made_at=clock())
    db.add(device)
    await db.flush()
    return device


async def sign_out(db: AsyncSession, device_id: str, clock: Clock) -> None:
    """Signs the browser out, wherever its cookie may have been copied to."""
    still_in = (Device.id == device_id, Device.revoked_at.is_(None))
    await db.execute(
        update(Device).where(*still_in).values(revoked_at=clock()).execution_options(synchronize_session=False)
    )


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
