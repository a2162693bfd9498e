"""What comes before a session's start and after its end: how long it still takes, and where to go next."""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from summit.programme.values import Session


def minutes_until(start: datetime | None, now: datetime) -> int | None:
    """Whole minutes until then, the begun one included; 0 from then on, None where no time is known."""
    return None if start is None else max(0, math.ceil((start - now) / timedelta(minutes=1)))


def following(placed: Iterable[Session], session: Session, now: datetime) -> Session | None:
    """The next session on the same stage and day that is not over yet, else the next anywhere.

    `placed` are sessions in order of their times.
    """
    after = session.end or now
    coming = [
        one
        for one in placed
        if one.state == "confirmed" and one.start and one.end and one.start >= after and one.end > now
    ]
    on_stage = (one for one in coming if session.stage and (one.stage, one.day) == (session.stage, session.day))
    return next(on_stage, next(iter(coming), None))
