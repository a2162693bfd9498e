"""What each audience may see of a thing: pure functions, and the one place that decides it."""

import msgspec

from summit.live.models import Announcement, Audience, Question, QuestionState, Room
from summit.live.protocol import (
    AnnouncementView,
    Author,
    QuestionView,
    SessionView,
    StreamView,
)
from summit.programme import values

PUBLIC: frozenset[QuestionState] = frozenset({"open", "answering", "answered", "merged"})
"""The states in which participants see a question."""


def question_view(question: Question, audience: Audience) -> QuestionView:
    """A question for that audience. Moderators' labels are theirs alone; nobody gets an anonymous asker's name."""
    by_name = not question.anonymous and question.author_id is not None
    return QuestionView(
        id=question.id,
        text=question.text,
        author=Author(question.author_id or "", question.author_name) if by_name else None,
        state=question.state,
        votes=question.votes,
        asked_at=question.asked_at,
        pinned=question.pinned,
        labels=tuple(question.labels) if audience == "moderators" else (),
        reply=question.reply or None,
        merged_into=None,
        edited=bool(question.original),
        anonymous=question.anonymous if audience == "moderators" else msgspec.UNSET,
    )


def own_view(question: Question) -> QuestionView:
    """A question as its author sees it, whatever its state."""
    author = Author(question.author_id or "", question.author_name)
    view = question_view(question, "participants")
    return msgspec.structs.replace(view, author=author, anonymous=question.anonymous)


def announcement_view(announcement: Announcement) -> AnnouncementView:
    """An announcement, the same for everybody."""
    return AnnouncementView(announcement.id, announcement.text, announcement.level, announcement.made_at)


def session_view(room: Room, session: values.Session, stage: values.Stage | None) -> SessionView:
    """The room's state, the same for everybody."""
    stream = stage.stream if stage else None
    return SessionView(
        code=session.code,
        state=room.state,
        questions=room.questions,
        moderation=room.moderation,
        stream=StreamView(stream.url, stream.kind) if stream else None,
        starts_at=session.start,
        ends_at=session.end,
    )
