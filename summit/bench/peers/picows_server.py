"""picows: one pre-built frame to each transport, in Cython."""

import asyncio

import uvicorn
from picows import WSListener, WSMsgType, ws_create_server

from summit.bench.controlled import obey, publish

_everybody = set()


class _Viewer(WSListener):
    def on_ws_connected(self, transport):
        _everybody.add(transport)

    def on_ws_disconnected(self, transport):
        _everybody.discard(transport)


async def _serve() -> None:
    server = await ws_create_server(lambda _request: _Viewer(), "127.0.0.1", 0, backlog=4096)

    def send(_number, body):
        for transport in _everybody:
            transport.send(WSMsgType.TEXT, body)

    async def command(**values):
        return await publish(send, **values)

    await obey(server.sockets[0].getsockname()[1], {"publish": command})


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvicorn.Config("", loop="auto").get_loop_factory()) as runner:
        runner.run(_serve())
