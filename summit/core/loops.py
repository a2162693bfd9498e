"""Work that goes on beside the requests for as long as a process lives."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import structlog

log = structlog.get_logger()


Work = Callable[[], Coroutine[Any, Any, None]]


def every(seconds: float, work: Work, name: str) -> AbstractAsyncContextManager[None]:
    """Does the work every so many seconds until it is left. What fails is logged, and tried again the next time."""
    return beside(lambda: _repeat(seconds, work, name))


@asynccontextmanager
async def beside(work: Work) -> AsyncIterator[None]:
    """Does work that goes on by itself until it is left."""
    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _repeat(seconds: float, work: Work, name: str) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as error:  # the database may be away for a moment; the work must not end for good
            log.warning(name, error=repr(error))
