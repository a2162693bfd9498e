"""What someone may do: the one place that decides it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, exists, inspect, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, make_transient_to_detached

from summit.core.bulk import Bulk
from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.errors import NotAllowed, NotSignedIn
from summit.core.glances import Glance, parameter
from summit.core.i18n import _
from summit.core.mail.models import Mail
from summit.people.models import Device, Grant, Invitation, Person, Role

_RANK: dict[str, int] = {"participant": 1, "moderator": 2, "organiser": 3}
_ADMIN = 4


@dataclass(frozen=True)
class Identity:
    """Who asks: a person with their roles, by summit; or nobody.

    `roles` hold in all of a summit; `moderated` has the ids of the sessions that somebody moderates one by one, by
    summit. Whoever does that takes part in the summit, too.
    """

    person: Person | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    device_id: str = ""
    moderated: dict[str, frozenset[str]] = field(default_factory=dict)

    def may(self, role: Role, summit_id: str, session_id: str = "") -> bool:
        """Whether they have that role, or a higher one, in that summit: in all of it, or in that session of it."""
        if self._rank(summit_id) >= _RANK[role]:
            return True
        return role == "moderator" and session_id in self.moderated.get(summit_id, ())

    def moderates_any(self, summit_id: str) -> bool:
        """Whether they moderate at least one session there."""
        return self.may("moderator", summit_id) or bool(self.moderated.get(summit_id))

    def demand(self, role: Role, summit_id: str, session_id: str = "") -> Person:
        """The person, where they have that role, as `may` says; else raises `NotSignedIn` or `NotAllowed`."""
        return self._demand(self.may(role, summit_id, session_id))

    def demand_any(self, summit_id: str) -> Person:
        """The person, where they moderate at least one session; else raises `NotSignedIn` or `NotAllowed`."""
        return self._demand(self.moderates_any(summit_id))

    def _demand(self, is_theirs: bool) -> Person:
        if self.person is None:
            raise NotSignedIn(_("Sign in first."))
        if not is_theirs:
            raise NotAllowed(_("Your account does not have access to this."))
        return self.person

    def _rank(self, summit_id: str) -> int:
        if self.person is None:
            return 0
        return _ADMIN if self.person.is_admin else _RANK.get(self.roles.get(summit_id, ""), 0)


async def identify(db: Database, device_id: str) -> Identity:
    """Who is signed in on that device; nobody where it is unknown or signed out."""
    found = await db.glance(_ON_DEVICE, device_id=device_id)
    if not found:
        return Identity()
    person: Person = inspect(Person).class_manager.new_instance()
    person.__dict__.update(zip(_PERSON, found[0], strict=False))
    make_transient_to_detached(person)
    return _identity([_Row(person, *row[len(_PERSON) :]) for row in found], device_id)


_PERSON = [attribute.key for attribute in inspect(Person).column_attrs]
_ON_DEVICE = Glance(
    select(*(getattr(Person, name) for name in _PERSON), Grant.summit_id, Grant.role, Grant.session_id)
    .join(Device, Device.person_id == Person.id)
    .outerjoin(Grant, Grant.person_id == Person.id)
    .where(Device.id == parameter("device_id"), Device.revoked_at.is_(None))
)


async def identify_all(db: AsyncSession, device_ids: Iterable[str]) -> dict[str, Identity]:
    """Who is signed in on these devices; those that are unknown or signed out are missing."""
    found = await db.execute(
        select(Device.id, Person, Grant.summit_id, Grant.role, Grant.session_id)
        .join(Person, Device.person_id == Person.id)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .where(Device.id.in_(set(device_ids)), Device.revoked_at.is_(None))
    )
    rows: defaultdict[str, list[_Row]] = defaultdict(list)
    for device_id, person, summit_id, role, session_id in found:
        rows[device_id].append(_Row(person, summit_id, role, session_id))
    return {device_id: _identity(of_device, device_id) for device_id, of_device in rows.items()}


async def rights_on(db: AsyncSession, device_ids: Iterable[str]) -> dict[str, set[Sequence[object]]]:
    """What somebody's rights follow from, by the device they are signed in on: to tell whether any have changed."""
    found: defaultdict[str, set[Sequence[object]]] = defaultdict(set)
    for device_id, *right in await _RIGHTS.execute(db, ((device_id,) for device_id in device_ids)):
        found[device_id].add(tuple(right))
    return found


_RIGHTS = Bulk(
    "SELECT device.id, person.id, person.is_admin, role_grant.summit_id, role_grant.role, role_grant.session_id "
    "FROM {rows} JOIN device ON device.id = rows.device_id JOIN person ON person.id = device.person_id "
    "LEFT JOIN role_grant ON role_grant.person_id = person.id WHERE device.revoked_at IS NULL",
    "device_id",
)


async def identity_of(db: AsyncSession, person_id: str) -> Identity:
    """A person's roles as they are now, whatever device they use."""
    found = await db.execute(
        select(Person, Grant.summit_id, Grant.role, Grant.session_id)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .where(Person.id == person_id)
    )
    return _identity([_Row(*row) for row in found], "")


async def grant(
    db: AsyncSession, person: Person, role: Role, summit_id: str, clock: Clock, session_id: str = ""
) -> bool:
    """Gives the person the role, a moderator's perhaps for one session alone; False where they had it."""
    wanted = _grants(person.id, role, summit_id).where(Grant.session_id == session_id)
    if await db.scalar(wanted) is not None:
        return False
    made = Grant(person_id=person.id, summit_id=summit_id, role=role, session_id=session_id, made_at=clock())
    try:
        async with db.begin_nested():
            db.add(made)
    except IntegrityError:
        # Granted since we looked.
        return False
    return True


async def revoke(
    db: AsyncSession, person_id: str, role: Role, summit_id: str, session_ids: Collection[str] | None = None
) -> list[str]:
    """Takes the role away, a moderator's for all sessions and for single ones, or for these; gives for which they had
    it.

    That is the id of each session, empty for all. It holds in open windows within seconds.
    """
    wanted = _grants(person_id, role, summit_id)
    found = list(await db.scalars(wanted if session_ids is None else wanted.where(Grant.session_id.in_(session_ids))))
    for one in found:
        await db.delete(one)
    await db.flush()
    return sorted(one.session_id for one in found)


async def forget_session(db: AsyncSession, session_id: str) -> None:
    """Takes the role from all who moderate that session alone: it is going to be removed."""
    await db.execute(delete(Grant).where(Grant.session_id == session_id))


def _grants(person_id: str, role: Role, summit_id: str) -> Select[Grant]:
    return select(Grant).where(Grant.person_id == person_id, Grant.summit_id == summit_id, Grant.role == role)


def organises(summit_id: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether somebody may organise that summit, as a condition on `Person`."""
    is_organiser = exists().where(Grant.person_id == Person.id, Grant.summit_id == summit_id, Grant.role == "organiser")
    return or_(Person.is_admin, is_organiser)


def whose_mail(viewer: Identity) -> ColumnElement[bool]:
    """Which people's mail someone may read in the local outbox, as a condition on `Person`.

    A sign-in mail lets its reader in as its recipient, and an invitation into a summit. So organisers read the mail of
    those only who have nothing, and are invited to nothing, beyond the summits that they organise; admins read all.
    """
    if viewer.person is not None and viewer.person.is_admin:
        return true()
    theirs = Grant.person_id == Person.id
    return and_(
        Person.is_admin.is_(False),
        exists().where(theirs),
        ~exists().where(theirs, Grant.summit_id.not_in(_organised(viewer))),
        ~exists().where(Invitation.email == Person.email, _is_of_others(viewer)),
    )


def is_to_newcomer(viewer: Identity) -> ColumnElement[bool]:
    """Whether mail goes to an address that nobody has yet, nor is invited anywhere else: a condition on `Mail`.

    Its reader becomes a participant of the summit that it is about, and nothing more.
    """
    return and_(Person.id.is_(None), ~exists().where(Invitation.email == Mail.recipient, _is_of_others(viewer)))


async def is_invited_elsewhere(db: AsyncSession, viewer: Identity, email: str) -> bool:
    """Whether that address has an open invitation to a summit that the viewer may not organise."""
    if viewer.person is not None and viewer.person.is_admin:
        return False
    found = select(Invitation.id).where(Invitation.email == email, _is_of_others(viewer)).limit(1)
    return await db.scalar(found) is not None


def _organised(viewer: Identity) -> list[str]:
    return [summit_id for summit_id, role in viewer.roles.items() if role == "organiser"]


def _is_of_others(viewer: Identity) -> ColumnElement[bool]:
    return and_(
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.summit_id.not_in(_organised(viewer)),
    )


class _Row(NamedTuple):
    """A person with one of their roles, or with none."""

    person: Person
    summit_id: str | None
    role: Role | None
    session_id: str | None


def _identity(rows: Sequence[_Row], device_id: str) -> Identity:
    if not rows:
        return Identity()
    roles: dict[str, Role] = {}
    moderated: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.summit_id is None or row.role is None:
            continue
        role: Role = "participant" if row.session_id else row.role
        if _RANK[role] > _RANK.get(roles.get(row.summit_id, ""), 0):
            roles[row.summit_id] = role
        if row.session_id and row.role == "moderator":
            moderated[row.summit_id].add(row.session_id)
    return Identity(rows[0].person, roles, device_id, {id: frozenset(found) for id, found in moderated.items()})
