"""Who moderates one session, and moderators of the team added to it or taken from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.clock import Clock
from summit.people.models import Person
from summit.people.names import SessionName
from summit.people.team import Member, member_of, remove_role, set_moderated, team_of


@dataclass(frozen=True)
class SessionTeam:
    """The moderators that a session has: `general` ones of all sessions, and `own` ones who were chosen for it.

    `others` moderate other sessions and could moderate this one, too. By name.
    """

    general: list[Member]
    own: list[Member]
    others: list[Member]


async def session_team(db: AsyncSession, summit_id: str, session_id: str) -> SessionTeam:
    """The moderators of a summit as one of its sessions sees them."""
    moderators = (await team_of(db, summit_id)).moderators
    single = [one for one in moderators if not one.has_all]
    return SessionTeam(
        general=[one for one in moderators if one.has_all],
        own=[one for one in single if session_id in one.session_ids],
        others=[one for one in single if session_id not in one.session_ids],
    )


async def add_moderator(
    db: AsyncSession,
    summit_id: str,
    session_id: str,
    person_id: str,
    by: Person,
    clock: Clock,
    sessions: Sequence[SessionName],
) -> None:
    """Has a moderator moderate this session, too; raises `NotFound` for who moderates none."""
    had = await member_of(db, summit_id, person_id, "moderator")
    if not had.has_all:
        wanted = {*had.session_ids, session_id}
        await set_moderated(db, summit_id, person_id, wanted, by, clock, sessions)


async def take_moderator(
    db: AsyncSession,
    summit_id: str,
    session_id: str,
    person_id: str,
    by: Person,
    clock: Clock,
    sessions: Sequence[SessionName],
) -> None:
    """Takes this session from a moderator, and with their last session the role; raises `NotFound` as above."""
    had = await member_of(db, summit_id, person_id, "moderator")
    left = {id for id in had.session_ids if id != session_id}
    if left:
        await set_moderated(db, summit_id, person_id, left, by, clock, sessions)
    else:
        await remove_role(db, summit_id, person_id, "moderator", by, clock, sessions)
