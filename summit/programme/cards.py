"""Sessions as pages show them: in the reader's language and zone, as of a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from summit.core.i18n import locale
from summit.core.texts import Localised
from summit.programme.published import EARLY, Published, day_of
from summit.programme.values import Session, Speaker, Stage, Theme


@dataclass(frozen=True, slots=True)
class Card:
    """A session with all that a row, a cell or a page says of it. `start` and `end` are in the reader's zone; `at_home`
    is its start and end in the summit's, where clocks differ there."""

    session: Session
    title: Localised
    start: datetime | None
    end: datetime | None
    at_home: tuple[datetime, datetime] | None
    is_now: bool
    is_past: bool
    is_open: bool
    cancelled: bool
    stage: Stage | None
    theme: Theme | None
    speakers: tuple[Speaker, ...]
    url: str
    ics_url: str
    live_url: str


@dataclass(frozen=True, slots=True)
class DayList:
    """The sessions of a programme day; `now_index` is before which of them the present moment falls, if on that day."""

    date: date
    sessions: list[Card]
    now_index: int | None


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom cards are made: at which moment, in which zone; `query` is put behind addresses of pages."""

    now: datetime
    zone: ZoneInfo
    query: str = ""


def card(published: Published, session: Session, reader: Reader) -> Card:
    """One session for one reader."""
    start, end, now = session.start, session.end, reader.now
    home = f"/{published.slug}/sessions/{session.code}"
    cancelled = session.state == "cancelled"
    return Card(
        session=session,
        title=session.title.best(locale()),
        start=start.astimezone(reader.zone) if start else None,
        end=end.astimezone(reader.zone) if end else None,
        at_home=_at_home(start, end, reader.zone, published.programme.tz) if start and end else None,
        is_now=session.is_on(now),
        is_past=end is not None and end <= now,
        is_open=start is not None and end is not None and not cancelled and start - EARLY <= now < end,
        cancelled=cancelled,
        stage=published.stage(session.stage),
        theme=published.theme(session.theme),
        speakers=published.speakers_of(session),
        url=home + reader.query,
        ics_url=f"{home}.ics",
        live_url="" if cancelled else f"{home}/live",
    )


def days(published: Published, cards: Iterable[Card], now: datetime) -> list[DayList]:
    """The placed ones by programme day, in the order given."""
    programme = published.programme
    by_day = groupby(
        sorted((one for one in cards if one.start), key=lambda one: day_of(one.session, programme) or date.max),
        key=lambda one: day_of(one.session, programme),
    )
    lists = [(day, list(group)) for day, group in by_day if day]
    today = published.today(now)
    return [DayList(day, cards, _before(cards, now) if day == today else None) for day, cards in lists]


def on_now(published: Published, reader: Reader) -> list[Card]:
    """What takes place at that moment."""
    return [card(published, session, reader) for session in published.placed if session.is_on(reader.now)]


def up_next(published: Published, reader: Reader, most: int = 4) -> list[Card]:
    """What starts next."""
    coming = [
        session
        for session in published.placed
        if session.state == "confirmed" and session.start and session.start > reader.now
    ]
    return [card(published, session, reader) for session in coming[:most]]


def related(published: Published, session: Session, reader: Reader, most: int = 3) -> list[Card]:
    """Others of the same theme; those that are still to come first."""
    others = [
        one
        for one in published.placed
        if session.theme and one.theme == session.theme and one.guid != session.guid and one.state == "confirmed"
    ]
    others.sort(key=lambda one: (one.end or reader.now) <= reader.now)
    return [card(published, one, reader) for one in others[:most]]


def _at_home(start: datetime, end: datetime, zone: ZoneInfo, home: ZoneInfo) -> tuple[datetime, datetime] | None:
    there = start.astimezone(home)
    return None if there.utcoffset() == start.astimezone(zone).utcoffset() else (there, end.astimezone(home))


def _before(cards: list[Card], now: datetime) -> int:
    return sum(1 for one in cards if one.session.start and one.session.start <= now)
