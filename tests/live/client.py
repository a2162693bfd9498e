"""A window on the room over one connection: it keeps every message as it came, and says what answers it expects."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from summit.live.dialling import SUBPROTOCOL, dial
from summit.live.picture import Message as Message
from summit.live.picture import Picture

WAIT_SECONDS = 20.0
SEQUENCED = ("question", "gone", "announcement", "session", "poll", "hand", "sanction", "chat")
_numbers = itertools.count(1)


class Window:
    """Somebody's open window. `heard` is all that came, in order; the rest is the picture that follows from it."""

    def __init__(self, connection: ClientConnection, picture: Picture | None = None) -> None:
        self.connection = connection
        self.heard: list[Message] = []
        self.picture = picture or Picture()
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @property
    def is_over(self) -> bool:
        """Whether the connection has ended, and all that came over it is read."""
        return self._reading.done()

    @property
    def seq(self) -> int:
        """The number of the newest event."""
        return self.picture.seq or 0

    @property
    def session(self) -> Message:
        """The room's state."""
        return self.picture.session

    @property
    def questions(self) -> dict[str, Message]:
        """The questions that are on show here."""
        return self.picture.questions

    @property
    def announcements(self) -> dict[str, Message]:
        """What was announced."""
        return self.picture.announcements

    @property
    def asked(self) -> dict[str, Message]:
        """One's own questions."""
        return self.picture.mine.questions

    @property
    def voted(self) -> set[str]:
        """What one votes for."""
        return self.picture.mine.votes

    @property
    def present(self) -> int:
        """How many people are here."""
        return self.picture.present

    @property
    def hello(self) -> Message:
        """The last greeting."""
        return next(message for message in reversed(self.heard) if message["type"] == "hello")

    @property
    def events(self) -> list[Message]:
        """All sequenced messages, in order of arrival."""
        return [message for message in self.heard if message["type"] in SEQUENCED]

    @property
    def votes(self) -> dict[str, int]:
        """The counts as this window shows them."""
        return {id: question["votes"] for id, question in self.questions.items()}

    def of_type(self, kind: str) -> list[Message]:
        """All messages of one type."""
        return [message for message in self.heard if message["type"] == kind]

    async def send(self, kind: str, /, **fields: Any) -> str:
        """Sends a message and does not wait; gives its `ref`."""
        ref: str = fields.pop("ref", None) or f"ref-{next(_numbers)}"
        await self.connection.send(json.dumps({"type": kind, "ref": ref, **fields}))
        return ref

    async def do(self, kind: str, /, **fields: Any) -> Message:
        """Sends a message and waits for what is answered to it."""
        before = len(self.heard)
        ref = await self.send(kind, **fields)
        return await self.answer_to(ref, since=before)

    async def succeed(self, kind: str, /, **fields: Any) -> Message:
        """As `do`, for what has to be acknowledged."""
        answer = await self.do(kind, **fields)
        assert answer["type"] == "ack", answer
        return answer

    async def fail(self, kind: str, code: str, /, **fields: Any) -> Message:
        """As `do`, for what has to be refused with that code."""
        answer = await self.do(kind, **fields)
        assert answer["type"] == "error", answer
        assert answer["code"] == code, answer
        assert answer["message"], "an error without a word for the person"
        return answer

    async def ask(self, text: str, *, anonymous: bool = False, **fields: Any) -> str:
        """Asks a question; gives its id."""
        answer = await self.succeed("ask", text=text, anonymous=anonymous, **fields)
        return str(answer["id"])

    async def moderate(self, question: str, action: str, **fields: Any) -> Message:
        """Does a moderator's action."""
        return await self.succeed("moderate", question=question, action=action, **fields)

    async def send_raw(self, data: str | bytes) -> Message:
        """Sends just that, and waits for the next answer of any kind."""
        before = len(self.heard)
        await self.connection.send(data)
        return await self.hear(lambda message: message["type"] in ("ack", "error"), since=before)

    async def answer_to(self, ref: str, *, since: int = 0) -> Message:
        """The answer with that `ref`."""
        return await self.hear(lambda m: m["type"] in ("ack", "error") and m["ref"] == ref, since=since)

    async def hear(self, wanted: Callable[[Message], object], *, since: int = 0) -> Message:
        """The first message like that, waiting until it comes."""
        await self.until(lambda: any(wanted(message) for message in self.heard[since:]))
        return next(message for message in self.heard[since:] if wanted(message))

    async def until(self, holds: Callable[[], object], seconds: float = WAIT_SECONDS) -> None:
        """Waits until that holds of what was heard."""
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: holds() or self._reading.done())
        except TimeoutError:
            raise AssertionError(f"did not come to hold; heard last: {self.heard[-5:]}") from None
        assert holds(), f"the connection is over ({self.connection.close_code}); heard last: {self.heard[-5:]}"

    async def closed(self, seconds: float = WAIT_SECONDS) -> int | None:
        """Waits until the server has ended the connection; gives the code."""
        async with asyncio.timeout(seconds):
            await asyncio.shield(self._reading)
        return self.connection.close_code

    async def close(self) -> None:
        """Goes away."""
        await self.connection.close()
        await self._reading

    async def _read(self) -> None:
        try:
            async for text in self.connection:
                async with self._news:
                    self._take_in(json.loads(text))
                    self._news.notify_all()
        except ConnectionClosed:
            pass
        finally:
            async with self._news:
                self._news.notify_all()

    def _take_in(self, message: Message) -> None:
        self.heard.append(message)
        if self.picture.seq is None and message["type"] in SEQUENCED:
            self.picture.seq = message["seq"] - 1  # Somebody else has read what came before.
        assert self.picture.apply(message), f"one before it is missing: {self.heard[-5:]}"


@asynccontextmanager
async def window(
    address: str,
    cookie: str = "",
    *,
    after: int | str | None = None,
    resuming: Window | None = None,
    as_participant: bool = False,
    language: str = "en",
    origin: str | None = None,
    subprotocols: tuple[str, ...] = (SUBPROTOCOL,),
    greeted: bool = True,
    **options: Any,
) -> AsyncIterator[Window]:
    """A window on the socket at `address`, with that Cookie header. It has been greeted unless told otherwise.

    With `resuming` it goes on where that window was.
    """
    picture = resuming.picture.copy() if resuming else Picture(seq=after if isinstance(after, int) else None)
    connection = await dial(
        address,
        cookie=cookie,
        after=resuming.seq if resuming else after,
        as_participant=as_participant,
        language=language,
        origin=origin,
        subprotocols=subprotocols,
        proxy=None,
        **options,
    )
    opened = Window(connection, picture)
    try:
        if greeted:
            await opened.until(lambda: opened.heard)
        yield opened
    finally:
        await opened.close()
