"""Invitations to help run a summit as organisers see them: made, mailed, sent again, withdrawn."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _, locale, long_date, speaking
from summit.core.ids import new_token
from summit.core.mail.messages import Letter, bodies
from summit.core.mail.outbox import post
from summit.core.services import Services
from summit.core.text import tame
from summit.people.accounts import email_of, person_by_email
from summit.people.audit import record
from summit.people.models import Invitation, Person, Role
from summit.people.names import SessionName, SummitName
from summit.people.roles import Identity, identity_of, is_invited_elsewhere, organises, whose_mail
from summit.people.sign_in import hash_of
from summit.people.team import ALL, labels

DAYS = 14
NOTE_LENGTH = 500
LIMIT = "50/hour"
"""Invitation mails that one organiser may send."""


@dataclass(frozen=True)
class Wanted:
    """Who is to be invited to what: `session_ids` of those to moderate, none for all; `note` is a personal line."""

    email: str
    role: Role
    session_ids: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Sender:
    """In whose name and where an invitation goes out: `base_url` is that of links in mail."""

    services: Services
    by: Person
    summit: SummitName
    sessions: Sequence[SessionName]
    base_url: str


async def count_mail(sender: Sender) -> None:
    """Counts one more mail of this organiser, before the transaction that sends it; raises `TooMany`."""
    await sender.services.limiter.hit(LIMIT, "invitations", sender.by.id)


async def invite(db: AsyncSession, sender: Sender, wanted: Wanted) -> tuple[Invitation, str]:
    """Makes an invitation and mails it; gives it with its token, of which only the hash is kept.

    Raises `Invalid` for `email` (also where they have that role, or an open invitation to it), `sessions` or `note`.
    """
    address, note, now = email_of(wanted.email), tame(wanted.note), sender.services.clock()
    if len(note) > NOTE_LENGTH:
        raise Invalid(errors={"note": _("Use at most %(most)d characters.") % {"most": NOTE_LENGTH}})
    if not {one.id for one in sender.sessions}.issuperset(wanted.session_ids):
        raise Invalid(errors={"sessions": _("There is no such session in the programme.")})
    person = await person_by_email(db, address)
    if person is not None:
        await _demand_new(db, sender.summit.id, person, wanted)
    for other in await open_invitations(db, sender.summit.id):
        is_same = other.email == address and other.role == wanted.role and other.expires_at > now
        if is_same and (not other.session_ids or set(wanted.session_ids or ALL) <= set(other.session_ids)):
            said = _("%(email)s has an open invitation to that. You can send it again from the list.")
            raise Invalid(errors={"email": said % {"email": address}})
    made = Invitation(
        summit_id=sender.summit.id,
        email=address,
        role=wanted.role,
        session_ids=list(wanted.session_ids),
        made_at=now,
    )
    db.add(made)
    return made, await _send(db, sender, made, person, "invited", note)


async def send_again(db: AsyncSession, sender: Sender, id: str) -> tuple[Invitation, str]:
    """Mails it with a new link, in the sender's name and good for the whole time from now; the one before is dead.

    Raises `NotFound`.
    """
    made = await _find_open(db, sender.summit.id, id)
    person = await person_by_email(db, made.email)
    return made, await _send(db, sender, made, person, "invitation sent again", "")


async def withdraw(db: AsyncSession, summit_id: str, id: str, by: Person, clock: Clock) -> None:
    """Its link is dead from now on; raises `NotFound` where it is accepted or withdrawn already."""
    made = await _find_open(db, summit_id, id)
    made.withdrawn_at = clock()
    await record(db, summit_id, by.id, by.name, "invitation withdrawn", made.email, clock(), subject_id=made.id)


async def open_invitations(db: AsyncSession, summit_id: str) -> list[Invitation]:
    """Those that nobody has accepted or withdrawn, also expired ones; newest first."""
    found = await db.scalars(_open(summit_id).order_by(Invitation.made_at.desc(), Invitation.id.desc()))
    return list(found)


async def resting_invitations(db: AsyncSession, summit_id: str) -> set[str]:
    """The ids of open ones whose maker may no longer organise the summit; sent again by somebody else, they work."""
    found = await db.scalars(
        _open(summit_id)
        .outerjoin(Person, Person.id == Invitation.made_by)
        .where(Person.id.is_(None) | ~organises(summit_id))
        .with_only_columns(Invitation.id)
    )
    return set(found)


async def may_pass_on(db: AsyncSession, viewer: Identity, email: str) -> bool:
    """Whether the viewer may see the link that was made for that address, which may let in as its owner.

    Only where a local outbox is all the mail there is: for those whose mail they may read, and for whom nobody knows
    yet, unless another summit waits for them.
    """
    person = await person_by_email(db, email)
    if person is None:
        return not await is_invited_elsewhere(db, viewer, email)
    return await db.scalar(select(Person.id).where(Person.id == person.id, whose_mail(viewer))) is not None


async def _demand_new(db: AsyncSession, summit_id: str, person: Person, wanted: Wanted) -> None:
    who = await identity_of(db, person.id)
    if who.may("organiser", summit_id):
        said = _("%(name)s may do that already: they organise the summit.")
    elif wanted.role == "moderator" and who.may("moderator", summit_id):
        said = _("%(name)s may do that already: they moderate all sessions.")
    elif wanted.session_ids and who.moderated.get(summit_id, frozenset()).issuperset(wanted.session_ids):
        said = _("%(name)s may do that already: they moderate these sessions.")
    else:
        return
    raise Invalid(errors={"email": said % {"name": person.name}})


def _open(summit_id: str) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.summit_id == summit_id, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
    )


async def _find_open(db: AsyncSession, summit_id: str, id: str) -> Invitation:
    found: Invitation | None = await db.scalar(_open(summit_id).where(Invitation.id == id).with_for_update())
    if found is None:
        raise NotFound(_("That invitation is no longer open: it has been accepted or withdrawn."))
    return found


async def _send(
    db: AsyncSession, sender: Sender, made: Invitation, person: Person | None, action: str, note: str
) -> str:
    house, by = sender.services, sender.by
    token, now = new_token(), house.clock()
    made.token_hash, made.expires_at, made.made_by = hash_of(token), now + timedelta(days=DAYS), by.id
    await db.flush()
    with speaking((person.language if person else "") or locale()):
        post(db, _letter(sender, made, person, f"{sender.base_url}/invitations/{token}", note), house.clock)
    after: dict[str, Any] = {"role": made.role}
    if made.role == "moderator":
        after["sessions"] = labels(made.session_ids or ALL, sender.sessions)
    await record(db, made.summit_id, by.id, by.name, action, made.email, now, after=after, subject_id=made.id)
    return token


def _letter(sender: Sender, made: Invitation, person: Person | None, address: str, note: str) -> Letter:
    title = sender.summit.title.best(locale()).text
    subject = _("An invitation to help run %(title)s") % {"title": title}
    text, html = bodies(
        sender.services.templates,
        "invitation",
        subject=subject,
        address=address,
        host=urlsplit(address).netloc,
        by=sender.by.name,
        name=person.name if person else "",
        title=title,
        role=made.role,
        sessions=session_titles(made.session_ids, sender.sessions),
        note=note,
        days=DAYS,
        until=_day(made.expires_at),
    )
    return Letter(made.email, subject, text, html, person.name if person else "", secret_until=made.expires_at)


def session_titles(session_ids: Collection[str], sessions: Sequence[SessionName]) -> list[str]:
    """What these sessions are called in the reader's language, by time."""
    return [one.title.best(locale()).text for one in sessions if one.id in session_ids]


def _day(moment: datetime) -> str:
    return long_date(moment.date())
