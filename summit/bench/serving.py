"""The program itself as a server of the benchmarks: all of it, and a way to publish into its rooms from outside."""

import argparse
import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import uvicorn
from sqlalchemy import insert
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.importer import import_from_string

from summit.bench.controlled import BARE_PAGE, Command, obey, publish
from summit.core.logs import set_up
from summit.core.serving import options
from summit.live.live import Live
from summit.live.models import Receipt
from summit.live.outcomes import AUDIENCES, Outcome, Sequenced
from summit.settings import Settings

BARE_SOCKET = "/bench/socket"
"""Beside the program, on the same server: a WebSocket that only greets. The other thing beside it is `BARE_PAGE`."""
Scope = MutableMapping[str, Any]


class Beside:
    """The program, and beside it what it is compared with; everything else reaches the program untouched."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app
        self.page = Response(b"")
        self._lifespan: Scope = {}

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            self._lifespan = scope
            await self.app(scope, receive, send)
        elif scope["path"] == BARE_SOCKET and scope["type"] == "websocket":
            await WebSocketRoute(BARE_SOCKET, _greet)(scope, receive, send)
        elif scope["path"] == BARE_PAGE and scope["type"] == "http":
            await Route(BARE_PAGE, self._page)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    @property
    def rooms(self) -> Live:
        """The live rooms of this process."""
        live: Live = self._lifespan["state"]["live"]
        return live

    async def _page(self, _request: Any) -> Response:
        return self.page

    async def set_page(self, *, body: str, headers: dict[str, str], status: int = 200) -> dict[str, Any]:
        """The fixed bytes from now on."""
        self.page = Response(body.encode("latin-1"), status, headers)
        return {}


async def _greet(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("{}")
    try:
        while True:
            text = await websocket.receive_text()
            await websocket.send_text(text)
    except WebSocketDisconnect:
        pass


def commands_of(beside: Beside) -> dict[str, Command]:
    """What the benchmarks may have it do."""

    async def publish_events(*, session: str, audience: str = "participants", **values: Any) -> dict[str, Any]:
        hub = beside.rooms.hub

        def send(_number: int, body: bytes) -> None:
            seen = AUDIENCES[0] if audience == AUDIENCES[0] else AUDIENCES[1]
            hub.deliver(Outcome(session, [Sequenced(seen, hub.heard(session, seen) + 1, body)]))

        return await publish(send, **values)

    async def commits(*, session: str, person: str, tasks: int, count: int, apart_seconds: float = 0) -> dict[str, Any]:
        """The seconds that each of so many transactions of one row took, several at a time; and all of them."""
        db, began = beside.rooms.db, time.monotonic()
        numbers, taken = iter(range(count)), list[float]()

        async def commit() -> None:
            for number in numbers:
                start = time.monotonic()
                async with db.writer() as writing:
                    row = {"session_id": session, "person_id": person, "ref": f"alone {began} {number}"}
                    await writing.execute(insert(Receipt), {**row, "answer": "", "made_at": datetime.now(UTC)})
                taken.append(time.monotonic() - start)
                await asyncio.sleep(apart_seconds)

        await asyncio.gather(*(commit() for _task in range(tasks)))
        return {"each": taken, "all": time.monotonic() - began}

    async def collect() -> dict[str, Any]:
        gc.collect()
        return {}

    async def encodings(*, session: str) -> dict[str, Any]:
        return {"count": beside.rooms.hub.encodings(session)}

    async def unsent() -> dict[str, Any]:
        return {"bytes": [listener.unsent for listener in beside.rooms.hub.listeners]}

    return {
        "publish": publish_events,
        "page": beside.set_page,
        "commits": commits,
        "collect": collect,
        "encodings": encodings,
        "unsent": unsent,
    }


async def run(app: str, ws: str, settings: Settings) -> None:
    """Serves until standard input ends."""
    beside = Beside(import_from_string(app)(settings))
    config = uvicorn.Config(lambda: beside, **options(ws, settings, "127.0.0.1", 0))
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        if task.done():
            raise SystemExit("the server did not start")
    try:
        await obey(server.servers[0].sockets[0].getsockname()[1], commands_of(beside))
    finally:
        server.should_exit = True
        await task


def main() -> None:
    """``python -m summit.bench.serving APP WS SETTINGS``: the last as a JSON object."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("app")
    arguments.add_argument("ws")
    arguments.add_argument("settings", type=msgspec.json.decode)
    given = arguments.parse_args()
    set_up("text", "warning")
    settings = Settings(_env_file=None, **given.settings)
    # As uvicorn runs: with its own choice of the event loop.
    with asyncio.Runner(loop_factory=uvicorn.Config("", loop="auto").get_loop_factory()) as runner:
        runner.run(run(given.app, given.ws, settings))


if __name__ == "__main__":
    main()
