"""A link that offers a session to Google Calendar, for readers whose calendar takes no file."""

from urllib.parse import urlencode

from summit.calendar.entry import Edition
from summit.programme.values import Programme, Session

_LONGEST_DETAILS = 800


def google_link(
    session: Session, programme: Programme, *, base_url: str, slug: str, language: str, cancelled_prefix: str
) -> str:
    """The address of Google's form with the session filled in, times in UTC; empty while the session has no time.

    Long descriptions are cut, because the address of a page has a limit; the link to the session's page stays.
    """
    edition = Edition(programme, base_url=base_url, slug=slug, language=language, cancelled_prefix=cancelled_prefix)
    entry = edition.entry(session)
    if entry is None:
        return ""
    details = entry.description.text
    if len(details) > _LONGEST_DETAILS:
        details = f"{details[:_LONGEST_DETAILS].rstrip()}…\n\n{entry.page}".rstrip()
    fields = {
        "action": "TEMPLATE",
        "text": entry.summary.text,
        "dates": f"{entry.starts:%Y%m%dT%H%M%SZ}/{entry.ends:%Y%m%dT%H%M%SZ}",
        "details": details,
        "location": entry.location.text,
    }
    return "https://calendar.google.com/calendar/render?" + urlencode({k: v for k, v in fields.items() if v})
