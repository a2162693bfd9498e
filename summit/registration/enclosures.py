"""Calendar files that come along with mail."""

from collections.abc import Sequence

from summit.calendar.feeds import feed
from summit.calendar.summit_event import summit_event
from summit.core.i18n import locale
from summit.core.mail.messages import Attachment
from summit.programme import values
from summit.registration.office import Office

_CONTENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


def whole_summit(office: Office) -> Sequence[Attachment]:
    """The days of the summit; nothing where it has none yet."""
    body = summit_event(
        office.programme,
        office.summit_id,
        base_url=office.base_url,
        slug=office.slug,
        language=locale(),
        now=office.now,
    )
    return [Attachment(f"{office.slug}.ics", _CONTENT_TYPE, body.decode())] if body else []


def one_session(office: Office, session: values.Session) -> Sequence[Attachment]:
    """The session; nothing while it has no time."""
    if session.start is None:
        return []
    body = feed(
        office.programme,
        [session],
        base_url=office.base_url,
        slug=office.slug,
        language=locale(),
        released_at=session.changed_at or office.now,
    )
    return [Attachment(f"{session.code}.ics", "text/calendar; charset=utf-8", body.decode())]
