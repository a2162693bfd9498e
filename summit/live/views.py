"""What each audience may see of a thing: pure functions, and the one place that decides it."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec import UNSET

from summit.live.models import Announcement, Audience, DeskMessage, Hand, Room, Sanction
from summit.live.poll_models import Poll, PollWord
from summit.live.protocol import (
    AnnouncementView,
    Author,
    ChatView,
    Choice,
    HandView,
    PollView,
    QuestionView,
    SanctionView,
    SessionView,
    StreamView,
    Wall,
)
from summit.live.question_models import Question
from summit.live.streams import chosen_stream
from summit.programme import values

WORDS_SEEN = 100
"""A cloud of more words cannot be read."""


def question_view(question: Question, audience: Audience, *, names: bool = False) -> QuestionView:
    """A question for that audience.

    Labels, marks, notes and the text before an edit are the moderators' alone. Nobody gets an anonymous asker's name,
    but moderators where the summit's rules let them have `names`, and did so when it was asked.
    """
    is_moderator = audience == "moderators"
    is_named = not question.anonymous or (is_moderator and names and question.named_to_moderators)
    by_name = question.author_id is not None and is_named
    return QuestionView(
        id=question.id,
        text=question.text,
        author=Author(question.author_id or "", question.author_name) if by_name else None,
        state=question.state,
        votes=question.votes,
        asked_at=question.asked_at,
        pinned=question.pinned,
        labels=tuple(question.labels) if is_moderator else (),
        reply=question.reply or None,
        merged_into=question.merged_into_id if question.state == "merged" else None,
        edited=bool(question.original),
        version=question.version,
        picked=question.picked,
        rank=question.rank,
        reply_by=question.reply_by or None,
        anonymous=question.anonymous if is_moderator else UNSET,
        marks=tuple(question.marks) if is_moderator else UNSET,
        original=(question.original or None) if is_moderator else UNSET,
        note=(question.note or None) if is_moderator else UNSET,
    )


def own_view(question: Question, *, is_lost: bool) -> QuestionView:
    """A question as its author sees it, whatever its state.

    One that `is_lost`, since what it was merged into is not in the room, is dismissed to its author: nothing else is
    true of it, and a link would lead nowhere.
    """
    author = Author(question.author_id or "", question.author_name)
    view = question_view(question, "participants")
    if is_lost:
        view = msgspec.structs.replace(view, state="dismissed", merged_into=None)
    return msgspec.structs.replace(view, author=author, anonymous=question.anonymous, note=question.note or None)


def announcement_view(announcement: Announcement) -> AnnouncementView:
    """An announcement, the same for everybody."""
    everywhere = announcement.everywhere_id is not None
    return AnnouncementView(announcement.id, announcement.text, announcement.level, announcement.made_at, everywhere)


def session_view(room: Room, session: values.Session, stage: values.Stage | None) -> SessionView:
    """The room's state, the same for everybody."""
    source, stream = chosen_stream(stage.stream if stage else None, room.stream)
    return SessionView(
        code=session.code,
        state=room.state,
        questions=room.questions,
        moderation=room.moderation,
        stream=StreamView(stream.url, stream.kind) if stream else None,
        starts_at=session.start,
        ends_at=session.end,
        voting=room.voting,
        slow=room.slow_seconds,
        source=source,
        wall=msgspec.convert(room.wall or {}, Wall),
        held=room.held,
        lead=Author(room.lead_id, room.lead_name) if room.lead_id else None,
    )


def poll_view(
    poll: Poll, words: Iterable[PollWord], counts: Mapping[str, int], voters: int, audience: Audience
) -> PollView:
    """A poll for that audience: participants get no word that waits or is hidden, and no count or word before its time.

    `counts` are by choice or word, of all of them. Of very many words, participants see those that are written most.
    """
    is_moderator = audience == "moderators"
    seen = sorted(words, key=lambda word: -counts.get(word.id, 0))
    if not is_moderator:
        seen = [word for word in seen if poll.shown and word.state == "shown"][:WORDS_SEEN]
    choices = [Choice(choice["id"], choice["label"]) for choice in poll.choices]
    choices += [Choice(word.id, word.label, word.state if is_moderator else UNSET) for word in seen]
    results = {choice.id: counts.get(choice.id, 0) for choice in choices if choice.state in (UNSET, "shown")}
    return PollView(
        id=poll.id,
        title=poll.title,
        kind=poll.kind,
        choices=tuple(choices),
        state=poll.state,
        most=poll.most,
        low=poll.low or None,
        high=poll.high or None,
        shown=poll.shown,
        results=results if poll.shown else None,
        voters=voters if is_moderator or poll.shown else UNSET,
        counts={choice.id: counts.get(choice.id, 0) for choice in choices} if is_moderator else UNSET,
        version=poll.version if is_moderator else UNSET,
    )


def hand_view(hand: Hand, *, is_up: bool = True) -> HandView:
    """A hand, for moderators."""
    return HandView(Author(hand.person_id, hand.name), hand.raised_at if is_up else None)


def sanction_view(sanction: Sanction, *, is_nameless: bool) -> SanctionView:
    """A sanction, for moderators; `is_nameless` where they may not know whose question it was."""
    return SanctionView(
        id=sanction.id,
        person=None if is_nameless else Author(sanction.person_id, sanction.person_name),
        question=sanction.question_id,
        action=sanction.action,
        reason=sanction.reason,
        everywhere=sanction.session_id is None,
        by=sanction.made_by_name,
        made_at=sanction.made_at,
        lifted=sanction.lifted_at is not None,
    )


def chat_view(message: DeskMessage) -> ChatView:
    """A word among moderators."""
    return ChatView(message.id, Author(message.author_id or "", message.author_name), message.text, message.made_at)
