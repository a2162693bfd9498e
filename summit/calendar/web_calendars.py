"""Links to calendars on the web: with a session filled in, or with the address of a whole calendar to read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlencode

from summit.calendar.entry import Entry

_LONGEST_DETAILS = 800
"""Characters of a description, because the address of a page has a limit."""

Link = Callable[[Entry], str]


def google_event(entry: Entry) -> str:
    """Google's form with the session filled in; times are in UTC."""
    return _address(
        "https://calendar.google.com/calendar/render",
        action="TEMPLATE",
        text=entry.summary.text,
        dates=f"{entry.starts:%Y%m%dT%H%M%SZ}/{entry.ends:%Y%m%dT%H%M%SZ}",
        details=_details(entry),
        location=entry.location.text,
    )


def outlook_event(entry: Entry) -> str:
    """The same at Outlook.com, for private accounts."""
    return _outlook("outlook.live.com", entry)


def microsoft365_event(entry: Entry) -> str:
    """The same for accounts of organisations and schools."""
    return _outlook("outlook.office.com", entry)


WEB_CALENDARS: Mapping[str, Link] = {
    "google": google_event,
    "outlook": outlook_event,
    "microsoft365": microsoft365_event,
}
"""By the name that stands in addresses."""


def webcal(address: str) -> str:
    """The address as calendar programs register for it: following it opens them."""
    return "webcal://" + address.partition("://")[2]


def google_subscription(address: str) -> str:
    """Google's question whether to read the calendar at that address."""
    return _address("https://calendar.google.com/calendar/r", cid=webcal(address))


def outlook_subscription(address: str, name: str, host: str = "outlook.live.com") -> str:
    """Outlook's question whether to read the calendar at that address; `host` is that of the account."""
    return _address(f"https://{host}/calendar/0/addfromweb", url=webcal(address), name=name)


@dataclass(frozen=True)
class Ways:
    """The ways into calendars for the feed at an address: each is a link that begins something."""

    address: str
    program: str
    google: str
    outlook: str
    microsoft365: str


def ways_to(address: str, name: str) -> Ways:
    """All of them; `name` is what the calendar is called."""
    return Ways(
        address=address,
        program=webcal(address),
        google=google_subscription(address),
        outlook=outlook_subscription(address, name),
        microsoft365=outlook_subscription(address, name, "outlook.office.com"),
    )


def _outlook(host: str, entry: Entry) -> str:
    return _address(
        f"https://{host}/calendar/0/deeplink/compose",
        path="/calendar/action/compose",
        rru="addevent",
        subject=entry.summary.text,
        startdt=f"{entry.starts:%Y-%m-%dT%H:%M:%SZ}",
        enddt=f"{entry.ends:%Y-%m-%dT%H:%M:%SZ}",
        body=escape(_details(entry), quote=False).replace("\n", "<br>"),
        location=entry.location.text,
    )


def _details(entry: Entry) -> str:
    """The description; where it is cut, the links to the session stay."""
    details = entry.description.text
    if len(details) <= _LONGEST_DETAILS:
        return details
    ways = "\n".join(filter(None, (entry.live, entry.page)))
    return f"{details[:_LONGEST_DETAILS].rstrip()}…\n\n{ways}".rstrip()


def _address(page: str, **fields: str) -> str:
    # Outlook shows a plus sign where forms would put a space.
    return f"{page}?" + urlencode({name: value for name, value in fields.items() if value}, quote_via=quote, safe="")
