"""The stages, themes, types and speakers of an import: known again, changed or made."""

from collections.abc import Iterable

from summit.core.ids import new_id
from summit.core.slugs import slugify, untaken
from summit.programme import values
from summit.programme.addresses import code_for
from summit.programme.drafts import Rows
from summit.programme.ledger import Ledger
from summit.programme.models import SessionType, Speaker, Stage, Theme
from summit.programme.plain import plain


def take_stages(ledger: Ledger, rows: Rows, stages: Iterable[values.Stage]) -> dict[str, Stage]:
    """Rows by the slug that the programme uses; a stage is known again by its guid, else by its slug."""
    by_guid, by_slug = {row.guid: row for row in rows.stages if row.guid}, {row.slug: row for row in rows.stages}
    taken, found = set(by_slug), dict[str, Stage]()
    for position, value in enumerate(stages):
        key = value.slug or untaken(slugify(str(value.name)), found)
        wanted = {
            "name": value.name,
            "guid": value.guid,
            "description": value.description,
            "capacity": value.capacity,
            "address": value.address,
            "latitude": value.latitude,
            "longitude": value.longitude,
            "stream": plain(value.stream) if value.stream else None,
        }
        row = by_guid.get(value.guid) or by_slug.get(key)
        if row is None or row in found.values():
            row = Stage(
                id=new_id(), summit_id=rows.summit.id, slug=untaken(slugify(key), taken), position=position, **wanted
            )
            taken.add(row.slug)
            ledger.add(row, str(value.name))
        else:
            ledger.change(row, str(value.name), wanted)
            row.position = position
        found[key] = row
    for row in rows.stages:
        if row not in found.values():
            ledger.leave(row)
    ledger.names.stages = {row.slug: str(row.name) for row in (*rows.stages, *found.values())}
    return found


def take_themes(ledger: Ledger, rows: Rows, themes: Iterable[values.Theme]) -> dict[str, Theme]:
    """Rows by the slug that the programme uses. A new theme without a look of its own gets the next one."""
    by_slug = {row.slug: row for row in rows.themes}
    taken, found = set(by_slug), dict[str, Theme]()
    for position, value in enumerate(themes):
        key = value.slug or untaken(slugify(str(value.name)), found)
        colour = value.colour if value.colour in values.COLOURS else ""
        shape = value.shape if colour or value.shape != values.SHAPES[0] else ""
        row = by_slug.get(key)
        if row is None:
            n = len(taken)
            row = Theme(
                id=new_id(),
                summit_id=rows.summit.id,
                slug=untaken(slugify(key), taken),
                position=position,
                name=value.name,
                colour=colour or values.COLOURS[n % len(values.COLOURS)],
                shape=value.shape if colour else _shape(n),
            )
            taken.add(row.slug)
            ledger.add(row, str(value.name))
        else:
            ledger.change(row, str(value.name), {"name": value.name, "colour": colour, "shape": shape})
            row.position = position
        found[key] = row
    for row in rows.themes:
        if row not in found.values():
            ledger.leave(row)
    ledger.names.themes = {row.slug: str(row.name) for row in (*rows.themes, *found.values())}
    return found


def _shape(n: int) -> values.Shape:
    """Shifted by one each time the colours begin anew, so that no two themes look the same."""
    return values.SHAPES[(n + n // len(values.COLOURS)) % len(values.SHAPES)]


def take_types(ledger: Ledger, rows: Rows, types: Iterable[values.SessionType]) -> None:
    """Types of sessions, by their keys. A programme without any leaves alone those that there are."""
    known, seen = {row.key: row for row in rows.types}, set[str]()
    for position, value in enumerate(types):
        if value.key in seen:
            continue
        seen.add(value.key)
        wanted = {"name": value.name, "minutes": value.minutes}
        row = known.get(value.key)
        if row is None:
            row = SessionType(id=new_id(), summit_id=rows.summit.id, key=value.key, position=position, **wanted)
            ledger.add(row, str(value.name) or value.key)
        else:
            ledger.change(row, str(value.name) or value.key, wanted)
            row.position = position
    for row in rows.types:
        if seen and row.key not in seen:
            ledger.leave(row)


def take_speakers(ledger: Ledger, rows: Rows, speakers: Iterable[values.Speaker]) -> dict[str, Speaker]:
    """Rows by guid."""
    known = {row.guid: row for row in rows.speakers}
    codes, found = {row.code for row in rows.speakers}, dict[str, Speaker]()
    for position, value in enumerate(speakers):
        if value.guid in found:
            raise values.UnreadableProgramme("two speakers have this guid", field=f"speaker {value.guid}")
        wanted = {
            "name": value.name,
            "number": value.number,
            "pronouns": value.pronouns,
            "organisation": value.organisation,
            "biography": value.biography,
            "photo": value.photo,
        }
        row = known.get(value.guid)
        if row is None:
            code = code_for(value.guid, value.code, codes)
            codes.add(code)
            row = Speaker(
                id=new_id(), summit_id=rows.summit.id, guid=value.guid, code=code, position=position, **wanted
            )
            ledger.add(row, value.name)
        else:
            ledger.change(row, value.name, wanted)
            row.position = position
        found[value.guid] = row
    for row in rows.speakers:
        if row.guid not in found:
            ledger.leave(row)
    ledger.names.speakers = {row.code: row.name for row in (*rows.speakers, *found.values())}
    return found
