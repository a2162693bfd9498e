"""What organisers are warned of: double bookings, people who are away, short breaks, and what is not said yet.

Nothing here blocks. `find` is a pure function; `warnings_of` feeds it from the database.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotFound
from summit.core.texts import Texts
from summit.people.models import Grant, Person
from summit.programme import values
from summit.programme.drafts import Rows, programme_of, rows_of
from summit.programme.models import Summit
from summit.programme.plain import converted
from summit.programme.slots import Slot, at_once, by_stage, joined, slots_of, within

Kind = Literal[
    "stage_twice",
    "speaker_twice",
    "moderator_twice",
    "unavailable",
    "outside_hours",
    "no_stage",
    "short_break",
    "over_capacity",
    "no_speaker",
    "no_theme",
    "no_captions",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are told."""
PAUSES = frozenset(
    {"break", "coffee", "coffee break", "lunch", "mingle", "networking", "paus", "fika", "mingel", "registration"}
)
"""Types of sessions, in lower case, that need neither speaker nor theme nor captions, and are a break themselves."""
_FOR_ALL = frozenset({"opening", "closing"})

_NOBODY = Texts()
_Times = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody who moderates chosen sessions, by their codes."""

    name: str
    sessions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Private:
    """What a released programme does not hold: when speakers can (by guid; none means at any time), who moderates what,
    and how many minutes a break should have."""

    availability: Mapping[str, Sequence[values.Span]] = field(default_factory=dict)
    moderators: Sequence[Moderator] = ()
    break_minutes: int = 10


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing to look at: which sessions (codes, with their titles beside), of whom or what, and when.

    `amount` and `limit` are minutes of a break, or people: what there is, and what there should be at least or at most.
    """

    kind: Kind
    sessions: tuple[str, ...]
    titles: tuple[Texts, ...]
    subject: Texts = field(default_factory=Texts)
    start: datetime | None = None
    end: datetime | None = None
    amount: int = 0
    limit: int = 0


def find(programme: values.Programme, more: Private) -> list[Warning]:
    """All warnings of a programme, by kind and then by time. In O(n log n); cancelled sessions make none."""
    sessions = [one for one in programme.sessions if one.state != "cancelled"]
    slots = slots_of(sessions)
    stages = {stage.slug: stage for stage in programme.stages}
    found = [
        *_stages_twice(slots, stages),
        *_speakers_twice(slots, programme.speakers),
        *_moderators_twice(slots, more.moderators),
        *_unavailable(slots, programme.speakers, more.availability),
        *_outside_hours(slots, programme),
        *_short_breaks(slots, stages, more.break_minutes),
        *(one for slot in slots for one in _of_a_place(slot, stages)),
        *(one for session in sessions for one in _unsaid(session, stages, has_themes=bool(programme.themes))),
    ]
    order = {kind: n for n, kind in enumerate(KINDS)}
    return sorted(found, key=lambda one: (order[one.kind], one.start or _LAST))


_LAST = datetime.max.replace(tzinfo=UTC)


async def warnings_of(db: AsyncSession, summit_id: str) -> list[Warning]:
    """All warnings of a summit's draft; raises `NotFound`."""
    summit = await db.get(Summit, summit_id)
    if summit is None:
        raise NotFound
    rows = await rows_of(db, summit)
    return find(programme_of(rows), await private_of(db, rows))


async def private_of(db: AsyncSession, rows: Rows) -> Private:
    """What of a draft only organisers see, as far as warnings need it."""
    availability = {
        row.guid: converted(row.availability, tuple[values.Span, ...]) for row in rows.speakers if row.availability
    }
    codes = {row.id: row.code for row in rows.sessions}
    pairs = await db.execute(
        select(Person.id, Person.name, Grant.session_id)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.summit_id == rows.summit.id, Grant.role == "moderator", Grant.session_id != "")
    )
    names: dict[str, str] = {}
    chosen: dict[str, set[str]] = defaultdict(set)
    for person_id, name, session_id in pairs:
        if session_id in codes:
            names[person_id] = name
            chosen[person_id].add(codes[session_id])
    moderators = [Moderator(names[person_id], frozenset(chosen[person_id])) for person_id in sorted(chosen)]
    return Private(availability, moderators, rows.summit.break_minutes)


def _stages_twice(slots: Iterable[Slot], stages: Mapping[str, values.Stage]) -> Iterator[Warning]:
    for slug, mine in by_stage(slots).items():
        if slug in stages:
            yield from _twice("stage_twice", mine, stages[slug].name)


def _speakers_twice(slots: Iterable[Slot], speakers: Iterable[values.Speaker]) -> Iterator[Warning]:
    appearances: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        for guid in dict.fromkeys(slot.session.speakers):
            appearances[guid].append(slot)
    for speaker in speakers:
        yield from _twice("speaker_twice", appearances.get(speaker.guid, ()), Texts.of(speaker.name))


def _moderators_twice(slots: Iterable[Slot], moderators: Iterable[Moderator]) -> Iterator[Warning]:
    by_code = {slot.session.code: slot for slot in slots}
    for moderator in moderators:
        mine = [by_code[code] for code in sorted(moderator.sessions) if code in by_code]
        mine.sort(key=lambda one: one.start)
        yield from _twice("moderator_twice", mine, Texts.of(moderator.name))


def _twice(kind: Kind, slots: Iterable[Slot], subject: Texts) -> Iterator[Warning]:
    for one, other in at_once(slots):
        both = max(one.start, other.start), min(one.end, other.end)
        yield _warning(kind, one.session, other.session, subject=subject, at=both)


def _unavailable(
    slots: Iterable[Slot], speakers: Iterable[values.Speaker], availability: Mapping[str, Sequence[values.Span]]
) -> Iterator[Warning]:
    names = {speaker.guid: speaker.name for speaker in speakers}
    spans = {guid: joined(given) for guid, given in availability.items() if given}
    for slot in slots:
        for guid in dict.fromkeys(slot.session.speakers):
            if guid in spans and not within(spans[guid], slot):
                subject = Texts.of(names.get(guid, ""))
                yield _warning("unavailable", slot.session, subject=subject, at=slot.span)


def _outside_hours(slots: Iterable[Slot], programme: values.Programme) -> Iterator[Warning]:
    """Outside the opening hours, or the dates where there are no hours; where nothing is said, nothing is outside."""
    hours = joined(values.Span(start=day.start, end=day.end) for day in programme.days)
    for slot in slots:
        is_within = within(hours, slot) if hours else _on_dates(slot, programme)
        if not is_within:
            yield _warning("outside_hours", slot.session, at=slot.span)


def _on_dates(slot: Slot, programme: values.Programme) -> bool:
    day = slot.session.day or slot.start.astimezone(programme.tz).date()
    return (programme.starts_on or date.min) <= day <= (programme.ends_on or date.max)


def _short_breaks(slots: Iterable[Slot], stages: Mapping[str, values.Stage], minutes: int) -> Iterator[Warning]:
    for slug, mine in by_stage(slots).items():
        last: Slot | None = None
        for slot in mine:
            if last is not None and slug in stages and not (is_pause(last.session) or is_pause(slot.session)):
                gap = int((slot.start - last.end).total_seconds() // 60)
                if 0 <= gap < minutes:
                    both, at = (last.session, slot.session), (last.end, slot.start)
                    yield _warning("short_break", *both, subject=stages[slug].name, at=at, amount=gap, limit=minutes)
            if last is None or slot.end > last.end:
                last = slot


def _of_a_place(slot: Slot, stages: Mapping[str, values.Stage]) -> Iterator[Warning]:
    """What a session lacks where it stands now."""
    stage = stages.get(slot.session.stage)
    if stage is None:
        yield _warning("no_stage", slot.session, at=slot.span)
    elif _lacks_captions(slot.session, stage):
        yield _warning("no_captions", slot.session, subject=stage.name, at=slot.span)


def _lacks_captions(session: values.Session, stage: values.Stage) -> bool:
    is_silent = stage.stream is not None and not stage.stream.captions
    return is_silent and "live_captions" not in session.features and not is_pause(session)


def _unsaid(session: values.Session, stages: Mapping[str, values.Stage], *, has_themes: bool) -> Iterator[Warning]:
    """What a session lacks wherever it stands, and one for more people than its stage holds."""
    stage, at = stages.get(session.stage), (session.start, session.end)
    if stage and stage.capacity and session.capacity and session.capacity > stage.capacity:
        people, places = session.capacity, stage.capacity
        yield _warning("over_capacity", session, subject=stage.name, at=at, amount=people, limit=places)
    if is_pause(session):
        return
    if not session.speakers:
        yield _warning("no_speaker", session, at=at)
    if has_themes and not session.theme and session.type.lower() not in _FOR_ALL:
        yield _warning("no_theme", session, at=at)


def is_pause(session: values.Session) -> bool:
    """Whether it is a break, by its type."""
    return session.type.strip().lower() in PAUSES


def _warning(
    kind: Kind,
    *sessions: values.Session,
    subject: Texts = _NOBODY,
    at: _Times = (None, None),
    amount: int = 0,
    limit: int = 0,
) -> Warning:
    codes, titles = tuple(one.code for one in sessions), tuple(one.title for one in sessions)
    return Warning(kind, codes, titles, subject, *at, amount, limit)
