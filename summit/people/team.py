"""Who runs a summit: its organisers and moderators, and what they may do changed. Each change is in the audit log."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.people.audit import record
from summit.people.models import Grant, Person, Role
from summit.people.names import SessionName
from summit.people.roles import grant, revoke

ALL = ("",)
"""All sessions of a summit, where ids of single ones may stand."""


@dataclass(frozen=True)
class Member:
    """Somebody with a role. `session_ids` are the sessions that they moderate, `ALL` for all of them."""

    id: str
    name: str
    email: str
    session_ids: tuple[str, ...]
    since: datetime

    @property
    def has_all(self) -> bool:
        """Whether their role holds in the whole summit."""
        return "" in self.session_ids


@dataclass(frozen=True)
class Team:
    """Who runs a summit, by name; admins run all summits."""

    organisers: list[Member]
    moderators: list[Member]
    admins: list[str]


async def team_of(db: AsyncSession, summit_id: str) -> Team:
    """Who runs that summit."""
    rows = (
        await db.execute(
            select(Person, Grant)
            .join(Grant, Grant.person_id == Person.id)
            .where(Grant.summit_id == summit_id, Grant.role.in_(("organiser", "moderator")))
            .order_by(Person.name, Person.id)
        )
    ).all()
    admins = await db.scalars(select(Person.name).where(Person.is_admin).order_by(Person.name))

    def members(role: Role) -> list[Member]:
        held: defaultdict[Person, list[Grant]] = defaultdict(list)
        for person, one in rows:
            if one.role == role:
                held[person].append(one)
        return [_member(person, some) for person, some in held.items()]

    return Team(members("organiser"), members("moderator"), list(admins))


async def member_of(db: AsyncSession, summit_id: str, person_id: str, role: Role) -> Member:
    """One of them with that role; raises `NotFound`."""
    team = await team_of(db, summit_id)
    found = team.organisers if role == "organiser" else team.moderators if role == "moderator" else []
    for one in found:
        if one.id == person_id:
            return one
    raise NotFound(_("Nobody here has that role any more."))


async def moderators_of(db: AsyncSession, summit_id: str) -> dict[str, list[str]]:
    """The names of who moderates single sessions, by the session's id; under "" those who moderate all."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = await db.execute(
        select(Grant.session_id, Person.name)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.summit_id == summit_id, Grant.role == "moderator")
        .order_by(Person.name, Person.id)
    )
    for session_id, name in rows:
        found[session_id].append(name)
    return dict(found)


async def give_role(
    db: AsyncSession,
    summit_id: str,
    person: Person,
    role: Role,
    session_ids: Collection[str],
    by: Person,
    clock: Clock,
    sessions: Sequence[SessionName],
) -> bool:
    """Gives the role in the whole summit (`ALL`) or in these sessions; False where they had all of that."""
    return await _give(db, summit_id, person, role, session_ids, (by.id, by.name), clock, sessions)


async def copy_team(
    db: AsyncSession,
    source_id: str,
    summit_id: str,
    ids: Mapping[str, str],
    who: tuple[str | None, str],
    clock: Clock,
    sessions: Sequence[SessionName],
) -> None:
    """Gives the organisers and moderators of one summit the same roles in another one.

    `ids` are those of its sessions by the source's: who moderates others alone stays behind. `who` does it: id, name.
    """
    team = await team_of(db, source_id)
    roles: tuple[tuple[Role, list[Member]], ...] = (("organiser", team.organisers), ("moderator", team.moderators))
    for role, members in roles:
        for member in members:
            there = [ids[id] if id else id for id in member.session_ids if not id or id in ids]
            person = await db.get_one(Person, member.id)
            await _give(db, summit_id, person, role, there, who, clock, sessions)


async def _give(
    db: AsyncSession,
    summit_id: str,
    person: Person,
    role: Role,
    session_ids: Collection[str],
    who: tuple[str | None, str],
    clock: Clock,
    sessions: Sequence[SessionName],
) -> bool:
    new = [id for id in session_ids if await grant(db, person, role, summit_id, clock, id)]
    if new:
        after = {"role": role, "sessions": labels(new, sessions)} if role == "moderator" else {"role": role}
        await record(
            db, summit_id, *who, "role granted", _subject(person), clock(), after=after, subject_id=person.id
        )  # fmt: skip
    return bool(new)


async def set_moderated(
    db: AsyncSession,
    summit_id: str,
    person_id: str,
    session_ids: Collection[str],
    by: Person,
    clock: Clock,
    sessions: Sequence[SessionName],
) -> None:
    """Has a moderator moderate these sessions and no others, or `ALL`; raises `NotFound` for who is none."""
    had = await member_of(db, summit_id, person_id, "moderator")
    person = await db.get_one(Person, person_id)
    if set(had.session_ids) == set(session_ids):
        return
    await revoke(db, person_id, "moderator", summit_id, set(had.session_ids) - set(session_ids))
    for id in session_ids:
        await grant(db, person, "moderator", summit_id, clock, id)
    await record(
        db,
        summit_id,
        by.id,
        by.name,
        "moderator's sessions",
        _subject(person),
        clock(),
        before={"sessions": labels(had.session_ids, sessions)},
        after={"sessions": labels(session_ids, sessions)},
        subject_id=person_id,
    )


async def remove_role(
    db: AsyncSession,
    summit_id: str,
    person_id: str,
    role: Role,
    by: Person,
    clock: Clock,
    sessions: Sequence[SessionName],
) -> None:
    """Takes the role from somebody, or from oneself. A summit keeps an organiser: raises `Invalid` for the last.

    Raises `NotFound` for who has not got it.
    """
    if role == "organiser":
        await _demand_another(db, summit_id, person_id)
    person = await db.get(Person, person_id)
    held = await revoke(db, person_id, role, summit_id) if person else []
    if person is None or not held:
        raise NotFound(_("Nobody here has that role any more."))
    before = {"role": role, "sessions": labels(held, sessions)} if role == "moderator" else {"role": role}
    who = (by.id, by.name)
    await record(
        db, summit_id, *who, "role revoked", _subject(person), clock(), before=before, subject_id=person_id
    )  # fmt: skip


async def _demand_another(db: AsyncSession, summit_id: str, person_id: str) -> None:
    # Locked, so that of two who remove each other at the same time one stays (SQLite's writers queue anyway).
    organisers = await db.scalars(
        select(Grant)
        .where(Grant.summit_id == summit_id, Grant.role == "organiser")
        .order_by(Grant.id)
        .with_for_update()
    )
    if {one.person_id for one in organisers} == {person_id}:
        raise Invalid(
            _(
                "A summit needs an organiser, and this is the last one. Invite somebody else first; "
                "when they have accepted, come back."
            )
        )


def labels(session_ids: Iterable[str], sessions: Sequence[SessionName]) -> list[str]:
    """The sessions as the audit log calls them; none for `ALL`."""
    called = {one.id: str(one) for one in sessions}
    ids = list(session_ids)
    return [] if "" in ids else sorted(called.get(id, id) for id in ids)


def _member(person: Person, held: list[Grant]) -> Member:
    ids = tuple(sorted(one.session_id for one in held))
    return Member(person.id, person.name, person.email or "", ids, min(one.made_at for one in held))


def _subject(person: Person) -> str:
    return f"{person.name} <{person.email}>" if person.email else person.name
