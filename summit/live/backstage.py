"""What only moderators get of a room: raised hands, their own channel, and who is muted or removed."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.live.models import DeskMessage, Hand, LiveRules, Sanction
from summit.live.protocol import ChatView, HandView, SanctionView
from summit.live.question_models import Question
from summit.live.views import chat_view, hand_view, sanction_view

CHAT_KEPT = 100
"""So many words of the channel are told to a moderator who comes in."""


async def hands_up(db: AsyncSession, session_id: str) -> tuple[HandView, ...]:
    """The raised hands, the first first."""
    wanted = select(Hand).where(Hand.session_id == session_id).order_by(Hand.raised_at, Hand.person_id)
    return tuple(hand_view(hand) for hand in await db.scalars(wanted))


async def chat_of(db: AsyncSession, session_id: str) -> tuple[ChatView, ...]:
    """The last words of the channel, oldest first."""
    wanted = (
        select(DeskMessage)
        .where(DeskMessage.session_id == session_id)
        .order_by(DeskMessage.made_at.desc(), DeskMessage.id.desc())
        .limit(CHAT_KEPT)
    )
    return tuple(chat_view(said) for said in list(await db.scalars(wanted))[::-1])


async def sanctions_here(
    db: AsyncSession, rules: LiveRules, summit_id: str, session_id: str
) -> tuple[SanctionView, ...]:
    """The sanctions that hold here, oldest first."""
    wanted = select(Sanction).where(
        Sanction.summit_id == summit_id,
        Sanction.lifted_at.is_(None),
        or_(Sanction.session_id == session_id, Sanction.session_id.is_(None)),
    )
    return tuple([await as_seen(db, rules, made) for made in await db.scalars(wanted.order_by(Sanction.made_at))])


async def sanctions_seen(db: AsyncSession, rules: LiveRules, ids: Collection[str]) -> dict[str, SanctionView]:
    """The sanctions with these ids, also those that are lifted, as moderators may see them now."""
    made = list(await db.scalars(select(Sanction).where(Sanction.id.in_(ids)))) if ids else []
    return {each.id: await as_seen(db, rules, each) for each in made}


async def as_seen(db: AsyncSession, rules: LiveRules, made: Sanction) -> SanctionView:
    """A sanction as moderators may see it: the author of a nameless question stays nameless."""
    question = await db.get(Question, made.question_id) if made.question_id else None
    return sanction_view(made, is_nameless=question is not None and is_nameless(question, rules))


def is_nameless(question: Question, rules: LiveRules) -> bool:
    """Whether moderators may not know who asked that."""
    return question.anonymous and not (question.named_to_moderators and rules.names_to_moderators)
