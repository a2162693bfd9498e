"""A session for search engines: schema.org Event as JSON-LD."""

import json
from typing import Any

from markupsafe import Markup

from summit.core.i18n import locale
from summit.core.text import to_plain
from summit.programme.published import Published
from summit.programme.values import Session


def event(published: Published, session: Session, base_url: str) -> Markup:
    """The JSON-LD of a session, safe inside ``<script type="application/ld+json">``; empty while it has no time."""
    if session.start is None or session.end is None:
        return Markup("")
    programme, home = published.programme, f"{base_url}/{published.slug}"
    zone, page = programme.tz, f"{home}/sessions/{session.code}"
    stage = published.stage(session.stage)
    about = session.abstract or session.description
    fields: dict[str, Any] = {
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
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "performer": [
            {"@type": "Person", "name": one.name, "url": f"{home}/speakers/{one.code or one.guid}"}
            for one in published.speakers_of(session)
        ],
        "organizer": [
            {"@type": "Organization", "name": host.name} | ({"url": host.url} if host.url else {})
            for host in programme.hosts
        ],
        "superEvent": {"@type": "Event", "name": programme.title.best(locale()).text, "url": home}
        | ({"startDate": programme.starts_on.isoformat()} if programme.starts_on else {})
        | ({"endDate": programme.ends_on.isoformat()} if programme.ends_on else {}),
    }
    if stage is not None and stage.stream is None:
        place = {"@type": "Place", "name": stage.name.best(locale()).text}
        fields["location"].append(place)
        fields["eventAttendanceMode"] = "https://schema.org/MixedEventAttendanceMode"
    text = json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
