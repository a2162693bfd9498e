"""frab and pretalx schedule JSON (https://c3voc.de/wiki/schedule)."""

import json
import re

from summit.programme.exchange.carrying import gathered
from summit.programme.exchange.fitting import NEVER, Sheet, hours
from summit.programme.exchange.notation import Source
from summit.programme.exchange.reading import web_address
from summit.programme.exchange.record import DayFound, Found, Record, Room
from summit.programme.values import Day, Link, Session, Speaker, Stage, UnreadableProgramme

_SCHEMA = "https://c3voc.de/schedule/schema.json"
_SLUG = re.compile(r"[a-z0-9_-]+[a-z0-9]")
_ZONE = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")


def read(text: str) -> Found:
    """What the file holds. Raises `UnreadableProgramme` where that is no schedule."""
    source = Source(text)
    whole = source.parsed()
    if not isinstance(whole, dict):
        raise UnreadableProgramme("is not an object with a schedule", line=1)
    top = Record(whole, "", source.place(whole))
    schedule = _inner(source, top, "schedule") if "schedule" in whole else top
    conference = _inner(source, schedule, "conference")
    if "days" not in conference.fields:
        raise conference.wrong("is missing", "days")
    meta = conference.fields.get("meta")
    fields = {
        **conference.fields,
        "version": schedule.fields.get("version"),
        "base_url": schedule.fields.get("base_url"),
        "rooms": _listed(conference) + _listed(schedule),
        "beyond": meta.get("summit") if isinstance(meta, dict) else None,
    }
    around = Record(fields, conference.path, source.place(conference.fields), {"beyond": "meta, summit"})
    days = conference.each("days", lambda day: day)
    return Found(around, [_day(source, day, conference, turn) for turn, day in enumerate(days, 1)])


def write(sheet: Sheet, *, base_url: str, version: str) -> bytes:
    """The programme as UTF-8, valid against the JSON schema of the format."""
    home = web_address(base_url)
    generator = {"name": "Summit", "version": version, **({"url": home} if home else {})}
    schedule: dict[str, object] = {"version": sheet.programme.version}
    if home:
        schedule["base_url"] = home
    schedule["conference"] = _written_conference(sheet)
    whole = {"$schema": _SCHEMA, "generator": generator, "schedule": schedule}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def _inner(source: Source, outer: Record, field: str) -> Record:
    value = outer.fields.get(field)
    if not isinstance(value, dict):
        raise outer.wrong("is missing" if value is None else "is not an object", field)
    path = ", ".join(part for part in (outer.path, field) if part)
    return Record(value, path, source.place(value))


def _listed(record: Record) -> list[object]:
    rooms = record.fields.get("rooms")
    return rooms if isinstance(rooms, list) else []


def _day(source: Source, value: object, conference: Record, turn: int) -> DayFound:
    if not isinstance(value, dict):
        raise conference.wrong("is not a list of days", "days")
    index = value.get("index")
    path = f"day {index if isinstance(index, int | str) and index != '' else turn}"
    day = Record(value, path, source.place(value))
    rooms = value.get("rooms") or {}
    if isinstance(rooms, list):
        rooms = {str(room.get("name", "")): room.get("events", []) for room in rooms if isinstance(room, dict)}
    if not isinstance(rooms, dict):
        raise day.wrong("is not an object of rooms", "rooms")
    return DayFound(day, [_room(source, day, name, events) for name, events in rooms.items()])


def _room(source: Source, day: Record, name: str, events: object) -> Room:
    inside = Record({"": events}, f'{day.path}, room "{name}"', lambda _field: day.line("rooms"))
    found: list[Record] = []
    for turn, event in enumerate(inside.each("", lambda one: one), 1):
        label = (
            next((event[key] for key in ("id", "guid", "title") if event.get(key)), turn)
            if isinstance(event, dict)
            else turn
        )
        if not isinstance(event, dict):
            raise inside.wrong(f"event {turn} is not an object")
        found.append(Record(event, f"{inside.path}, event {label}", source.place(event)))
    return Room(name, None, found)


def _written_conference(sheet: Sheet) -> dict[str, object]:
    programme, days = sheet.programme, sheet.programme.days
    conference: dict[str, object] = {
        "acronym": sheet.acronym,
        "title": programme.title.best(*programme.languages).text,
        "description": programme.description.best(*programme.languages).text,
        "start": (programme.starts_on or days[0].date).isoformat(),
        "end": (programme.ends_on or days[-1].date).isoformat(),
        "daysCount": len(days),
        "timeslot_duration": hours(programme.slot_minutes),
    }
    if _ZONE.search(programme.zone):
        conference["time_zone_name"] = programme.zone
    if programme.url:
        conference["url"] = programme.url
    return conference | {
        "tracks": [{"name": name, **_slug(slug)} for slug, name in sheet.tracks.items()],
        "rooms": [_written_room(stage, sheet.rooms[stage.slug]) for stage in programme.stages],
        "meta": {"summit": gathered(sheet, biographies=False)},
        "days": [_written_day(sheet, day, index) for index, day in enumerate(days, 1)],
    }


def _written_room(stage: Stage, name: str) -> dict[str, object]:
    described = str(stage.description) or None
    return {"name": name, **_slug(stage.slug), "guid": stage.guid, "description": described, "capacity": stage.capacity}


def _written_day(sheet: Sheet, day: Day, index: int) -> dict[str, object]:
    return {
        "index": index,
        "date": day.date.isoformat(),
        "day_start": day.start.isoformat(),
        "day_end": day.end.isoformat(),
        "rooms": {
            sheet.rooms[stage.slug] if stage else "": [_written_event(sheet, session) for session in sessions]
            for stage, sessions in sheet.by_room(day)
        },
    }


def _written_event(sheet: Sheet, session: Session) -> dict[str, object]:
    start = session.start or NEVER
    return {
        "guid": session.guid,
        **({"code": session.code} if session.code else {}),
        "id": session.number,
        "logo": session.logo or None,
        "date": start.isoformat(),
        "start": start.strftime("%H:%M"),
        "end": (session.end or NEVER).astimezone(start.tzinfo).isoformat(),
        "duration": hours(session.minutes),
        "room": sheet.rooms.get(session.stage, ""),
        "slug": session.slug,
        "url": sheet.page(session),
        "title": session.title.best(session.language).text,
        "subtitle": session.subtitle.best(session.language).text,
        "track": sheet.tracks.get(session.theme),
        "type": session.type,
        "language": session.language or None,
        "abstract": session.abstract.best(session.language).text,
        "description": session.description.best(session.language).text,
        "recording_license": session.licence,
        "do_not_record": session.do_not_record,
        "persons": [_written_person(speaker) for speaker in sheet.speakers(session)],
        "links": [_written_link(link) for link in session.links if link.kind == "link"],
        "attachments": [_written_link(link) for link in session.links if link.kind == "attachment"],
    }


def _written_person(speaker: Speaker) -> dict[str, object]:
    """With `name`: the schema forbids it together with the older `public_name`."""
    known = {"id": speaker.number, "code": speaker.code or None, "avatar": speaker.photo or None}
    said = {key: value for key, value in known.items() if value is not None}
    return {"guid": speaker.guid, "name": speaker.name, **said, "biography": str(speaker.biography) or None}


def _written_link(link: Link) -> dict[str, object]:
    return {"url": link.url, "title": link.title, **({"type": link.type} if link.type else {})}


def _slug(slug: str) -> dict[str, str]:
    return {"slug": slug} if _SLUG.fullmatch(slug) else {}
