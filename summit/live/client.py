"""A client of the live socket for programs: tests, simulated people, benchmarks, and whatever you build.

It knows the protocol from its description alone (`/api/v1/asyncapi.json`) and needs nothing of the server.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from summit.live.dialling import dial
from summit.live.picture import Message, Picture

RESTART = 1012
TOO_LARGE = 1009
SHUT_OUT = (4401, 4403, 4429)
"""Close codes after which coming back is no use: signed out, not (or no longer) allowed, and too many newer windows."""
SHORTEST_SECONDS = 0.5
RESTART_SECONDS = 1.5
LONGEST_SECONDS = 15.0
"""Between two attempts to connect."""
LARGEST = 64 * 1024
"""Of a message, in bytes: what is larger ends the connection."""


class Answered(Exception):
    """A message was not carried out. `code` is for programs, `message` for the person, `retry_after` in seconds."""

    def __init__(self, error: Message) -> None:
        self.code: str = error["code"]
        self.message: str = error["message"]
        self.retry_after: float | None = error.get("retry_after")
        super().__init__(f"{self.code}: {self.message}")


class NotLetIn(Exception):
    """The room is shut for this person. `status` is that of HTTP, or the close code of the WebSocket."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(f"{status} {message}".strip())


@dataclass(frozen=True)
class _Sent:
    text: str
    answer: asyncio.Future[Message] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class RoomClient:
    """Somebody's place in a room, over one connection after the other.

    `picture` is what the room looks like now. A lost connection comes back by itself and goes on where it broke off;
    what was not answered is sent again under its old `ref`, which changes nothing where the server has it already::

        address = "wss://summit.example/sis2020/sessions/BYBUTK/live/socket"
        async with RoomClient(address, cookie="summit_device=…") as room:
            question = await room.ask("What does it cost?")
            await room.until(lambda picture: question in picture.questions)
            async for message in room:
                print(message["type"], room.picture.present)

    `cookie` is the Cookie header of a signed-in browser. `picture` may be an older one, to go on from. `options` are
    those of `websockets.connect`. `chance` spreads the attempts to come back. `largest` is what the server takes of one
    message, in bytes.
    """

    def __init__(
        self,
        address: str,
        *,
        cookie: str = "",
        as_participant: bool = False,
        language: str = "en",
        picture: Picture | None = None,
        chance: Random | None = None,
        largest: int = LARGEST,
        **options: Any,
    ) -> None:
        self.picture = picture or Picture()
        self._address = address
        self._options = {"cookie": cookie, "as_participant": as_participant, "language": language, **options}
        self._chance, self._largest = chance or Random(), largest
        self._unanswered: dict[str, _Sent] = {}
        self._connection: ClientConnection | None = None
        self._in_order = asyncio.Lock()
        self._readers: set[asyncio.Queue[Message | None]] = set()
        self._waiters: set[asyncio.Future[None]] = set()
        self._life: asyncio.Task[None] | None = None
        self._failures = 0

    @property
    def is_connected(self) -> bool:
        """Whether the room has greeted, and the connection stands."""
        return self._connection is not None

    @property
    def unanswered(self) -> list[str]:
        """The `ref` of everything that was sent and has no answer yet, oldest first."""
        return list(self._unanswered)

    async def __aenter__(self) -> Self:
        """Comes in and waits for the greeting. Raises `NotLetIn`, or what `websockets.connect` does."""
        self._life = asyncio.create_task(self._live(await self._connect()))
        self._life.add_done_callback(lambda _life: self._tell(None))
        try:
            await self.until(lambda _picture: self.is_connected)
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Goes away for good. What has no answer by then never gets one."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)

    async def send(self, kind: str, /, **fields: Any) -> str:
        """Sends a message of that type and does not wait for the answer; gives its `ref`. Raises as `do`."""
        ref, _sent = await self._send(kind, fields)
        return ref

    async def do(self, kind: str, /, **fields: Any) -> Message:
        """Sends a message and gives the acknowledgement, however often the connection breaks before it comes.

        Raises `Answered` where it is not carried out, `NotLetIn`, and ConnectionError once the client is closed.
        """
        _ref, sent = await self._send(kind, fields)
        assert self._life is not None
        await asyncio.wait((sent.answer, self._life), return_when=asyncio.FIRST_COMPLETED)
        if not sent.answer.done():
            self._demand_life()
        answer = sent.answer.result()
        if answer["type"] == "error":
            raise Answered(answer)
        return answer

    async def ask(self, text: str, *, anonymous: bool = False) -> str:
        """Asks a question; gives its id."""
        return str((await self.do("ask", text=text, anonymous=anonymous))["id"])

    async def vote(self, question: str, *, on: bool = True) -> Message:
        """Votes for a question, or takes that back."""
        return await self.do("vote", question=question, on=on)

    async def withdraw(self, question: str) -> Message:
        """Takes one's own question back."""
        return await self.do("withdraw", question=question)

    async def ballot(self, poll: str, *choices: str) -> Message:
        """Answers a poll, in place of what was answered before. `choices` are ids, or words where it is an open one."""
        return await self.do("ballot", poll=poll, choices=choices)

    async def react(self, reaction: str) -> Message:
        """Sends a reaction."""
        return await self.do("react", reaction=reaction)

    async def moderate(self, question: str, action: str, **fields: Any) -> Message:
        """Does something with a question as a moderator."""
        return await self.do("moderate", question=question, action=action, **fields)

    async def until(self, holds: Callable[[Picture], object], seconds: float | None = None) -> Picture:
        """Waits until that holds of the picture. Raises TimeoutError after so many seconds, else as `do`."""
        async with asyncio.timeout(seconds):
            while not holds(self.picture):
                await self._hear()
        return self.picture

    def __aiter__(self) -> AsyncIterator[Message]:
        """All messages from now on, until the client is closed. Raises `NotLetIn`. What is not read waits in memory."""
        news: asyncio.Queue[Message | None] = asyncio.Queue()
        self._readers.add(news)
        return self._read(news)

    async def _read(self, news: asyncio.Queue[Message | None]) -> AsyncIterator[Message]:
        try:
            with suppress(ConnectionError):
                while not news.empty() or self._demand_life():
                    if (message := await news.get()) is not None:
                        yield message
        finally:
            self._readers.discard(news)

    async def _hear(self) -> None:
        """Waits for anything new."""
        self._demand_life()
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    def _demand_life(self) -> bool:
        """True while this goes on by itself; raises why it does not."""
        if self._life is not None and not self._life.done():
            return True
        if self._life and not self._life.cancelled() and (error := self._life.exception()):
            raise error
        raise ConnectionError("this client is closed")

    def _tell(self, message: Message | None) -> None:
        for news in self._readers:
            news.put_nowait(message)
        self._wake()

    def _wake(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def _send(self, kind: str, fields: dict[str, Any]) -> tuple[str, _Sent]:
        self._demand_life()
        ref: str = fields.pop("ref", None) or f"{self._chance.getrandbits(96):024x}"
        text = json.dumps({"type": kind, "ref": ref, **fields})
        if len(text) > self._largest:  # All of it is ASCII.
            raise Answered(_too_large(ref))
        async with self._in_order:
            sent = self._unanswered.setdefault(ref, _Sent(text))
            await self._write(text)
        return ref, sent

    async def _write(self, text: str) -> None:
        if self._connection is not None:
            with suppress(ConnectionClosed):  # It is sent again over the next one.
                await self._connection.send(text)

    async def _live(self, connection: ClientConnection | None) -> None:
        while True:
            if connection is not None:
                await self._converse(connection)
            await asyncio.sleep(self._pause(connection.close_code if connection else None))
            connection = await self._reconnect()

    async def _converse(self, connection: ClientConnection) -> None:
        """Goes on until the connection is lost, or a message is. Raises `NotLetIn` where coming back is no use."""
        resending: asyncio.Task[None] | None = None
        async with connection:
            try:
                async for text in connection:
                    message: Message = json.loads(text)
                    if not self.picture.apply(message):
                        break
                    if message["type"] == "hello" and resending is None:
                        # Beside the reading: who sends much and reads no answers is not listened to.
                        resending = asyncio.create_task(self._send_the_rest(connection))
                    self._settle(message)
                    self._tell(message)
            except ConnectionClosed as closed:
                if closed.rcvd_then_sent and closed.rcvd and closed.rcvd.code == TOO_LARGE:
                    self._give_up_the_largest()
            finally:
                self._connection = None
                if resending:
                    resending.cancel()
        if connection.close_code in SHUT_OUT:
            raise NotLetIn(connection.close_code or 0, connection.close_reason or "")

    async def _send_the_rest(self, connection: ClientConnection) -> None:
        async with self._in_order:
            self._connection, self._failures = connection, 0
            for sent in list(self._unanswered.values()):
                await self._write(sent.text)
        self._wake()

    def _settle(self, message: Message) -> None:
        if message["type"] in ("ack", "error"):
            sent = self._unanswered.pop(message["ref"] or "", None)
            if sent is not None:
                sent.answer.set_result(message)

    def _give_up_the_largest(self) -> None:
        """Nothing says which message was too large; sent again, it would end every connection."""
        if self._unanswered:
            ref = max(self._unanswered, key=lambda ref: len(self._unanswered[ref].text))
            self._settle(_too_large(ref))

    def _pause(self, code: int | None) -> float:
        """Until the next attempt, in seconds. Where a server restarts, not all of its clients come back at once."""
        self._failures += 1
        first = RESTART_SECONDS if code == RESTART else SHORTEST_SECONDS
        return self._chance.uniform(SHORTEST_SECONDS, min(LONGEST_SECONDS, first * 2**self._failures))

    async def _reconnect(self) -> ClientConnection | None:
        with suppress(OSError, InvalidHandshake):
            return await self._connect()
        return None

    async def _connect(self) -> ClientConnection:
        try:
            return await dial(self._address, after=self.picture.seq, **self._options)
        except InvalidStatus as refusal:
            response = refusal.response
            if response.status_code >= 500 or response.status_code == 429:
                raise
            raise NotLetIn(response.status_code, (response.body or b"").decode(errors="replace")) from refusal


def _too_large(ref: str) -> Message:
    return {
        "type": "error",
        "ref": ref,
        "code": "too_large",
        "message": "The server does not take in that much at once.",
    }
