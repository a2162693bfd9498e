"""Connections to PostgreSQL: whoever finds it full waits for a moment."""

import asyncio
import time
from typing import Any

ROOM_SECONDS = 10
"""For so long a new connection waits for another process to give one back."""
_AGAIN_SECONDS = 0.05


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
