"""All addresses of this room."""

from starlette.routing import Route

from summit.programme import attendance  # noqa: F401
from summit.registration import agenda_pages, registering  # noqa: F401


def routes() -> list[Route]:
    """Of participants, then of organisers."""
    return [
        *agenda_pages.routes(),
    ]
