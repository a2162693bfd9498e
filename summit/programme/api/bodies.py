"""What programs may send of sessions, speakers and stages. A change says only what is to be different (RFC 7396)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from summit.core.texts import Texts
from summit.programme import values
from summit.programme.api.queries import Code
from summit.programme.api.resources import Latitude, Longitude
from summit.programme.editing.checks import MOST_MINUTES
from summit.programme.editing.session_fields import SessionEdit
from summit.programme.editing.speakers import SpeakerEdit
from summit.programme.editing.stages import StageEdit
from summit.programme.values import Feature, LinkKind, State
from summit.programme.years import EARLIEST, LATEST

Lang = Annotated[str, Meta(max_length=20, description="A language (BCP 47).", examples=["sv", "en"])]
Line = Annotated[str, Meta(max_length=300)]
Body = Annotated[str, Meta(max_length=20_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
ShortLine = Annotated[str, Meta(max_length=100)]
LongerLine = Annotated[str, Meta(max_length=200)]
Email = Annotated[str, Meta(max_length=320, description="For organisers only.", examples=["anna@example.org"])]
Notes = Annotated[str, Meta(max_length=10_000, description="For organisers only.")]
Tag = Annotated[str, Meta(max_length=20, description="A language (BCP 47), or empty.", examples=["sv"])]
Slug = Annotated[str, Meta(max_length=100, description="The slug of one that there is, or empty.")]
Address = Annotated[str, Meta(max_length=2000, description="With http or https, or a path on this site; or empty.")]
Minutes = Annotated[int, Meta(ge=1, le=MOST_MINUTES)]
Capacity = Annotated[int, Meta(ge=1, le=1_000_000)]
Start = Annotated[
    datetime,
    Meta(
        tz=True, description=f"RFC 3339, in the years {EARLIEST} to {LATEST}.", examples=["2026-11-10T09:30:00+01:00"]
    ),
]
Features = Annotated[list[Feature], Meta(max_length=20)]
Codes = Annotated[
    list[Code], Meta(max_length=200, description="The codes of who appears, in order.", examples=[["ASAEK1"]])
]
Titles = Annotated[dict[Lang, Line], Meta(max_length=50, examples=[{"sv": "Välkommen", "en": "Welcome"}])]
Texts_ = Annotated[dict[Lang, Body], Meta(max_length=50, examples=[{"sv": "Om …", "en": "About …"}])]
TitlesChange = Annotated[
    dict[Lang, Line | None], Meta(max_length=50, description="Languages that are not named stay; null takes one away.")
]
TextsChange = Annotated[
    dict[Lang, Body | None], Meta(max_length=50, description="Languages that are not named stay; null takes one away.")
]


class LinkSent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link, or with kind `attachment` a hand-out. A recording has the type `recording`."""

    url: Annotated[str, Meta(min_length=1, max_length=2000, examples=["https://example.org/slides.pdf"])]
    title: Line = ""
    kind: LinkKind = "link"
    type: Annotated[str, Meta(max_length=40)] = ""


Links = Annotated[list[LinkSent], Meta(max_length=30)]


class SpanSent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From one moment until a later one."""

    start: Start
    end: Start


Spans = Annotated[list[SpanSent], Meta(max_length=50, description="None means at any time. For organisers only.")]


class NewSession(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new session. Without `start` it waits in the tray; without `minutes` it is as long as its type usually is."""

    title: Annotated[Titles, Meta(min_length=1)]
    subtitle: Titles | UnsetType = UNSET
    abstract: Texts_ | UnsetType = UNSET
    description: Texts_ | UnsetType = UNSET
    type: ShortLine | UnsetType = UNSET
    language: Tag | UnsetType = UNSET
    level: ShortLine | UnsetType = UNSET
    stage: Slug | UnsetType = UNSET
    theme: Slug | UnsetType = UNSET
    start: Start | UnsetType | None = UNSET
    minutes: Minutes | UnsetType = UNSET
    day: date | UnsetType | None = UNSET
    state: State | UnsetType = UNSET
    capacity: Capacity | UnsetType | None = UNSET
    speakers: Codes | UnsetType = UNSET
    links: Links | UnsetType = UNSET
    url: Address | UnsetType = UNSET
    logo: Address | UnsetType = UNSET
    accessibility: Texts_ | UnsetType = UNSET
    features: Features | UnsetType = UNSET
    licence: LongerLine | UnsetType = UNSET
    do_not_record: bool | UnsetType = UNSET
    notes: Notes | UnsetType = UNSET


class SessionChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different about a session: what is not given stays, null empties."""

    title: TitlesChange | UnsetType = UNSET
    subtitle: TitlesChange | UnsetType | None = UNSET
    abstract: TextsChange | UnsetType | None = UNSET
    description: TextsChange | UnsetType | None = UNSET
    type: ShortLine | UnsetType | None = UNSET
    language: Tag | UnsetType | None = UNSET
    level: ShortLine | UnsetType | None = UNSET
    stage: Slug | UnsetType | None = UNSET
    theme: Slug | UnsetType | None = UNSET
    start: Start | UnsetType | None = UNSET
    minutes: Minutes | UnsetType = UNSET
    day: date | UnsetType | None = UNSET
    state: State | UnsetType = UNSET
    capacity: Capacity | UnsetType | None = UNSET
    speakers: Codes | UnsetType | None = UNSET
    links: Links | UnsetType | None = UNSET
    url: Address | UnsetType | None = UNSET
    logo: Address | UnsetType | None = UNSET
    accessibility: TextsChange | UnsetType | None = UNSET
    features: Features | UnsetType | None = UNSET
    licence: LongerLine | UnsetType | None = UNSET
    do_not_record: bool | UnsetType = UNSET
    notes: Notes | UnsetType | None = UNSET


class NewSpeaker(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody new. A picture can be sent to its own address, too."""

    name: Name
    pronouns: ShortLine | UnsetType = UNSET
    organisation: LongerLine | UnsetType = UNSET
    biography: Texts_ | UnsetType = UNSET
    photo: Address | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    availability: Spans | UnsetType = UNSET


class SpeakerChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different about somebody: what is not given stays, null empties."""

    name: Name | UnsetType = UNSET
    pronouns: ShortLine | UnsetType | None = UNSET
    organisation: LongerLine | UnsetType | None = UNSET
    biography: TextsChange | UnsetType | None = UNSET
    photo: Address | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    availability: Spans | UnsetType | None = UNSET


StageText = Annotated[str, Meta(max_length=5000)]
Place = Annotated[str, Meta(max_length=300, description="Where people can go, on one line; or empty.")]


class NewStage(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new stage, after the last. Of the coordinates both are needed, or none."""

    name: Annotated[dict[Lang, ShortLine], Meta(min_length=1, max_length=50, examples=[{"sv": "Stora salen"}])]
    description: Annotated[dict[Lang, StageText], Meta(max_length=50)] | UnsetType = UNSET
    capacity: Capacity | UnsetType | None = UNSET
    address: Place | UnsetType = UNSET
    latitude: Latitude | UnsetType | None = UNSET
    longitude: Longitude | UnsetType | None = UNSET


class StageChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different about a stage: what is not given stays, null empties. Its slug and its streams stay."""

    name: Annotated[dict[Lang, ShortLine | None], Meta(max_length=50)] | UnsetType = UNSET
    description: Annotated[dict[Lang, StageText | None], Meta(max_length=50)] | UnsetType | None = UNSET
    capacity: Capacity | UnsetType | None = UNSET
    address: Place | UnsetType | None = UNSET
    latitude: Latitude | UnsetType | None = UNSET
    longitude: Longitude | UnsetType | None = UNSET


_TEXTS = {"title", "subtitle", "abstract", "description", "accessibility", "biography"}
_CLEARED: dict[str, Any] = dict.fromkeys(("capacity", "start", "day", "latitude", "longitude")) | dict.fromkeys(
    ("speakers", "links", "features", "availability"), ()
)


def session_edit(sent: NewSession | SessionChange, current: Mapping[str, Any], base: str) -> SessionEdit:
    """What was sent as an edit of what there is (``plain_session``; empty for a new one).

    Paths on this site (`base`) are kept without the site.
    """
    given = _given(sent, current, base)
    if "links" in given:
        given["links"] = tuple(
            values.Link(url=_local(link.url, base), title=link.title, kind=link.kind, type=link.type)
            for link in given["links"]
        )
    for name in ("speakers", "features"):
        if name in given:
            given[name] = tuple(given[name])
    return SessionEdit(**given)


def speaker_edit(sent: NewSpeaker | SpeakerChange, current: Mapping[str, Any], base: str) -> SpeakerEdit:
    """What was sent as an edit of what there is (``plain_speaker``; empty for somebody new)."""
    given = _given(sent, current, base)
    if "availability" in given:
        given["availability"] = tuple(values.Span(start=one.start, end=one.end) for one in given["availability"])
    return SpeakerEdit(**given)


def stage_edit(sent: NewStage | StageChange, current: Mapping[str, Any], base: str) -> StageEdit:
    """What was sent as an edit of what there is (``plain_stage``; empty for a new one)."""
    return StageEdit(**_given(sent, current, base))


def _given(sent: Struct, current: Mapping[str, Any], base: str) -> dict[str, Any]:
    """What is given, by name: texts merged into those that there are, null as empty."""
    given = {name: value for name, value in msgspec.structs.asdict(sent).items() if value is not UNSET}
    for name, value in given.items():
        if name in _TEXTS or isinstance(value, dict):
            there = current.get(name, {}) if value is not None else {}
            given[name] = Texts({lang: text for lang, text in {**there, **(value or {})}.items() if text is not None})
        elif value is None:
            given[name] = _CLEARED.get(name, "")
        elif name in ("url", "logo", "photo"):
            given[name] = _local(value, base)
    return given


def _local(address: str, base: str) -> str:
    return address.removeprefix(base) if address.startswith(f"{base}/") else address
