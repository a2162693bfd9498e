"""The limit of the machine, and what others would write in Python: small servers of their own.

``python -m summit.bench.floors KIND``, with one of `KINDS`.
"""

import asyncio
import sys
from base64 import b64encode
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from copy import deepcopy
from hashlib import sha1
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.config import LOGGING_CONFIG
from websockets.asyncio.server import ServerConnection, broadcast
from websockets.asyncio.server import serve as serve_websockets
from websockets.frames import Frame, Opcode

from summit.bench.controlled import BARE_PAGE, Command, message, obey, publish

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Floor(asyncio.Protocol):
    """No more of WebSockets than there has to be: the handshake, and an echo of whole small messages."""

    everybody: "list[Floor]" = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is of no class of asyncio's
        self._is_open, self._rest = False, b""

    def data_received(self, data: bytes) -> None:
        if self._is_open:
            self._echo(data)
            return
        self._rest += data
        if b"\r\n\r\n" not in self._rest:
            return
        key = next(line for line in self._rest.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
        accept = b64encode(sha1(key.partition(b":")[2].strip() + _GUID, usedforsecurity=False).digest())
        self.transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self._is_open = True
        Floor.everybody.append(self)

    def connection_lost(self, _error: Exception | None) -> None:
        if self in Floor.everybody:
            Floor.everybody.remove(self)

    def _echo(self, data: bytes) -> None:
        # The benchmark masks with zeros, and sends messages of less than 126 bytes one at a time.
        if data[0] == 0x81 and len(data) == 6 + (data[1] & 0x7F):
            self.transport.write(frame_of(data[6:]))


def frame_of(body: bytes) -> bytes:
    """A server's text frame."""
    return Frame(Opcode.TEXT, body).serialize(mask=False)


def _write_to_all(_number: int, body: bytes) -> None:
    frame = frame_of(body)
    for one in Floor.everybody:
        one.transport.write(frame)


def _write_to_one(number: int, body: bytes) -> None:
    Floor.everybody[number % len(Floor.everybody)].transport.write(frame_of(body))


async def _paced(sizes: list[int], seconds: float, send: Callable[[int, bytes], None]) -> None:
    began = asyncio.get_running_loop().time()
    for n, size in enumerate(sizes):
        await asyncio.sleep(max(0.0, began + n * seconds / len(sizes) - asyncio.get_running_loop().time()))
        send(n, message(n, max(size, 70)))


async def serve_floor() -> None:
    """One pre-built frame to each transport."""

    async def replay(*, shared: list[int], personal: list[int], seconds: float) -> dict[str, Any]:
        """Frames of these sizes to everybody, and of those sizes to one after the other, evenly over the time."""
        await asyncio.gather(_paced(shared, seconds, _write_to_all), _paced(personal, seconds, _write_to_one))
        return {}

    async def flood(*, count: int, at_once: int, size: int) -> dict[str, Any]:
        """As fast as it goes, several messages in one write: what the client can take when it is late."""
        for number in range(count):
            frames = frame_of(message(number, size)) * at_once
            for one in Floor.everybody:
                one.transport.write(frames)
            await asyncio.sleep(0)
        return {}

    loop = asyncio.get_running_loop()
    server = await loop.create_server(Floor, "127.0.0.1", 0, backlog=4096)
    commands = {**_publishing(_write_to_all), "replay": replay, "flood": flood}
    await obey(server.sockets[0].getsockname()[1], commands)


async def serve_broadcast() -> None:
    """`websockets.broadcast`, without compression."""
    everybody: set[ServerConnection] = set()

    async def handler(connection: ServerConnection) -> None:
        everybody.add(connection)
        try:
            await connection.wait_closed()
        finally:
            everybody.discard(connection)

    async with serve_websockets(handler, "127.0.0.1", 0, compression=None, backlog=4096) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        await obey(port, _publishing(lambda _n, body: broadcast(everybody, body.decode())))


async def serve_starlette() -> None:
    """Starlette's `send_text` for each connection, on uvicorn as the program has it."""
    everybody: set[WebSocket] = set()

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        everybody.add(websocket)
        try:
            while True:
                await websocket.receive_text()
        except WebSocketDisconnect:
            everybody.discard(websocket)

    async def send(text: str) -> None:
        for one in list(everybody):
            await one.send_text(text)

    await _serve_asgi(endpoint, send)


async def serve_page() -> None:
    """Fixed bytes as a Starlette response, on uvicorn with its own line in the log for each request."""
    page = Response(b"")

    async def answer(_request: Request) -> Response:
        return page

    async def set_page(*, body: str, headers: dict[str, str], status: int = 200) -> dict[str, Any]:
        nonlocal page
        page = Response(body.encode("latin-1"), status, headers)
        return {}

    logs = deepcopy(LOGGING_CONFIG)
    # Standard output is for answers to commands.
    logs["handlers"]["access"]["stream"] = "ext://sys.stderr"
    await _serve(Starlette(routes=[Route(BARE_PAGE, answer)]), {"page": set_page}, log_config=logs)


async def serve_asgi_send() -> None:
    """The bare ASGI `send` for each connection, on the same uvicorn."""
    everybody: set[WebSocket] = set()

    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()
        everybody.add(websocket)
        while (await websocket.receive())["type"] != "websocket.disconnect":
            pass
        everybody.discard(websocket)

    async def send(text: str) -> None:
        event = {"type": "websocket.send", "text": text}
        for one in list(everybody):
            await one._send(event)

    await _serve_asgi(endpoint, send)


async def _serve_asgi(endpoint: Callable[[WebSocket], Awaitable[None]], send: Callable[[str], Awaitable[None]]) -> None:
    tasks: set[asyncio.Task[None]] = set()

    def start(_number: int, body: bytes) -> None:
        sending = asyncio.ensure_future(send(body.decode()))
        tasks.add(sending)
        sending.add_done_callback(tasks.discard)

    await _serve(Starlette(routes=[WebSocketRoute("/", endpoint)]), _publishing(start), log_config=None)


async def _serve(app: Starlette, commands: Mapping[str, Command], *, log_config: dict[str, Any] | None) -> None:
    """Each request has a line in a log where one is configured."""
    is_logged = log_config is not None
    config = uvicorn.Config(
        app,
        port=0,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        http="httptools",
        log_config=log_config,
        access_log=is_logged,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    await obey(server.servers[0].sockets[0].getsockname()[1], commands)
    server.should_exit = True
    await task


def _publishing(send: Callable[[int, bytes], object]) -> dict[str, Command]:
    async def command(**values: Any) -> dict[str, Any]:
        return await publish(send, **values)

    return {"publish": command}


KINDS: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
    "floor": serve_floor,
    "broadcast": serve_broadcast,
    "starlette": serve_starlette,
    "asgi": serve_asgi_send,
    "page": serve_page,
}


def main() -> None:
    """Serves until standard input ends, on uvicorn's choice of the event loop: the same for all."""
    with asyncio.Runner(loop_factory=uvicorn.Config("", loop="auto").get_loop_factory()) as runner:
        runner.run(KINDS[sys.argv[1]]())


if __name__ == "__main__":
    main()
