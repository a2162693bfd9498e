"""What this process knows of votes, as its last group left them: while nobody else changes them, it need not look."""

from collections import OrderedDict
from typing import NamedTuple

MOST_ROOMS = 64
"""So many rooms are kept in mind, those that were voted in last. A person in one takes some hundred bytes."""


class Asked(NamedTuple):
    """What matters of a question that somebody votes for."""

    id: str
    state: str
    shown: bool


class Mark(NamedTuple):
    """The numbers of a locked room that tell whether what is known of it still holds.

    `voted` rises with each group and with whatever else changes votes, `reworded` where somebody is erased, and
    `moderators_seq` with all that becomes of a question.
    """

    voted: int
    reworded: int
    moderators_seq: int


class Known:
    """Of a room: some of its `questions`, and the ids of those that a person votes for (`votes`, by the person's).

    A question stays in its session: which ids are `here`, and which `elsewhere`, is known for good.
    """

    __slots__ = ("elsewhere", "here", "mark", "questions", "votes")

    def __init__(self, mark: Mark | None = None) -> None:
        self.mark = mark
        self.questions: dict[str, Asked] = {}
        self.votes: dict[str, list[str]] = {}
        self.here: set[str] = set()
        self.elsewhere: set[str] = set()


class Memory:
    """What is known of the rooms of this process."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[str, Known] = OrderedDict()

    def take(self, session_id: str, mark: Mark) -> Known:
        """What still holds in a room, at the beginning of the group with that mark. Only `keep` keeps it further."""
        known = self._rooms.pop(session_id, None)
        before = known.mark if known else None
        if known is None or before is None or (before.voted + 1, before.reworded) != (mark.voted, mark.reworded):
            return Known(mark)
        if before.moderators_seq != mark.moderators_seq:
            known.questions.clear()
        known.mark = mark
        return known

    def keep(self, session_id: str, known: Known) -> None:
        """Keeps it in mind, once the group is committed."""
        self._rooms[session_id] = known
        if len(self._rooms) > MOST_ROOMS:
            self._rooms.popitem(last=False)
