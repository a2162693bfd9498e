"""A clock that tests set."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2030, 5, 14, 7, 20, tzinfo=UTC)
"""Twenty past nine in Stockholm, on the first day of the summit that the factories make."""


class SettableClock:
    """Stands still until it is set."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        """Moves on by what `timedelta` takes: ``clock.advance(minutes=16)``."""
        self.now += timedelta(**time)
