"""A programme as plain values: what files exchange, releases keep and pages show.

Nothing here knows a database, a file or the web. All are immutable; `msgspec.structs.replace` makes changed copies.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from summit.core.texts import Texts
from summit.programme.coordinates import Coordinates, coordinates

State = Literal["confirmed", "cancelled"]
LinkKind = Literal["link", "attachment"]
Shape = Literal["circle", "wave", "arch", "leaf", "diamond", "steps"]
SHAPES: tuple[Shape, ...] = ("circle", "wave", "arch", "leaf", "diamond", "steps")
Feature = Literal[
    "live_captions", "sign_language", "audio_description", "easy_language", "hearing_loop", "step_free", "quiet_room"
]
FEATURES: tuple[Feature, ...] = (
    "live_captions",
    "sign_language",
    "audio_description",
    "easy_language",
    "hearing_loop",
    "step_free",
    "quiet_room",
)
"""What makes a session accessible, in words that programs understand; `Session.accessibility` says the rest."""
HostRole = Literal["host", "partner", "sponsor", "funder"]
COLOURS: tuple[str, ...] = ("copper", "fjord", "heather", "moss", "lingon", "ink")


class Value(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What all values of a programme share."""


class Link(Value, frozen=True):
    """A link or a hand-out of a session. `type` as in the frab schema (slides, paper, web, …)."""

    url: str
    title: str = ""
    kind: LinkKind = "link"
    type: str = ""


class Caption(Value, frozen=True):
    """A WebVTT caption file for a stage's stream."""

    url: str
    lang: str
    label: str


class Stream(Value, frozen=True):
    """Where a stage's picture and sound come from. `kind` is found from the address where it is empty
    (hls, mp4, youtube, vimeo, peertube, jitsi, bigbluebutton); `backup` is the address of a second stream,
    `audio` of one with sound alone."""

    url: str
    kind: str = ""
    captions: tuple[Caption, ...] = ()
    backup: str = ""
    audio: str = ""


class Stage(Value, frozen=True):
    """A room or stage. `name` is also its identity within a summit, together with `guid`.

    `address` is where people can go to, on one line, with its `latitude` and `longitude` in degrees (WGS 84), both or
    none; empty for a stage that is on the web alone.
    """

    name: Texts
    guid: str = ""
    slug: str = ""
    description: Texts = Texts()
    capacity: int | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    stream: Stream | None = None

    @property
    def coordinates(self) -> Coordinates | None:
        """Latitude and longitude together, where both are known."""
        return coordinates(self.latitude, self.longitude)

    @property
    def where(self) -> str:
        """What tells people where to go: the address, else the coordinates; empty for a stage on the web alone."""
        return self.address or str(self.coordinates or "")


class Theme(Value, frozen=True):
    """A theme (track): a name, a colour token of the look, and a shape, so that colour never stands alone."""

    name: Texts
    slug: str = ""
    colour: str = ""
    shape: Shape = "circle"


class SessionType(Value, frozen=True):
    """A type of sessions: `key` stands in `Session.type`, `name` is what readers see, `minutes` the usual length."""

    key: str
    name: Texts = Texts()
    minutes: int = 45


class Span(Value, frozen=True):
    """From one moment (aware) until another."""

    start: datetime
    end: datetime


class Speaker(Value, frozen=True):
    """Someone who appears in sessions. `guid` is a UUID as text; `number` the source's numeric id, where it has one."""

    name: str
    guid: str
    code: str = ""
    number: int | None = None
    pronouns: str = ""
    organisation: str = ""
    biography: Texts = Texts()
    photo: str = ""


class Session(Value, frozen=True):
    """One entry of the programme.

    `guid` is a UUID as text and the identity over re-imports; `code` the short public one (six of 0-9A-Z), unique in
    the summit; `number` the positive integer that the schedule formats ask for. `start` is aware, in any zone; without
    it the session is not placed. `minutes` is the length. `day` is the programme day it belongs to, which for a session
    after midnight is the day before. `stage` and `theme` are slugs, `speakers` guids in order of appearance.

    `sequence`, `changed_at` and `published_at` are given by releases: how often time, place or state have changed, when
    anything did, and when the session was first released, where that is known.
    """

    guid: str
    title: Texts
    code: str = ""
    number: int | None = None
    slug: str = ""
    subtitle: Texts = Texts()
    abstract: Texts = Texts()
    description: Texts = Texts()
    type: str = ""
    language: str = ""
    level: str = ""
    stage: str = ""
    theme: str = ""
    start: datetime | None = None
    minutes: int = 0
    day: date | None = None
    state: State = "confirmed"
    capacity: int | None = None
    speakers: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    url: str = ""
    logo: str = ""
    accessibility: Texts = Texts()
    licence: str = ""
    do_not_record: bool = False
    features: tuple[Feature, ...] = ()
    sequence: int = 0
    changed_at: datetime | None = None
    published_at: datetime | None = None

    @property
    def end(self) -> datetime | None:
        """When it ends, in UTC; None while it is not placed."""
        # In UTC: adding to an aware time adds to the clock on the wall, which is wrong across a clock change.
        return None if self.start is None else self.start.astimezone(UTC) + timedelta(minutes=self.minutes)

    def is_on(self, now: datetime) -> bool:
        """Whether it takes place at that moment: start included, end not."""
        start, end = self.start, self.end
        return self.state == "confirmed" and start is not None and end is not None and start <= now < end


class Day(Value, frozen=True):
    """A day of the programme with its opening and closing times (aware); it may close after midnight."""

    date: date
    start: datetime
    end: datetime


class Host(Value, frozen=True):
    """An organisation behind the summit. `role` is one of `HostRole`, or a file's own word; `logo` an address."""

    name: str
    url: str = ""
    role: str = "host"
    logo: str = ""


class Programme(Value, frozen=True):
    """A whole programme: what a file holds and what a release publishes."""

    title: Texts
    acronym: str = ""
    zone: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    version: str = ""
    tagline: Texts = Texts()
    description: Texts = Texts()
    url: str = ""
    languages: tuple[str, ...] = ()
    hosts: tuple[Host, ...] = ()
    accent: str = ""
    logo: str = ""
    code_of_conduct: Texts = Texts()
    privacy: Texts = Texts()
    slot_minutes: int = 5
    days: tuple[Day, ...] = ()
    stages: tuple[Stage, ...] = ()
    themes: tuple[Theme, ...] = ()
    types: tuple[SessionType, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    sessions: tuple[Session, ...] = ()

    @property
    def tz(self) -> ZoneInfo:
        """The summit's zone; UTC where none is known."""
        return ZoneInfo(self.zone or "UTC")

    def placed(self) -> Iterator[Session]:
        """Sessions that have a time, by time, then stage order."""
        order = {stage.slug: n for n, stage in enumerate(self.stages)}
        yield from sorted(
            (session for session in self.sessions if session.start is not None),
            key=lambda s: (s.start or _NEVER, order.get(s.stage, len(order)), s.code),
        )


_NEVER = datetime.max.replace(tzinfo=UTC)


class UnreadableProgramme(Exception):
    """A programme file that cannot be taken in: says where (line from 1, field) and what is wrong.

    `field` is a path a person can follow, such as ``day 1, room "Saal 1", event 6561, duration``.
    """

    def __init__(self, problem: str, *, line: int | None = None, field: str = "") -> None:
        self.problem, self.line, self.field = problem, line, field
        where = ", ".join(part for part in (f"line {line}" if line else "", field) if part)
        super().__init__(f"{where}: {problem}" if where else problem)
