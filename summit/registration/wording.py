"""The usual wording of mail about registrations: subject and body in Markdown, with placeholders."""

from collections.abc import Mapping

from summit.core.i18n import _

COMMON = ("name", "summit", "dates", "my_page", "front", "programme")
"""Placeholders that every mail knows."""
_INVITED = ("event", "time", "page")
_SESSION = ("session", "time", "session_page", "room")

KINDS: Mapping[str, tuple[str, ...]] = {
    "confirm": ("link", "hours"),
    "known": ("link", "minutes"),
    "registered": (),
    "waiting": ("place",),
    "offered": ("deadline",),
    "seat": (),
    "lapsed": (),
    "changed": (),
    "cancelled": (),
    "booked": _SESSION,
    "booking waiting": (*_SESSION, "place"),
    "booking seat": _SESSION,
    "reminder day": (),
    "reminder hour": _SESSION,
    "invitation": _INVITED,
    "invitation changed": _INVITED,
    "invitation cancelled": (*_INVITED, "reason"),
}
"""The kinds of mail, each with the placeholders that it knows beside the common ones."""


def kind_names() -> dict[str, str]:
    """What each kind is called, in the language spoken right now."""
    return {
        "confirm": _("Confirm the address"),
        "known": _("Registered already"),
        "registered": _("Registered, with a seat"),
        "waiting": _("On the waiting list"),
        "offered": _("A seat is offered"),
        "seat": _("A seat from the waiting list"),
        "lapsed": _("The offer has passed"),
        "changed": _("Registration changed"),
        "cancelled": _("Registration cancelled"),
        "booked": _("Seat in a session"),
        "booking waiting": _("Waiting for a seat in a session"),
        "booking seat": _("A seat in a session from its waiting list"),
        "reminder day": _("Reminder, a day before"),
        "reminder hour": _("Reminder, an hour before"),
        "invitation": _("Invitation for calendars"),
        "invitation changed": _("Invitation for calendars, changed"),
        "invitation cancelled": _("Invitation for calendars, withdrawn"),
        "mailing": _("Mailing"),
    }


Words = dict[str, tuple[str, str]]


def usual(kind: str) -> tuple[str, str]:
    """Subject and body in the language spoken right now; a `KeyError` for no kind."""
    words = {**_registering(), **_waiting(), **_workshops(), **_reminders(), **_invitations()}
    return words[kind]


def _registering() -> Words:
    return {
        "confirm": (
            _("Confirm your registration: {summit}"),
            _(
                "Hello {name},\n\nyou want to come to {summit}. Open this page and press the button, and you are "
                "registered:\n\n{link}\n\nIt works for {hours} hours. Seats go in the order in which people "
                "confirm.\n\n"
                "Was it not you? Then you need not do anything."
            ),
        ),
        "known": (
            _("You are registered already: {summit}"),
            _(
                "Hello {name},\n\nsomebody has filled in the registration for {summit} with your address. You are "
                "registered there already, and nothing has changed. This link signs you in and shows your "
                "registration:\n\n{link}\n\nIt works once, and for {minutes} minutes.\n\nWas it not you? Then you need "
                "not do anything."
            ),
        ),
        "registered": (
            _("You are registered: {summit}"),
            _(
                "Hello {name},\n\nyou have a seat at {summit}, {dates}.\n\nYour page has everything about it: your "
                "agenda, seats in workshops, and the button to cancel.\n\n{my_page}\n\nThe programme: {programme}\n\n"
                "Welcome!"
            ),
        ),
        "changed": (
            _("Your registration was changed: {summit}"),
            _(
                "Hello {name},\n\nyour registration for {summit} was changed. Your page shows it as it is now: "
                "{my_page}"
            ),
        ),
        "cancelled": (
            _("Your registration is cancelled: {summit}"),
            _(
                "Hello {name},\n\nyour registration for {summit} is cancelled, with the seats in workshops that "
                "belonged to it. Do you want to come after all? Register again: {front}"
            ),
        ),
    }


def _waiting() -> Words:
    return {
        "waiting": (
            _("You are on the waiting list: {summit}"),
            _(
                "Hello {name},\n\nall seats at {summit} are taken. You are number {place} on the waiting list. When a "
                "seat is free and it is your turn, you hear from us by mail.\n\nYour page shows your place: {my_page}"
            ),
        ),
        "offered": (
            _("There is a seat for you: {summit}"),
            _(
                "Hello {name},\n\na seat at {summit} has become free. It is held for you until {deadline}. Open your "
                "page and take it:\n\n{my_page}\n\nAfter that it is offered to the next on the list."
            ),
        ),
        "seat": (
            _("You have a seat now: {summit}"),
            _(
                "Hello {name},\n\na seat at {summit} has become free, and it is yours. You need not do anything.\n\n"
                "Your page: {my_page}\n\nCan you not come any more? Then cancel there, and the next on the list gets "
                "it."
            ),
        ),
        "lapsed": (
            _("The seat is no longer held for you: {summit}"),
            _(
                "Hello {name},\n\nthe seat at {summit} that we held for you has gone to the next on the list, as we "
                "did not hear from you in time. You are welcome to register again: {front}"
            ),
        ),
    }


def _workshops() -> Words:
    return {
        "booked": (
            _("Your seat in {session}"),
            _(
                "Hello {name},\n\nyou have a seat in {session}, {time}.\n\nThe room: {room}\n\nCan you not come? Give "
                "the seat back on the page of the session, and somebody else gets it: {session_page}"
            ),
        ),
        "booking waiting": (
            _("Waiting for a seat in {session}"),
            _(
                "Hello {name},\n\nall seats in {session}, {time}, are taken. You are number {place} on its waiting "
                "list, and hear from us when a seat is yours.\n\n{session_page}"
            ),
        ),
        "booking seat": (
            _("You have a seat in {session} now"),
            _(
                "Hello {name},\n\na seat in {session}, {time}, has become free, and it is yours.\n\n"
                "The room: {room}\n\n"
                "Can you not come? Give the seat back, and the next on the list gets it: {session_page}"
            ),
        ),
    }


def _reminders() -> Words:
    return {
        "reminder day": (
            _("Tomorrow: {summit}"),
            _(
                "Hello {name},\n\n{summit} begins tomorrow. Your page has your agenda, and the ways into the rooms: "
                "{my_page}\n\nThe programme: {programme}"
            ),
        ),
        "reminder hour": (
            _("In an hour: {session}"),
            _("Hello {name},\n\n{session} begins in an hour, {time}.\n\nThe room: {room}"),
        ),
    }


def _invitations() -> Words:
    return {
        "invitation": (
            _("Invitation: {event}, {time}"),
            _(
                "Hello {name},\n\nthis mail is for your calendar: {event}, {time}.\n\nMany calendars take it in by "
                "themselves; others have a button for it here. When something changes, another mail comes, and your "
                "calendar follows.\n\nYou need not answer. Your seat is yours until you give it back: {page}"
            ),
        ),
        "invitation changed": (
            _("Changed: {event}, {time}"),
            _(
                "Hello {name},\n\nthis mail brings your calendar up to date: {event} is now {time}.\n\nWhat is known "
                "about it stands here: {page}"
            ),
        ),
        "invitation cancelled": (
            _("Out of your calendar: {event}"),
            _(
                "Hello {name},\n\nthis mail takes {event}, {time}, out of your calendar. {reason}\n\nWhere it was: "
                "{page}"
            ),
        ),
    }
