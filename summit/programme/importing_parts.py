"""The stages, themes and speakers of an import: known again, changed or made."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.ids import new_id
from summit.core.slugs import slugify, untaken
from summit.programme import values
from summit.programme.addresses import code_for
from summit.programme.assigning import assign
from summit.programme.differences import Difference, Item
from summit.programme.drafts import Rows
from summit.programme.models import Speaker, Stage, Theme
from summit.programme.plain import plain


def take_stages(
    db: AsyncSession, rows: Rows, stages: Iterable[values.Stage], difference: Difference
) -> dict[str, Stage]:
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
            "stream": plain(value.stream) if value.stream else None,
        }
        row = by_guid.get(value.guid) or by_slug.get(key)
        if row is None or row in found.values():
            row = Stage(
                id=new_id(), summit_id=rows.summit.id, slug=untaken(slugify(key), taken), position=position, **wanted
            )
            taken.add(row.slug)
            db.add(row)
            difference.note("stage", str(value.name), None)
        else:
            difference.note("stage", str(value.name), assign(row, wanted))
            row.position = position
        found[key] = row
    difference.left += [Item("stage", str(row.name)) for row in rows.stages if row not in found.values()]
    return found


def take_themes(
    db: AsyncSession, rows: Rows, themes: Iterable[values.Theme], difference: Difference
) -> dict[str, Theme]:
    """Rows by the slug that the programme uses. A new theme without a look of its own gets the next one."""
    by_slug = {row.slug: row for row in rows.themes}
    taken, found = set(by_slug), dict[str, Theme]()
    for position, value in enumerate(themes):
        key = value.slug or untaken(slugify(str(value.name)), found)
        colour = value.colour if value.colour in values.COLOURS else ""
        shape = value.shape if value.shape != values.SHAPES[0] else ""
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
            db.add(row)
            difference.note("theme", str(value.name), None)
        else:
            wanted = {"name": value.name, "colour": colour, "shape": shape}
            difference.note("theme", str(value.name), assign(row, wanted))
            row.position = position
        found[key] = row
    difference.left += [Item("theme", str(row.name)) for row in rows.themes if row not in found.values()]
    return found


def _shape(n: int) -> values.Shape:
    """Shifted by one each time the colours begin anew, so that no two themes look the same."""
    return values.SHAPES[(n + n // len(values.COLOURS)) % len(values.SHAPES)]


def take_speakers(
    db: AsyncSession, rows: Rows, speakers: Iterable[values.Speaker], difference: Difference
) -> dict[str, Speaker]:
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
            db.add(row)
            difference.note("speaker", value.name, None)
        else:
            difference.note("speaker", value.name, assign(row, wanted))
            row.position = position
        found[value.guid] = row
    difference.left += [Item("speaker", row.name) for row in rows.speakers if row.guid not in found]
    return found
