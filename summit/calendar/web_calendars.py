"""Links to calendars on the web: with a session filled in, or with the address of a whole calendar to read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlencode

from summit.calendar.entry import Entry, shortened

_LONGEST_ADDRESS = 2_000
"""Octets: servers and browsers on the way take no more for sure."""
_LONGEST_DETAILS, _LONGEST_LINE = 800, 120

Link = Callable[[Entry], str]


def google_event(entry: Entry) -> str:
    """Google's form with the session filled in; times are in UTC."""
    return _fitting(
        entry,
        lambda details: _address(
            "https://calendar.google.com/calendar/render",
            action="TEMPLATE",
            text=_line(entry.summary.text),
            dates=f"{entry.starts:%Y%m%dT%H%M%SZ}/{entry.ends:%Y%m%dT%H%M%SZ}",
            details=details,
            location=_line(entry.location.text),
        ),
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
    return _fitting(
        entry,
        lambda details: _address(
            f"https://{host}/calendar/0/deeplink/compose",
            path="/calendar/action/compose",
            rru="addevent",
            subject=_line(entry.summary.text),
            startdt=f"{entry.starts:%Y-%m-%dT%H:%M:%SZ}",
            enddt=f"{entry.ends:%Y-%m-%dT%H:%M:%SZ}",
            body=escape(details, quote=False).replace("\n", "<br>"),
            location=_line(entry.location.text),
        ),
    )


def _fitting(entry: Entry, address_with: Callable[[str], str]) -> str:
    """The address with as much of the description as there is room for; the links to the session stay."""
    for octets in (_LONGEST_DETAILS, _LONGEST_DETAILS // 2, _LONGEST_DETAILS // 4, 0):
        address = address_with(shortened(entry, octets).description.text)
        if len(address) <= _LONGEST_ADDRESS:
            break
    return address


def _line(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else f"{text[: _LONGEST_LINE - 1].rstrip()}…"


def _address(page: str, **fields: str) -> str:
    # Outlook shows a plus sign where forms would put a space.
    return f"{page}?" + urlencode({name: value for name, value in fields.items() if value}, quote_via=quote, safe="")
