"""The programme as an iCalendar file, for the command line."""

from datetime import datetime

from summit.calendar.current import told_of
from summit.calendar.feeds import feed
from summit.core.i18n import DEFAULT
from summit.programme.published import Published


def write_ics(summit: Published, base_url: str, now: datetime, language: str = DEFAULT) -> bytes:
    """What calendars are told of the release at that moment, in that language as far as it has texts in it."""
    programme = summit.programme
    return feed(
        programme,
        told_of(summit, summit.placed, now),
        base_url=base_url,
        slug=summit.slug,
        language=language,
        released_at=summit.released_at,
    )
