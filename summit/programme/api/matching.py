"""What a program has seen of a thing that it changes: If-Match against the revision (RFC 9110 §13.1.1)."""

import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from starlette.requests import Request

from summit.core.i18n import _
from summit.programme.api.answers import Stale, conflict_of
from summit.programme.editing.tracking import Overtaken
from summit.programme.models import Tracked

R = TypeVar("R", bound=Tracked)
# Proxies that compress make a tag weak; what it says stays exact, so such a one is understood, too.
_TAG = re.compile(r'(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]+)?"')


class Seen:
    """The revisions that a request says it has seen; without If-Match, any will do."""

    def __init__(self, request: Request) -> None:
        wanted = request.headers.get("if-match")
        self._any = wanted is None or wanted.strip() == "*"
        tags = (_TAG.fullmatch(one.strip()) for one in (wanted or "").split(","))
        self._revisions = [int(tag[1]) for tag in tags if tag]

    def check(self, row: Tracked) -> None:
        """Raises `Stale` where the row is another than was seen."""
        if not self._fits(row):
            raise Stale(self._words(row), None)

    async def change(self, row: R, change: Callable[[int | None], Awaitable[R]]) -> R:
        """Changes the row by `change`, which takes the revision that was seen; raises `Stale` with what conflicts."""
        if self._fits(row):
            return await change(None)
        words = self._words(row)
        try:
            await change(max(self._revisions, default=0))
        except Overtaken as overtaken:
            raise Stale(words, conflict_of(overtaken)) from None
        # Nothing of the same was changed, and yet it is not what was seen: the caller's transaction is rolled back.
        raise Stale(words, None)

    def _fits(self, row: Tracked) -> bool:
        return self._any or row.revision in self._revisions

    def _words(self, row: Tracked) -> str:
        return _("%(name)s has changed this since you read it. It is now revision %(number)d.") % {
            "name": row.changed_by or _("Somebody else"),
            "number": row.revision,
        }
