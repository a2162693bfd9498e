"""The audit log's dictionary: what acts, kinds of things, fields and values are called for people."""

from collections.abc import Collection
from functools import cache

from summit.core.i18n import _, locale

_LIVE = (
    "live rules",
    "session stream",
    "session lead",
    "mute",
    "unmute",
    "remove",
    "restore",
    "wall address made",
    "wall address renewed",
    "speakers asked",
    "speaker's link taken back",
)
_TEAM = ("invited", "role granted", "role revoked", "moderator's sessions")


def action_name(action: str) -> str:
    """``role granted`` as the reader calls it; the word itself where it is none of these."""
    return _action_names(locale()).get(action, action)


@cache
def _action_names(_language: str) -> dict[str, str]:
    """By the language spoken right now: a log of thousands of entries asks for them again and again."""
    return _programme_acts() | _acts_in_rooms() | _acts_on_people() | _acts_of_registration()


def _programme_acts() -> dict[str, str]:
    return {
        "session added": _("Added a session"),
        "session changed": _("Changed a session"),
        "session removed": _("Removed a session"),
        "speaker added": _("Added a speaker"),
        "speaker changed": _("Changed a speaker"),
        "speaker removed": _("Removed a speaker"),
        "speakers merged": _("Made one speaker of two"),
        "stage added": _("Added a stage"),
        "stage changed": _("Changed a stage"),
        "stage removed": _("Removed a stage"),
        "stage moved": _("Put the stages in another order"),
        "theme added": _("Added a theme"),
        "theme changed": _("Changed a theme"),
        "theme removed": _("Removed a theme"),
        "theme moved": _("Put the themes in another order"),
        "type added": _("Added a type of sessions"),
        "type changed": _("Changed a type of sessions"),
        "type removed": _("Removed a type of sessions"),
        "type moved": _("Put the types in another order"),
        "summit added": _("Made the summit"),
        "summit copied": _("Made the summit as a copy"),
        "summit changed": _("Changed the summit's settings"),
        "released": _("Published the programme"),
        "release taken back": _("Took a release back"),
        "programme imported": _("Imported a programme"),
    }


def _acts_on_people() -> dict[str, str]:
    return {
        "invited": _("Invited somebody"),
        "invitation sent again": _("Sent an invitation again"),
        "invitation withdrawn": _("Withdrew an invitation"),
        "role granted": _("Got a role"),
        "role revoked": _("Took a role away"),
        "moderator's sessions": _("Changed what a moderator moderates"),
        "token made": _("Made a program's key"),
        "token revoked": _("Revoked a program's key"),
        "privacy changed": _("Changed how personal data is kept"),
        "privacy erasure": _("Erased personal data"),
    }


def _acts_in_rooms() -> dict[str, str]:
    return {
        "live rules": _("Changed the rules for the live rooms"),
        "session stream": _("Switched the stream"),
        "session lead": _("Changed who leads the session"),
        "mute": _("Muted somebody"),
        "unmute": _("Lifted a mute"),
        "remove": _("Removed somebody"),
        "restore": _("Let somebody back in"),
        "wall address made": _("Made the addresses of the wall"),
        "wall address renewed": _("Made new addresses of the wall"),
        "speakers asked": _("Asked speakers to answer in writing"),
        "speaker's link taken back": _("Took a speaker's link back"),
    }


def _acts_of_registration() -> dict[str, str]:
    return {
        "registration setup": _("Changed how registration works"),
        "registration added": _("Registered somebody"),
        "registration changed": _("Changed a registration"),
        "registrations imported": _("Imported registrations"),
        "registrations given seats": _("Gave people seats"),
        "registrations cancelled": _("Cancelled registrations"),
        "confirmations sent again": _("Sent confirmations again"),
        "registrations changed category": _("Changed the category of registrations"),
        "wording changed": _("Changed the wording of mail"),
        "wording reset": _("Took the wording of mail back to the usual one"),
        "mailing added": _("Wrote a mailing"),
        "mailing changed": _("Changed a mailing"),
        "mailing removed": _("Removed the draft of a mailing"),
        "mailing sent": _("Sent a mailing"),
        "mailing stopped": _("Stopped a mailing"),
    }


def kind_of(action: str) -> str:
    """The kind of thing that an act is about: a key of `kinds`."""
    if action in _LIVE:
        return "live"
    first = action.split()[0].rstrip("s") if action else ""
    if action in _TEAM or first == "invitation":
        return "team"
    return {"released": "release", "confirmation": "registration", "wording": "mailing"}.get(first, first)


def kinds(actions: Collection[str]) -> list[tuple[str, str]]:
    """The kinds of things that these acts are about, with what they are called."""
    known = {
        "session": _("Sessions"),
        "speaker": _("Speakers"),
        "stage": _("Stages"),
        "theme": _("Themes"),
        "type": _("Types"),
        "summit": _("The summit's settings"),
        "release": _("Releases"),
        "programme": _("Imports"),
        "team": _("Team"),
        "token": _("Programs"),
        "privacy": _("Privacy"),
        "registration": _("Registrations"),
        "mailing": _("Mailings"),
        "live": _("Live rooms"),
    }
    found = {kind_of(action) for action in actions}
    return [(kind, name) for kind, name in known.items() if kind in found]


def field_name(field: str) -> str:
    """``do_not_record`` as the reader calls it; the name itself where it is none of these."""
    return _field_names(locale()).get(field, field)


@cache
def _field_names(_language: str) -> dict[str, str]:
    return _session_fields() | _fields_of_people() | _summit_fields() | _registration_fields() | _kept_fields()


def _fields_of_people() -> dict[str, str]:
    return {
        "name": _("Name"),
        "pronouns": _("Pronouns"),
        "organisation": _("Organisation"),
        "biography": _("Biography"),
        "photo": _("Photo"),
        "email": _("E-mail"),
        "availability": _("Availability"),
        "address": _("Address"),
        "coordinates": _("Coordinates"),
        "latitude": _("Latitude"),
        "longitude": _("Longitude"),
        "stream": _("Stream"),
        "kind": _("Kind of stream"),
        "backup": _("Back-up stream"),
        "audio": _("Sound only"),
        "captions": _("Captions"),
        "colour": _("Colour"),
        "shape": _("Shape"),
        "key": _("Key"),
        "place": _("Place in the order"),
        "position": _("Place in the order"),
    }


def _summit_fields() -> dict[str, str]:
    return {
        "code": _("Code"),
        "guid": _("Identifier"),
        "version": _("Version"),
        "slug": _("Address"),
        "tagline": _("Tagline"),
        "zone": _("Time zone"),
        "starts_on": _("First day"),
        "ends_on": _("Last day"),
        "days": _("Days"),
        "languages": _("Languages"),
        "hosts": _("Hosts and partners"),
        "accent": _("Colour"),
        "code_of_conduct": _("Code of conduct"),
        "privacy": _("Privacy"),
        "break_minutes": _("Shortest break in minutes"),
        "slot_minutes": _("Minutes of a row in the grid"),
        "acronym": _("Short name"),
        "open_to_all": _("Open to everybody with the link"),
        "blocked_words": _("Blocked words"),
        "replies": _("Ready-made replies"),
        "names_to_moderators": _("Moderators see who asks anonymously"),
        "is_published": _("Publish questions and answers"),
        "lead": _("Lead"),
        "role": _("Role"),
        "sessions": _("Sessions"),
        "scopes": _("Allowed to"),
        "expires": _("Works until"),
        "number": _("Number"),
    }


def _registration_fields() -> dict[str, str]:
    return {
        "is_open": _("People can register"),
        "opens_at": _("Opens"),
        "closes_at": _("Closes"),
        "when_free": _("When a seat becomes free"),
        "offer_hours": _("Hours that an offer holds"),
        "asks_needs": _("Asks for accessibility needs"),
        "reminds_day": _("Reminder a day before"),
        "reminds_hour": _("Reminder an hour before"),
        "categories": _("Categories"),
        "questions": _("Questions"),
        "consents": _("Consents"),
        "note": _("Note"),
        "new": _("New"),
        "changed": _("Changed"),
        "cancelled": _("Cancelled"),
        "changes": _("Number of changes"),
        "takes_back": _("Takes back release"),
        "settings": _("Settings"),
        "stages": _("Stages"),
        "themes": _("Themes"),
        "types": _("Types"),
        "team": _("Team"),
        "times": _("Times"),
    }


def _kept_fields() -> dict[str, str]:
    return {
        "keep_until": _("Personal data is kept until"),
        "controller": _("Who is responsible"),
        "contact": _("Whom to ask"),
        "officer": _("Data protection officer"),
        "purposes": _("Purposes"),
        "legal_basis": _("Legal basis"),
        "transfers": _("Transfers to other countries"),
        "security": _("Further security measures"),
        "registrations": _("Registrations"),
        "subject": _("Subject"),
        "body": _("Text"),
        "audience": _("Who gets it"),
        "recipients": _("Recipients"),
        "states": _("State"),
        "session": _("Session"),
        "question": _("Question"),
        "option": _("Answer"),
        "entered": _("Attendance"),
    }


def _session_fields() -> dict[str, str]:
    return {
        "title": _("Title"),
        "subtitle": _("Subtitle"),
        "abstract": _("Summary"),
        "description": _("Description"),
        "type": _("Type"),
        "language": _("Language"),
        "level": _("Level"),
        "stage": _("Stage"),
        "theme": _("Theme"),
        "start": _("Start"),
        "minutes": _("Minutes"),
        "day": _("Day"),
        "state": _("State"),
        "capacity": _("Capacity"),
        "speakers": _("Speakers"),
        "links": _("Links and hand-outs"),
        "url": _("Web address"),
        "logo": _("Picture"),
        "accessibility": _("Accessibility"),
        "features": _("Accessible by"),
        "licence": _("Licence"),
        "do_not_record": _("Not to be recorded"),
        "notes": _("Notes of the organisers"),
    }


def value_name(field: str, value: str) -> str:
    """A value that is one of a few, as the reader calls it; else the value itself."""
    return {
        ("state", "confirmed"): _("Takes place"),
        ("state", "cancelled"): _("Cancelled"),
        ("role", "organiser"): _("Organiser"),
        ("role", "moderator"): _("Moderator"),
        ("role", "participant"): _("Participant"),
        ("times", "unplaced"): _("Without a time"),
        ("times", "moved"): _("Moved with the first day"),
        ("scopes", "programme:read"): _("Read the programme"),
        ("scopes", "programme:write"): _("Change the draft"),
        ("features", "live_captions"): _("Live captions"),
        ("features", "sign_language"): _("Sign language"),
        ("features", "audio_description"): _("Audio description"),
        ("features", "easy_language"): _("Easy language"),
        ("features", "hearing_loop"): _("Hearing loop"),
        ("features", "step_free"): _("Step-free access"),
        ("features", "quiet_room"): _("Quiet room nearby"),
    }.get((field, value), value)
