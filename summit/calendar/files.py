"""The programme as an iCalendar file, for the command line."""

from summit.calendar.feeds import feed
from summit.programme.published import Published


def write_ics(summit: Published, base_url: str, language: str = "sv") -> bytes:
    """All sessions of the release, in that language as far as they have texts in it."""
    programme = summit.programme
    return feed(
        programme,
        list(programme.placed()),
        base_url=base_url,
        slug=summit.slug,
        language=language,
        released_at=summit.released_at,
        cancelled_prefix={"sv": "Inställd"}.get(language, "Cancelled"),
    )
