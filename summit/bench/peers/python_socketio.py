"""python-socketio: emit to everybody, over WebSockets alone, on uvicorn as the program has it."""

import asyncio
import sys

import socketio
import uvicorn

from summit.bench.controlled import obey, publish


async def _serve() -> None:
    server = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], ping_interval=600)
    config = uvicorn.Config(
        socketio.ASGIApp(server), port=0, ws_per_message_deflate=False, log_config=None, access_log=False
    )
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0.01)
    emitting = set()

    def send(_number, body):
        one = asyncio.ensure_future(server.emit("m", body.decode()))
        emitting.add(one)
        one.add_done_callback(emitting.discard)

    async def command(**values):
        return await publish(send, **values)

    await obey(running.servers[0].sockets[0].getsockname()[1], {"publish": command})
    running.should_exit = True
    await task


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvicorn.Config("", loop="auto").get_loop_factory()) as runner:
        runner.run(_serve())
    sys.exit(0)
