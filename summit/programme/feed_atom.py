"""What changed, release by release, as an Atom feed (RFC 4287)."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from markupsafe import Markup, escape

from summit.core.i18n import _, locale
from summit.programme.change_words import Group, counted, groups
from summit.programme.past_releases import PastRelease
from summit.programme.values import Programme

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# XML 1.0 §2.2 has no way to write these.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(programme: Programme, releases: Sequence[PastRelease], *, summit_id: str, slug: str, base_url: str) -> bytes:
    """The feed of releases as they are `for_readers`, newest first, in the reader's language and the summit's zone.

    Ids follow from those of summit and release, so that they stay whatever the address of the site becomes (§4.2.6).
    Who released is not named: the author is the summit.
    """
    ET.register_namespace("", _ATOM)
    home = f"{base_url}/{slug}"
    title = programme.title.best(locale()).text
    feed = ET.Element(f"{{{_ATOM}}}feed", {_XML_LANG: locale()})
    _add(feed, "id", _urn(f"summit:{summit_id}"))
    _add(feed, "title", _("%(summit)s: what has changed") % {"summit": title})
    if tagline := programme.tagline.best(locale()).text:
        _add(feed, "subtitle", tagline)
    _add(feed, "updated", _moment(releases[0].made_at))
    _add(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", title)
    _link(feed, "self", f"{home}/feed.atom", "application/atom+xml")
    _link(feed, "alternate", f"{home}/changes", "text/html")
    _add(feed, "generator", "Summit")
    for one in releases:
        _entry(feed, one, programme, home)
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def headline(release: PastRelease) -> str:
    """What a release did, in a line, as it is `for_readers`."""
    if release.taken_back_at:
        return _("Release %(number)s was taken back") % {"number": release.number}
    if release.takes_back:
        numbers = {"number": release.number, "before": release.takes_back}
        return _("Release %(number)s takes back release %(before)s") % numbers
    if release.changes.is_first:
        return _("The programme is published")
    said = counted(release.changes) or _("Details have changed")
    return _("Release %(number)s: %(changes)s") % {"number": release.number, "changes": said}


def _entry(feed: ET.Element, release: PastRelease, programme: Programme, home: str) -> None:
    entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
    _add(entry, "id", _urn(f"release:{release.id}"))
    _add(entry, "title", headline(release))
    _add(entry, "published", _moment(release.made_at))
    # An entry that says something else by now is another (§4.2.15).
    _add(entry, "updated", _moment(release.taken_back_at or release.made_at))
    _link(entry, "alternate", f"{home}/changes#release-{release.number}", "text/html")
    _add(entry, "content", _html(release, programme, home), type="html")


def _html(release: PastRelease, programme: Programme, home: str) -> str:
    parts = [Markup("<p>{}</p>").format(line) for line in release.note.splitlines() if line.strip()]
    if release.taken_back_at or release.takes_back:
        parts.append(Markup("<p>{}</p>").format(fate(release)))
    elif release.changes.is_first:
        link = Markup('<a href="{}">{}</a>').format(f"{home}/programme", _("See the programme"))
        parts.append(Markup("<p>{}</p>").format(link))
    else:
        parts += [_group(group, home) for group in groups(release.changes, programme.tz)]
    return str(Markup("\n").join(parts))


def fate(release: PastRelease) -> str:
    """What a release that was taken back, or that takes one back, says instead of what it changed."""
    if release.taken_back_at:
        return _("What it changed no longer holds.")
    return _("The programme is again as it was before release %(number)s.") % {"number": release.takes_back}


def _group(group: Group, home: str) -> Markup:
    lines = []
    for one in group.told:
        said = one.said.html(f"{home}/sessions/{one.code}" if one.code else "")
        details = Markup(" ").join(detail.html() for detail in one.details)
        lines.append(Markup("<li>{} {}</li>").format(said, details) if details else Markup("<li>{}</li>").format(said))
    return Markup("<h3>{}</h3>\n<ul>{}</ul>").format(escape(group.name), Markup("").join(lines))


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = _NO_XML.sub("", text)


def _link(parent: ET.Element, rel: str, href: str, kind: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "type": kind, "href": href})


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, name).urn


def _moment(moment: datetime) -> str:
    """RFC 3339 in UTC, as §3.3 asks for."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
