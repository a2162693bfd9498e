"""Answers that are the same for everybody: given again as they were, until something was committed or their time is up.

It stands outside of all that finds out who asks and what for. So it only knows requests with nothing of one person in
them, and only answers of which the page itself says that they hold (`holds_until`).
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summit.core.services import Services

# What answers for everybody may depend on: the names in their Vary, the conditions of RFC 9110 §13, and the host.
_MATTERS = {
    b"accept",
    b"accept-encoding",
    b"accept-language",
    b"cookie",
    b"host",
    b"if-modified-since",
    b"if-none-match",
}
# Who sends one of these may get an answer of their own.
_OF_ONE = {b"authorization", b"range"}
_LARGEST_KEY = 2_000
_HOLDS = "holds_until"

Key = tuple[object, ...]


def holds_until(connection: HTTPConnection, moment: datetime) -> None:
    """Says of the answer to this request that it is for everybody who asks so, until that moment or the next commit."""
    connection.scope["state"][_HOLDS] = moment


@dataclass(frozen=True, slots=True)
class _Answer:
    commits: int
    since: datetime
    until: datetime
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Repeating:
    """Gives such answers again. `cookie` is the name of the one that tells who asks.

    At most so many bytes are kept; the longest unused goes first.
    """

    def __init__(self, app: ASGIApp, cookie: str, most_bytes: int = 24_000_000) -> None:
        self.app, self._cookie, self._most, self._bytes = app, cookie.encode(), most_bytes, 0
        self._answers: OrderedDict[Key, _Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._key(scope) if scope["type"] == "http" else None
        if key is None:
            await self.app(scope, receive, send)
            return
        house: Services = scope["state"]["services"]
        commits, now = house.commits.seen(), house.clock()
        if commits is None:
            await self.app(scope, receive, send)
            return
        found = self._answers.get(key)
        if found is None or found.commits != commits or not found.since <= now < found.until:
            await self.app(scope, receive, self._noting(key, commits, now, scope, send))
            return
        self._answers.move_to_end(key)
        await send({"type": "http.response.start", "status": found.status, "headers": found.headers})
        await send({"type": "http.response.body", "body": found.body})

    def _key(self, scope: Scope) -> Key | None:
        """All that such an answer may depend on; None for requests that may get one of their own."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        matters = [scope["method"], scope["scheme"], scope["path"], scope["query_string"]]
        for name, value in scope["headers"]:
            if name in _OF_ONE or (name == b"cookie" and self._cookie in value):
                return None
            if name in _MATTERS:
                matters += (name, value)
        return tuple(matters)

    def _noting(self, key: Key, commits: int, now: datetime, scope: Scope, send: Send) -> Send:
        start: Message | None = None

        async def note(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                # Whoever is further out adds to the headers of the message.
                start = {**message, "headers": list(message["headers"])}
            elif start and not message.get("more_body") and (until := scope["state"].get(_HOLDS)):
                body = message.get("body", b"")
                self._keep(key, _Answer(commits, now, until, start["status"], start["headers"], body))
            else:
                # It comes in parts, and this may be the first.
                start = None
            await send(message)

        return note

    def _keep(self, key: Key, answer: _Answer) -> None:
        if sum(len(part) for part in key if isinstance(part, str | bytes)) > _LARGEST_KEY:
            return
        before = self._answers.pop(key, None)
        self._bytes += _size(answer) - (_size(before) if before else 0)
        self._answers[key] = answer
        while self._bytes > self._most:
            self._bytes -= _size(self._answers.popitem(last=False)[1])


def _size(answer: _Answer) -> int:
    """With what its key and headers come to, about."""
    return len(answer.body) + 3_000
