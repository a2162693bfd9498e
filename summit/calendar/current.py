"""Which sessions a calendar is told of: cancelled ones for thirty days, so that everybody's calendar hears of it."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from summit.programme.published import Published
from summit.programme.values import Session

TOLD_FOR = timedelta(days=30)
"""How long after it was cancelled a session stays in calendars, as cancelled."""


def told_of(published: Published, sessions: Iterable[Session], now: datetime) -> list[Session]:
    """Those of the sessions that belong into a calendar at that moment: they have a time, and are on or lately were."""
    return [
        one
        for one in sessions
        if one.start and (one.state == "confirmed" or now < (one.changed_at or published.released_at) + TOLD_FOR)
    ]


def changed_at(published: Published, now: datetime) -> datetime:
    """When calendars of the programme last changed: with the release, or when one more session was told for the last
    time."""
    gone = bisect_right(published.withdrawals, now - TOLD_FOR)
    last = published.withdrawals[gone - 1] + TOLD_FOR if gone else published.released_at
    return max(last, published.released_at)


def changes_at(published: Published, now: datetime) -> datetime | None:
    """When one more session is told for the last time; None where none is left."""
    gone = bisect_right(published.withdrawals, now - TOLD_FOR)
    return next((moment + TOLD_FOR for moment in published.withdrawals[gone : gone + 1]), None)
