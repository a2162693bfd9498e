"""What askers are told has become of their questions: a merged one shares the fate of the one that it went into."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.live.protocol import QuestionView
from summit.live.question_models import PUBLIC, Question
from summit.live.views import own_view


async def own_views(db: AsyncSession, questions: Iterable[Question]) -> tuple[QuestionView, ...]:
    """The questions as their authors see them."""
    return tuple([own_view(question, is_lost=await is_lost(db, question)) for question in questions])


async def is_lost(db: AsyncSession, question: Question) -> bool:
    """Whether it was merged into a question that is not in the room any more, also by way of others."""
    target, passed = question, {question.id}
    while target.state == "merged" and target.merged_into_id and target.merged_into_id not in passed:
        further = await db.get(Question, target.merged_into_id)
        if further is None:
            break
        target = further
        passed.add(target.id)
    return target is not question and target.state not in PUBLIC


async def merged_into(db: AsyncSession, ids: Collection[str]) -> list[Question]:
    """All that was merged into these questions, also by way of others."""
    found: dict[str, Question] = {}
    targets = set(ids)
    while targets:
        wanted = select(Question).where(Question.merged_into_id.in_(targets), Question.state == "merged")
        new = {source.id: source for source in await db.scalars(wanted) if source.id not in found}
        found |= new
        targets = set(new)
    return list(found.values())
