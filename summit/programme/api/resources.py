"""What the API answers with. The OpenAPI document is made from these."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from summit.programme.values import Feature, LinkKind, Shape, State

T = TypeVar("T")
Address = Annotated[str, Meta(description="A whole address.", examples=["https://summit.example.org/…"])]
Words = Annotated[
    dict[str, str],
    Meta(
        description="A text by language (BCP 47); the empty key where its language is not known.",
        examples=[{"sv": "Välkommen", "en": "Welcome"}],
    ),
]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339, in UTC.", examples=["2026-11-10T08:30:00Z"])]
Count = Annotated[int, Meta(ge=0)]
Latitude = Annotated[float, Meta(ge=-90, le=90, description="In degrees (WGS 84).", examples=[59.3293])]
Longitude = Annotated[float, Meta(ge=-180, le=180, description="In degrees (WGS 84).", examples=[18.0686])]
Revision = Annotated[int, Meta(ge=1, description="Rises with each change. The ETag begins with it.")]


class Index(Struct, frozen=True, kw_only=True):
    """Where to begin."""

    summits: Address
    openapi: Address
    asyncapi: Address


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list; the `Link` header leads to the others."""

    items: list[T]
    page: Annotated[int, Meta(ge=1)]
    per_page: Annotated[int, Meta(ge=1, le=200)]
    total: Annotated[int, Meta(ge=0, description="How many there are on all pages.")]


class Host(Struct, frozen=True, kw_only=True):
    """An organisation behind the summit."""

    name: str
    role: str
    url: str
    logo: str


class Summit(Struct, frozen=True, kw_only=True):
    """A summit; `release` is the number of the last release, None before the first."""

    slug: str
    title: Words
    tagline: Words
    description: Words
    acronym: str
    zone: Annotated[str, Meta(description="The summit's time zone (IANA).", examples=["Europe/Stockholm"])]
    starts_on: date | None
    ends_on: date | None
    languages: list[str]
    hosts: list[Host]
    accent: Annotated[str, Meta(description="The summit's colour, #RRGGBB, or empty.")]
    logo: str
    release: int | None
    released_at: Moment | None
    revision: Revision | UnsetType = UNSET
    page: Address
    calendar: Address
    sessions: Address
    speakers: Address
    stages: Address
    themes: Address
    types: Address
    releases: Address


class Link(Struct, frozen=True, kw_only=True):
    """A link, or with kind `attachment` a hand-out. A recording has the type `recording`."""

    url: str
    title: str
    kind: LinkKind
    type: str


class Session(Struct, frozen=True, kw_only=True):
    """An entry of the programme; without `start` it has no time yet."""

    guid: Annotated[str, Meta(description="Its identity over imports and exports.")]
    code: Annotated[str, Meta(description="Its identity in addresses.", examples=["K7M2QX"])]
    title: Words
    subtitle: Words
    abstract: Words
    description: Words
    type: str
    language: str
    level: str
    stage: Annotated[str, Meta(description="The slug of its stage, or empty.")]
    theme: Annotated[str, Meta(description="The slug of its theme, or empty.")]
    start: Moment | None
    end: Moment | None
    minutes: int
    day: Annotated[date | None, Meta(description="The day of the programme; after midnight it may be the day before.")]
    zone: str
    state: State
    capacity: int | None
    speakers: Annotated[list[str], Meta(description="The codes of who appears, in order.")]
    links: list[Link]
    url: str
    logo: str
    accessibility: Words
    features: list[Feature]
    licence: str
    do_not_record: bool
    sequence: Annotated[int, Meta(ge=0, description="Rises when time, place or state change (RFC 5545 §3.8.7.4).")]
    changed_at: Moment | None
    page: Address
    room: Address
    ics: Address


class DraftSession(Session, frozen=True, kw_only=True):
    """A session in the draft, with what is not public."""

    revision: Revision
    changed_by: str
    notes: str


class Speaker(Struct, frozen=True, kw_only=True):
    """Somebody who appears; `sessions` has the codes of where."""

    guid: str
    code: Annotated[str, Meta(description="The identity in addresses.", examples=["ASAEK1"])]
    name: str
    pronouns: str
    organisation: str
    biography: Words
    photo: str
    sessions: list[str]
    page: Address


class Span(Struct, frozen=True, kw_only=True):
    """From one moment until another."""

    start: Moment
    end: Moment


class DraftSpeaker(Speaker, frozen=True, kw_only=True):
    """Somebody in the draft, with what is not public; no `availability` means at any time."""

    email: str
    availability: list[Span]
    revision: Revision
    changed_at: Moment | None
    changed_by: str


class Stage(Struct, frozen=True, kw_only=True):
    """A room or stage; one that people can go to may have an address, and both coordinates or none."""

    slug: str
    name: Words
    description: Words
    capacity: int | None
    address: Annotated[str, Meta(description="Where people can go, on one line; or empty.")]
    latitude: Latitude | None
    longitude: Longitude | None
    revision: Revision | UnsetType = UNSET
    page: Address


class Theme(Struct, frozen=True, kw_only=True):
    """A theme; colour and shape mark it."""

    slug: str
    name: Words
    colour: str
    shape: Shape
    revision: Revision | UnsetType = UNSET
    page: Address


class SessionType(Struct, frozen=True, kw_only=True):
    """A type of sessions: `key` is what stands in a session's `type`."""

    key: str
    name: Words
    minutes: Annotated[int, Meta(description="How long a new one is.")]
    revision: Revision | UnsetType = UNSET


class Changed(Struct, frozen=True, kw_only=True):
    """How many sessions a release changed, each counted once, by the most important that happened to it."""

    new: Count
    moved: Count
    changed: Count
    cancelled: Count
    restored: Count


class Release(Struct, frozen=True, kw_only=True):
    """A programme as it was published."""

    number: Annotated[int, Meta(ge=1)]
    at: Moment
    note: str
    takes_back: Annotated[int | None, Meta(description="The number of the release that this one undid.")]
    changes: Changed


class FieldError(Struct, frozen=True, kw_only=True):
    """What is wrong with one field; an empty name for the whole."""

    field: str
    detail: str


class ConflictingField(Struct, frozen=True, kw_only=True):
    """A value that was sent, and what somebody else has made of it since."""

    field: str
    yours: Any
    theirs: Any


class Conflict(Struct, frozen=True, kw_only=True):
    """Who changed the thing last, when, and what it has become."""

    by: str
    at: Moment
    revision: Revision
    fields: list[ConflictingField]


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong (RFC 9457)."""

    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: str
    type: Literal["about:blank"] | UnsetType = UNSET
    errors: list[FieldError] = []
    conflict: Conflict | None = None
