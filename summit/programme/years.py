"""The years that a programme may be in.

Beyond them, moments in other zones, and ends of sessions, run out of what calendars and databases can hold.
"""

from datetime import date

from summit.core.i18n import _

EARLIEST, LATEST = 1970, 2100


def is_of_our_time(moment: date) -> bool:
    """Whether the date or moment is within these years."""
    return EARLIEST <= moment.year <= LATEST


def other_years() -> str:
    """What to say of one that is not."""
    return _("Use a time in the years %(first)d to %(last)d.") % {"first": EARLIEST, "last": LATEST}
