"""frab schedule XML (https://c3voc.de/wiki/schedule)."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ProcessingInstruction, SubElement, indent, tostring

from summit.programme.exchange.carrying import gathered
from summit.programme.exchange.fitting import NEVER, Sheet, hours
from summit.programme.exchange.markup import Node, parsed
from summit.programme.exchange.reading import web_address
from summit.programme.exchange.record import DayFound, Found, Record, Room
from summit.programme.values import Day, Session, UnreadableProgramme

_OURS = "summit"
_TRACK_SLUG = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
_DAY = {"day_start": "start", "day_end": "end"}
_CONFERENCE = {"beyond": f"processing instruction {_OURS}", "tracks": "track"}
_EVENT = {"recording_license": "recording, license", "do_not_record": "recording, optout"}


def read(data: bytes) -> Found:
    """What the file holds. Raises `UnreadableProgramme` where that is no schedule, or has a DTD or entities."""
    root, ours = parsed(data, _OURS)
    if root.tag != "schedule":
        raise UnreadableProgramme(f"is <{root.tag}>, not a schedule", line=root.line)
    conference = root.child("conference")
    if conference is None:
        raise UnreadableProgramme("is missing", line=root.line, field="schedule, conference")
    days = [_day(day, turn) for turn, day in enumerate(root.all("day"), 1)]
    return Found(_conference(root, conference, ours), days)


def write(sheet: Sheet, *, base_url: str, version: str) -> bytes:
    """The programme as UTF-8, valid against the XML schema of the format."""
    schedule = Element("schedule")
    SubElement(schedule, "generator", name="Summit", system=urlsplit(base_url).netloc, version=version)
    _put_address(schedule, "url", f"{sheet.home}/programme.xml")
    _put(schedule, "version", sheet.programme.version)
    schedule.append(_written_conference(sheet, base_url))
    for index, day in enumerate(sheet.programme.days, 1):
        schedule.append(_written_day(sheet, day, index))
    indent(schedule, " ")
    return bytes(tostring(schedule, encoding="utf-8", xml_declaration=True)) + b"\n"


def _conference(root: Node, conference: Node, ours: Node | None) -> Record:
    fields: dict[str, object] = {}
    lines: dict[str, int | None] = {"": conference.line}
    for child in [*conference.children, *root.all("version")]:
        if not fields.get(child.tag):
            fields[child.tag], lines[child.tag] = child.text, child.line
    tracks = conference.all("track")
    fields["tracks"] = [{**track.attributes, "name": track.attributes.get("name") or track.text} for track in tracks]
    lines["tracks"] = tracks[0].line if tracks else None
    if ours is not None:
        fields["beyond"], lines["beyond"] = _parsed(ours), ours.line
    return Record(fields, "conference", lambda field: lines.get(field, lines[""]), _CONFERENCE)


def _parsed(ours: Node) -> object:
    try:
        return json.loads(ours.text)
    except (ValueError, RecursionError):
        raise UnreadableProgramme("is not JSON", line=ours.line, field=_CONFERENCE["beyond"]) from None


def _day(node: Node, turn: int) -> DayFound:
    path = f"day {node.attributes.get('index') or turn}"
    fields: dict[str, object] = {
        "date": node.attributes.get("date"),
        "day_start": node.attributes.get("start"),
        "day_end": node.attributes.get("end"),
    }
    return DayFound(
        Record(fields, path, lambda _field: node.line, _DAY), [_room(room, path) for room in node.all("room")]
    )


def _room(node: Node, day: str) -> Room:
    name = node.attributes.get("name", "")
    path = f'{day}, room "{name}"'
    return Room(
        name,
        node.attributes.get("guid"),
        [_event(event, path, turn) for turn, event in enumerate(node.all("event"), 1)],
    )


def _event(node: Node, room: str, turn: int) -> Record:
    fields: dict[str, object] = {key: node.attributes.get(key) for key in ("guid", "id", "code")}
    lines = {"": node.line}
    for child in node.children:
        for field, value in _fields(child):
            if not fields.get(field):
                fields[field], lines[field] = value, child.line
    label = next(filter(None, (str(fields.get(key) or "").strip() for key in ("id", "guid", "title"))), turn)
    return Record(fields, f"{room}, event {label}", lambda field: lines.get(field, lines[""]), _EVENT)


def _fields(node: Node) -> Iterator[tuple[str, object]]:
    """What one element of an event says, as JSON has it."""
    match node.tag:
        case "persons":
            yield "persons", [{**one.attributes, "name": one.text} for one in node.all("person")]
        case "links":
            yield "links", [_link(one) for one in node.all("link")]
        case "attachments":
            yield "attachments", [_link(one) for one in node.all("attachment")]
        case "recording":
            for part in node.children:
                yield {"license": "recording_license", "optout": "do_not_record"}.get(part.tag, "recording"), part.text
        case "track" if node.attributes.get("slug"):
            yield "track", {"name": node.text, "slug": node.attributes["slug"]}
        case _:
            yield node.tag, node.text


def _link(node: Node) -> dict[str, object]:
    return {"url": node.attributes.get("href"), "title": node.text, "type": node.attributes.get("type")}


def _written_conference(sheet: Sheet, base_url: str) -> Element:
    programme, days = sheet.programme, sheet.programme.days
    conference = Element("conference")
    _put(conference, "title", programme.title.best(*programme.languages).text)
    _put(conference, "acronym", sheet.acronym)
    _put(conference, "start", (programme.starts_on or days[0].date).isoformat())
    _put(conference, "end", (programme.ends_on or days[-1].date).isoformat())
    _put(conference, "days", str(len(days)))
    _put(conference, "timeslot_duration", hours(programme.slot_minutes))
    _put_address(conference, "base_url", base_url)
    _put_address(conference, "url", programme.url)
    if programme.zone:
        _put(conference, "time_zone_name", programme.zone)
    for slug, name in sheet.tracks.items():
        own = {"slug": slug} if _TRACK_SLUG.fullmatch(slug) else {}
        SubElement(conference, "track", {"name": name, **own})
    ours = json.dumps(gathered(sheet, biographies=True))
    # So that no text inside ends the instruction.
    conference.append(ProcessingInstruction(_OURS, ours.replace(">", "\\u003e")))
    return conference


def _written_day(sheet: Sheet, day: Day, index: int) -> Element:
    bounds = {"date": day.date.isoformat(), "start": day.start.isoformat(), "end": day.end.isoformat()}
    written = Element("day", {"index": str(index), **bounds})
    for stage, sessions in sheet.by_room(day):
        room = SubElement(
            written, "room", {"name": sheet.rooms[stage.slug], "guid": stage.guid} if stage else {"name": ""}
        )
        room.extend(_written_event(sheet, session) for session in sessions)
    return written


def _written_event(sheet: Sheet, session: Session) -> Element:
    own = {"code": session.code} if session.code else {}
    event = Element("event", {"guid": session.guid, "id": str(session.number), **own})
    start = session.start or NEVER
    _put(event, "room", sheet.rooms.get(session.stage, ""))
    _put(event, "title", session.title.best(session.language).text)
    _put(event, "subtitle", session.subtitle.best(session.language).text)
    _put(event, "type", session.type)
    _put(event, "date", start.isoformat())
    _put(event, "start", start.strftime("%H:%M"))
    _put(event, "duration", hours(session.minutes))
    _put(event, "abstract", session.abstract.best(session.language).text)
    _put(event, "slug", session.slug)
    _put(event, "track", sheet.tracks.get(session.theme, ""))
    _put(event, "logo", session.logo)
    _put(event, "language", session.language)
    _put(event, "description", session.description.best(session.language).text)
    recording = SubElement(event, "recording")
    _put(recording, "license", session.licence)
    _put(recording, "optout", "true" if session.do_not_record else "false")
    _put_address(event, "url", sheet.page(session))
    event.append(_written_persons(sheet, session))
    for kind in ("link", "attachment"):
        links = SubElement(event, f"{kind}s")
        for link in (one for one in session.links if one.kind == kind):
            kept = {"type": link.type} if link.type else {}
            SubElement(links, kind, {"href": link.url, **kept}).text = link.title
    return event


def _written_persons(sheet: Sheet, session: Session) -> Element:
    persons = Element("persons")
    for speaker in sheet.speakers(session):
        number = {} if speaker.number is None else {"id": str(speaker.number)}
        SubElement(persons, "person", {"guid": speaker.guid, **number}).text = speaker.name
    return persons


def _put(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _put_address(parent: Element, tag: str, said: str) -> None:
    if found := web_address(said):
        _put(parent, tag, found)
