"""Who is muted or removed at this moment. What is done to whom, and by whom, is in `sanctions.py`."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Muted, NotAllowed
from summit.core.i18n import _
from summit.live.models import Sanction

_STANDING = (
    select(Sanction)
    .where(
        Sanction.summit_id == bindparam("summit"),
        Sanction.lifted_at.is_(None),
        or_(Sanction.session_id == bindparam("session"), Sanction.session_id.is_(None)),
    )
    .order_by(Sanction.made_at, Sanction.id)
)
_STANDING_OF = _STANDING.where(Sanction.person_id.in_(bindparam("people", expanding=True)))


class Removed(NotAllowed):
    """A moderator has shown this person out."""


@dataclass(frozen=True)
class Standing:
    """Whether somebody may speak, and be, in a room; `reason` is the moderator's, for the person."""

    is_muted: bool = False
    is_removed: bool = False
    reason: str = ""


async def standing_of(db: AsyncSession, summit_id: str, session_id: str, person_id: str) -> Standing:
    """How one person stands in one room."""
    return (await standings(db, summit_id, session_id, [person_id])).get(person_id, Standing())


async def standings(
    db: AsyncSession, summit_id: str, session_id: str, people: Iterable[str] | None = None
) -> dict[str, Standing]:
    """Those of these people (or of all) who are muted or removed in a room or in the whole summit."""
    values: dict[str, object] = {"summit": summit_id, "session": session_id}
    if people is not None:
        values["people"] = list(people)
    found: dict[str, Standing] = {}
    for sanction in await db.scalars(_STANDING if people is None else _STANDING_OF, values):
        before = found.get(sanction.person_id, Standing())
        found[sanction.person_id] = Standing(
            is_muted=True,
            is_removed=before.is_removed or sanction.action == "remove",
            reason=sanction.reason or before.reason,
        )
    return found


def demand_standing(standing: Standing, *, speaks: bool) -> None:
    """Raises `Removed` for one who was shown out, and `Muted` where they want to speak and may not."""
    if standing.is_removed:
        raise Removed(_with(_("The moderators have removed you from this session."), standing.reason))
    if speaks and standing.is_muted:
        words = _("The moderators have muted you in this session: you can read and vote, but not ask.")
        raise Muted(_with(words, standing.reason))


def _with(words: str, reason: str) -> str:
    theirs = _("Their reason: %(reason)s") % {"reason": reason}
    return f"{words} {theirs}" if reason else words
