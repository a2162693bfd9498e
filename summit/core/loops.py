"""Work that goes on beside the requests for as long as a process lives."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

log = structlog.get_logger()


@asynccontextmanager
async def every(seconds: float, work: Callable[[], Awaitable[None]], name: str) -> AsyncIterator[None]:
    """Does the work every so many seconds until it is left. What fails is logged, and tried again the next time."""
    task = asyncio.create_task(_repeat(seconds, work, name))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _repeat(seconds: float, work: Callable[[], Awaitable[None]], name: str) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as error:  # the database may be away for a moment; the work must not end for good
            log.warning(name, error=repr(error))
