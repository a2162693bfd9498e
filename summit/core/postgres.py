"""Connections to PostgreSQL: whoever finds it full waits for a moment."""

import asyncio
import time
from typing import Any

ROOM_SECONDS = 10
"""For so long a new connection waits for another process to give one back."""
_AGAIN_SECONDS = 0.05
ANSWER_SECONDS = 30.0
"""Whatever is asked takes less. What takes longer is asked of a machine that has gone, which TCP by itself would notice
after a quarter of an hour."""
IDLE_SECONDS, LOCK_SECONDS = 60, 20
"""How long a transaction may wait for its process, and how long it waits for others. Of a process whose machine has
gone, PostgreSQL would else keep the locks for as long as TCP waits: two hours."""


async def connect(*args: Any, **options: Any) -> Any:
    """A connection of asyncpg, with its arguments.

    Where PostgreSQL has as many as it takes, it asks again until there is room: what is beyond a pool's lasting ones is
    given back after a few milliseconds. Raises `asyncpg.TooManyConnectionsError` after `ROOM_SECONDS`.
    """
    import asyncpg

    last = time.monotonic() + ROOM_SECONDS
    while True:
        try:
            connection = await asyncpg.connect(*args, **options)
        except asyncpg.TooManyConnectionsError:
            if time.monotonic() > last:
                raise
            await asyncio.sleep(_AGAIN_SECONDS)
        else:
            # Compiling a statement takes many times as long as any of ours does, and it is done each time.
            await connection.execute("SET jit = off")
            return connection


async def connect_bounded(*args: Any, **options: Any) -> Any:
    """The same for a server, which must not wait for ever, nor have others wait: for an answer, a lock, or a commit.

    What is asked raises `TimeoutError` after `ANSWER_SECONDS`.
    """
    connection = await connect(*args, command_timeout=ANSWER_SECONDS, **options)
    await connection.execute(
        f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'; SET lock_timeout = '{LOCK_SECONDS}s'; "
        "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
    )
    return connection
