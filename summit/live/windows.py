"""How many windows one person may have open on a room."""

from collections.abc import Collection

from summit.live.listeners import Listener

MOST_WINDOWS = 12
"""Of one person in one session, in each process."""


class Windows:
    """The open windows of each person in a room, oldest first.

    Beyond `MOST_WINDOWS` the oldest has to go, not the newest: that one is looked at, and of the old ones some may hang
    on a line that died without a word. The wall, which is nobody, may be shown in any number.
    """

    def __init__(self) -> None:
        self._of: dict[str, list[Listener]] = {}

    @property
    def people(self) -> Collection[str]:
        """The ids of those who have one, each once."""
        return self._of.keys()

    def add(self, listener: Listener) -> list[Listener]:
        """Counts a window in; gives those that have to go for it."""
        if not listener.person_id:
            return []
        theirs = self._of.setdefault(listener.person_id, [])
        theirs.append(listener)
        surplus, theirs[:] = theirs[:-MOST_WINDOWS], theirs[-MOST_WINDOWS:]
        return surplus

    def of(self, person_id: str) -> tuple[Listener, ...]:
        """That person's windows."""
        return tuple(self._of.get(person_id, ()))

    def discard(self, listener: Listener) -> None:
        """Counts a window out."""
        theirs = self._of.get(listener.person_id, [])
        if listener in theirs:
            theirs.remove(listener)
        if not theirs:
            self._of.pop(listener.person_id, None)
