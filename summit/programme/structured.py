"""What search engines read: schema.org as JSON-LD (a summit, a session, a speaker).

That a session has been moved from another time (`previousStartDate`) is not said: a release does not know it.
"""

import json
from typing import Any

from markupsafe import Markup

from summit.core.i18n import locale
from summit.core.text import to_plain
from summit.programme.hosts import own_picture
from summit.programme.published import Published
from summit.programme.sharing import picture_url
from summit.programme.values import Session, Speaker, Stage

Fields = dict[str, Any]
_ONLINE, _MIXED = (f"https://schema.org/{kind}EventAttendanceMode" for kind in ("Online", "Mixed"))


def summit_event(published: Published, base_url: str) -> Markup:
    """The JSON-LD of the summit as a whole, without its sessions, which have their own; empty without days."""
    programme, home = published.programme, f"{base_url}/{published.slug}"
    if programme.starts_on is None:
        return Markup("")
    about = programme.description or programme.tagline
    places = [_place(stage) for stage in programme.stages if stage.where]
    return _script(
        {
            "@context": "https://schema.org",
            "@type": "Event",
            "@id": home,
            "url": home,
            "name": programme.title.best(locale()).text,
            "description": to_plain(about.best(locale()).text),
            "startDate": programme.starts_on.isoformat(),
            "endDate": (programme.ends_on or programme.starts_on).isoformat(),
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": _MIXED if places else _ONLINE,
            "location": [{"@type": "VirtualLocation", "url": home}, *places],
            "image": [picture_url(base_url, published)],
            "inLanguage": list(programme.languages),
            "organizer": _organizers(published, base_url),
            "offers": _offer(published, home),
        }
    )


def event(published: Published, session: Session, base_url: str) -> Markup:
    """The JSON-LD of a session, safe inside ``<script type="application/ld+json">``; empty while it has no time."""
    if session.start is None or session.end is None:
        return Markup("")
    programme, home = published.programme, f"{base_url}/{published.slug}"
    zone, page = programme.tz, f"{home}/sessions/{session.code}"
    stage = published.stage(session.stage)
    about = session.abstract or session.description
    fields: Fields = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": page,
        "url": page,
        "name": session.title.best(locale()).text,
        "description": to_plain(about.best(locale()).text),
        "startDate": session.start.astimezone(zone).isoformat(),
        "endDate": session.end.astimezone(zone).isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if session.state == 'cancelled' else 'Scheduled'}",
        "inLanguage": session.language,
        "location": [{"@type": "VirtualLocation", "url": f"{page}/live"}],
        "eventAttendanceMode": _ONLINE,
        "image": [picture_url(base_url, published)],
        "performer": [
            {"@type": "Person", "name": one.name, "url": f"{home}/speakers/{one.code or one.guid}"}
            for one in published.speakers_of(session)
        ],
        "organizer": _organizers(published, base_url),
        "offers": _offer(published, page),
        "superEvent": {
            "@type": "Event",
            "name": programme.title.best(locale()).text,
            "url": home,
            "location": [{"@type": "VirtualLocation", "url": home}],
        }
        | ({"startDate": programme.starts_on.isoformat()} if programme.starts_on else {})
        | ({"endDate": programme.ends_on.isoformat()} if programme.ends_on else {}),
    }
    if stage is not None and (stage.where or stage.stream is None):
        fields["location"].append(_place(stage))
        fields["eventAttendanceMode"] = _MIXED
    return _script(fields)


def person(published: Published, speaker: Speaker, base_url: str) -> Markup:
    """The JSON-LD of somebody who speaks."""
    photo = own_picture(speaker.photo)
    page = f"{base_url}/{published.slug}/speakers/{speaker.code or speaker.guid}"
    return _script(
        {
            "@context": "https://schema.org",
            "@type": "Person",
            "@id": page,
            "url": page,
            "name": speaker.name,
            "description": to_plain(speaker.biography.best(locale()).text),
            "image": f"{base_url}{photo}" if photo else "",
            "affiliation": {"@type": "Organization", "name": speaker.organisation} if speaker.organisation else {},
        }
    )


def _place(stage: Stage) -> Fields:
    """Where people can go. An address is one line here, and nobody knows which part of it is the town."""
    found: Fields = {"@type": "Place", "name": stage.name.best(locale()).text}
    if stage.address:
        found["address"] = {"@type": "PostalAddress", "streetAddress": stage.address}
    if at := stage.coordinates:
        found["geo"] = {"@type": "GeoCoordinates", "latitude": at.latitude, "longitude": at.longitude}
    return found


def _organizers(published: Published, base_url: str) -> list[Fields]:
    """The hosts; whoever pays or helps is no organiser. Without any, the summit itself."""
    hosts = [host for host in published.programme.hosts if host.role in ("", "host")]
    own = {"@type": "Organization", "name": published.programme.title.best(locale()).text}
    return [{"@type": "Organization", "name": one.name} | ({"url": one.url} if one.url else {}) for one in hosts] or [
        own | {"url": f"{base_url}/{published.slug}"}
    ]


def _offer(published: Published, page: str) -> Fields:
    """That it costs nothing, where everybody with the link may enter; else nothing is known of it."""
    if not published.open_to_all:
        return {}
    free = {"@type": "Offer", "price": "0", "priceCurrency": "EUR", "url": page}
    return free | {
        "availability": "https://schema.org/InStock",
        "validFrom": published.released_at.isoformat(timespec="seconds"),
    }


def _script(fields: Fields) -> Markup:
    text = json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
