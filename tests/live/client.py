"""A plain WebSocket client of the room, written from the description of the protocol alone."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

Message = dict[str, Any]
WAIT_SECONDS = 20.0
SEQUENCED = ("question", "gone", "announcement", "session", "poll")
_numbers = itertools.count(1)


class Window:
    """Somebody's open window. `heard` is all that came, in order; the rest is the picture that follows from it."""

    def __init__(self, connection: ClientConnection, before: "Window | None" = None) -> None:
        self.connection = connection
        self.heard: list[Message] = []
        self.questions: dict[str, Message] = dict(before.questions) if before else {}
        self.announcements: dict[str, Message] = dict(before.announcements) if before else {}
        self.session: Message = {}
        self.asked: dict[str, Message] = {}
        self.voted: set[str] = set()
        self.present = 0
        self.seq: int = before.seq if before else 0
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

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

    async def send(self, kind: str, **fields: Any) -> str:
        """Sends a message and does not wait; gives its `ref`."""
        ref: str = fields.pop("ref", None) or f"ref-{next(_numbers)}"
        await self.connection.send(json.dumps({"type": kind, "ref": ref, **fields}))
        return ref

    async def do(self, kind: str, **fields: Any) -> Message:
        """Sends a message and waits for what is answered to it."""
        before = len(self.heard)
        ref = await self.send(kind, **fields)
        return await self.answer_to(ref, since=before)

    async def succeed(self, kind: str, **fields: Any) -> Message:
        """As `do`, for what has to be acknowledged."""
        answer = await self.do(kind, **fields)
        assert answer["type"] == "ack", answer
        return answer

    async def fail(self, kind: str, code: str, **fields: Any) -> Message:
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
        async with self._news:
            self._news.notify_all()

    def _take_in(self, message: Message) -> None:
        self.heard.append(message)
        match message["type"]:
            case "hello":
                self._start(message)
            case "question":
                self.questions[message["question"]["id"]] = dict(message["question"])
            case "gone":
                self.questions.pop(message["question"], None)
            case "announcement":
                self.announcements[message["announcement"]["id"]] = message["announcement"]
            case "session":
                self.session = message["session"]
            case "mine":
                self.asked |= {question["id"]: question for question in message.get("questions") or []}
                self.voted = set(message["votes"]) if message.get("votes") is not None else self.voted
            case "tally":
                self.present = message.get("present", self.present)
                for id, count in (message.get("votes") or {}).items():
                    if id in self.questions:
                        self.questions[id]["votes"] = count
        self.seq = message["seq"] if message["type"] in SEQUENCED else self.seq

    def _start(self, hello: Message) -> None:
        self.session = hello["session"]
        self.asked = {question["id"]: question for question in hello["mine"]["questions"]}
        self.voted = set(hello["mine"]["votes"])
        if hello["snapshot"] is not None:
            self.seq = hello["seq"]
            self.questions = {question["id"]: dict(question) for question in hello["snapshot"]["questions"]}
            self.announcements = {one["id"]: one for one in hello["snapshot"]["announcements"]}


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
    subprotocols: tuple[str, ...] = ("summit.v1",),
    greeted: bool = True,
    **options: Any,
) -> AsyncIterator[Window]:
    """A window on the socket at `address`, with that Cookie header. It has been greeted unless told otherwise.

    With `resuming` it goes on where that window was.
    """
    after = resuming.seq if resuming else after
    query = {"after": after} if after is not None else {}
    query |= {"as": "participant"} if as_participant else {}
    headers = {"Accept-Language": language} | ({"Cookie": cookie} if cookie else {})
    async with connect(
        f"{address}?{urlencode(query)}" if query else address,
        additional_headers=headers,
        origin=Origin(origin) if origin else None,
        subprotocols=[Subprotocol(name) for name in subprotocols] or None,
        compression=None,
        max_size=None,
        proxy=None,
        **options,
    ) as connection:
        opened = Window(connection, resuming)
        if greeted:
            await opened.until(lambda: opened.heard)
        try:
            yield opened
        finally:
            await opened.close()
