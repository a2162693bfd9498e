"""All addresses of this room."""

from starlette.routing import Route

from summit.programme import attendance  # noqa: F401
from summit.registration import agenda_pages, booking_pages, erase_pages, register_pages
from summit.registration.organise import (
    adding_pages,
    list_pages,
    mailing_pages,
    one_pages,
    outbox_pages,
    privacy_pages,
    template_pages,
)


def routes() -> list[Route]:
    """Of participants, then of organisers."""
    return [
        *agenda_pages.routes(),
        *register_pages.routes(),
        *booking_pages.routes(),
        *mailing_pages.routes(),
        *erase_pages.routes(),
        *privacy_pages.routes(),
        *adding_pages.routes(),
        *list_pages.routes(),
        *template_pages.routes(),
        # Its addresses take what the others have left.
        *outbox_pages.routes(),
        *one_pages.routes(),
    ]
