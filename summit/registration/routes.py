"""All addresses of this room."""

from collections.abc import Sequence

from starlette.routing import Route

from summit.registration import (
    agenda_pages,
    booking_pages,
    calendar_pages,
    certificate_pages,
    erase_pages,
    my_data_pages,
    my_pages,
    preference_pages,
    register_pages,
)
from summit.registration.my_data import Knows
from summit.registration.organise import (
    adding_pages,
    attendance_pages,
    bulk_pages,
    list_pages,
    mailing_pages,
    one_pages,
    outbox_pages,
    privacy_pages,
    setup_pages,
    template_pages,
)


def routes(personal: Sequence[Knows]) -> list[Route]:
    """Of participants, then of organisers; `personal` is what other rooms know of a person."""
    return [
        *agenda_pages.routes(),
        *my_pages.routes(),
        *preference_pages.routes(),
        *calendar_pages.routes(),
        *my_data_pages.routes(personal),
        *register_pages.routes(),
        *booking_pages.routes(),
        *mailing_pages.routes(),
        *erase_pages.routes(),
        *privacy_pages.routes(),
        *attendance_pages.routes(),
        *certificate_pages.routes(),
        *adding_pages.routes(),
        *list_pages.routes(),
        *setup_pages.routes(),
        *bulk_pages.routes(),
        *template_pages.routes(),
        # Its addresses take what the others have left.
        *outbox_pages.routes(),
        *one_pages.routes(),
    ]
