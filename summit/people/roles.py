"""What someone may do: the one place that decides it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, exists, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import NotAllowed, NotSignedIn
from summit.core.i18n import _
from summit.people.models import Device, Grant, Person, Role

_RANK: dict[str, int] = {"participant": 1, "moderator": 2, "organiser": 3}
_ADMIN = 4


@dataclass(frozen=True)
class Identity:
    """Who asks: a person with their roles, by summit; or nobody."""

    person: Person | None = None
    roles: dict[str, Role] = field(default_factory=dict)
    device_id: str = ""

    def may(self, role: Role, summit_id: str) -> bool:
        """Whether they have that role, or a higher one, in that summit."""
        return self._rank(summit_id) >= _RANK[role]

    def demand(self, role: Role, summit_id: str) -> Person:
        """The person, where they have that role; else raises `NotSignedIn` or `NotAllowed`."""
        if self.person is None:
            raise NotSignedIn(_("Sign in first."))
        if not self.may(role, summit_id):
            raise NotAllowed(_("Your account does not have access to this."))
        return self.person

    def _rank(self, summit_id: str) -> int:
        if self.person is None:
            return 0
        return _ADMIN if self.person.is_admin else _RANK.get(self.roles.get(summit_id, ""), 0)


async def identify(db: AsyncSession, device_id: str) -> Identity:
    """Who is signed in on that device; nobody where it is unknown or signed out."""
    found = await db.execute(
        select(Person, Grant.summit_id, Grant.role)
        .join(Device, Device.person_id == Person.id)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .where(Device.id == device_id, Device.revoked_at.is_(None))
    )
    return _identity(found.all(), device_id)


async def identify_all(db: AsyncSession, device_ids: Iterable[str]) -> dict[str, Identity]:
    """Who is signed in on these devices; those that are unknown or signed out are missing."""
    found = await db.execute(
        select(Device.id, Person, Grant.summit_id, Grant.role)
        .join(Person, Device.person_id == Person.id)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .where(Device.id.in_(set(device_ids)), Device.revoked_at.is_(None))
    )
    rows: defaultdict[str, list[tuple[Person, str, Role]]] = defaultdict(list)
    for device_id, person, summit_id, role in found:
        rows[device_id].append((person, summit_id, role))
    return {device_id: _identity(of_device, device_id) for device_id, of_device in rows.items()}


async def identity_of(db: AsyncSession, person_id: str) -> Identity:
    """A person's roles as they are now, whatever device they use."""
    found = await db.execute(
        select(Person, Grant.summit_id, Grant.role)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .where(Person.id == person_id)
    )
    return _identity(found.all(), "")


async def grant(db: AsyncSession, person: Person, role: Role, summit_id: str, clock: Clock) -> bool:
    """Gives the person the role; False where they had it."""
    had = await db.scalar(
        select(Grant).where(Grant.person_id == person.id, Grant.summit_id == summit_id, Grant.role == role)
    )
    if had is not None:
        return False
    try:
        async with db.begin_nested():
            db.add(Grant(person_id=person.id, summit_id=summit_id, role=role, made_at=clock()))
    except IntegrityError:
        # Granted since we looked.
        return False
    return True


def whose_mail(viewer: Identity) -> ColumnElement[bool]:
    """Which people's mail someone may read in the local outbox, as a condition on `Person`.

    A sign-in mail lets its reader in as its recipient. So organisers read the mail of those only who have nothing
    beyond the summits that they organise; admins read all.
    """
    if viewer.person is not None and viewer.person.is_admin:
        return true()
    organised = [summit_id for summit_id, role in viewer.roles.items() if role == "organiser"]
    theirs = Grant.person_id == Person.id
    return and_(
        Person.is_admin.is_(False),
        exists().where(theirs),
        ~exists().where(theirs, Grant.summit_id.not_in(organised)),
    )


def _identity(rows: Sequence[tuple[Person, str, Role]], device_id: str) -> Identity:
    if not rows:
        return Identity()
    roles: dict[str, Role] = {}
    for _person, summit_id, role in rows:
        if summit_id is not None and _RANK[role] > _RANK.get(roles.get(summit_id, ""), 0):
            roles[summit_id] = role
    return Identity(rows[0][0], roles, device_id)
