"""Stages of a draft: made, changed, moved and removed."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.slugs import slugify, untaken
from summit.core.text import one_line
from summit.core.texts import Texts
from summit.programme import values
from summit.programme.coordinates import coordinates, is_latitude, is_longitude
from summit.programme.editing.checks import Checks
from summit.programme.editing.edit import Edit
from summit.programme.editing.letting_go import let_go
from summit.programme.editing.order import move, next_position
from summit.programme.editing.tracking import Editor, lock, note, settle, track
from summit.programme.models import Stage
from summit.programme.organise.stream_kinds import KINDS, captions_fit, is_playable
from summit.programme.plain import plain

_STREAM = ("stream", "kind", "backup", "audio", "captions")
_COORDINATES = ("latitude", "longitude")
_MOST_CAPTIONS = 12


class StageEdit(Edit, frozen=True, kw_only=True):
    """What is to be said of a stage; what is not given stays as it is.

    `stream`, `backup` and `audio` are addresses, empty for none. `kind` says what plays the stream where its address
    does not show it: of `stream_kinds.KINDS`, empty for finding out. `address` is where people can go to, on one line;
    `latitude` and `longitude` are in degrees (WGS 84), both or none.
    """

    name: Texts | UnsetType = UNSET
    description: Texts | UnsetType = UNSET
    capacity: int | UnsetType | None = UNSET
    address: str | UnsetType = UNSET
    latitude: float | UnsetType | None = UNSET
    longitude: float | UnsetType | None = UNSET
    stream: str | UnsetType = UNSET
    kind: str | UnsetType = UNSET
    backup: str | UnsetType = UNSET
    audio: str | UnsetType = UNSET
    captions: tuple[values.Caption, ...] | UnsetType = UNSET


async def add_stage(db: AsyncSession, summit_id: str, edit: StageEdit, by: Editor) -> Stage:
    """A new stage after the last; its slug follows from its name and stays. Raises `Invalid` by field."""
    await lock(db, summit_id)
    wanted = _checked(edit, {})
    if not wanted.get("name"):
        raise Invalid(errors={"name": _("Enter a name.")})
    taken = set(await db.scalars(select(Stage.slug).where(Stage.summit_id == summit_id)))
    row = Stage(
        summit_id=summit_id,
        slug=untaken(slugify(str(Texts(wanted["name"]).best("en"))), taken),
        position=await next_position(db, Stage, summit_id),
        changed_at=by.now,
        changed_by=by.name,
    )
    _write(row, wanted)
    db.add(row)
    await db.flush()
    note(db, summit_id, by, "stage added", str(row.name), after=wanted, row=row)
    return row


async def change_stage(
    db: AsyncSession, summit_id: str, slug: str, edit: StageEdit, by: Editor, *, seen: int | None = None
) -> Stage:
    """Changes what is given; `seen` is the revision that the editor had before them.

    Raises `NotFound`, `Invalid` by field, or `Overtaken`.
    """
    await lock(db, summit_id)
    row = await stage_row(db, summit_id, slug)
    current = plain_stage(row)
    wanted = await settle(db, row, current, _checked(edit, current), seen)
    if wanted:
        _write(row, wanted)
        before = {name: current[name] for name in wanted}
        track(db, summit_id, row, before, wanted, by, "stage changed", str(row.name))
    return row


async def remove_stage(db: AsyncSession, summit_id: str, slug: str, by: Editor) -> None:
    """Takes a stage out of the draft; its sessions stay, without a stage. Raises `NotFound`."""
    await lock(db, summit_id)
    row = await stage_row(db, summit_id, slug)
    await let_go(db, row, by)
    note(db, summit_id, by, "stage removed", str(row.name), before=plain_stage(row), row=row)
    await db.delete(row)


async def move_stage(db: AsyncSession, summit_id: str, slug: str, steps: int, by: Editor) -> None:
    """Moves a stage so many places down the list (up: negative). Raises `NotFound`."""
    await lock(db, summit_id)
    await move(db, Stage, await stage_row(db, summit_id, slug), steps, by, "stage moved")


async def stage_row(db: AsyncSession, summit_id: str, slug: str) -> Stage:
    """The stage's row by its slug; raises `NotFound`."""
    row: Stage | None = await db.scalar(select(Stage).where(Stage.summit_id == summit_id, Stage.slug == slug))
    if row is None:
        raise NotFound(_("There is no such stage. It may have been removed."))
    return row


def plain_stage(row: Stage) -> dict[str, Any]:
    """The stage as plain JSON, under the names of `StageEdit`; its coordinates as one (`plain_coordinates`)."""
    return {
        "name": dict(row.name),
        "description": dict(row.description),
        "capacity": row.capacity,
        "address": row.address or "",
        "coordinates": plain_coordinates(row),
        **plain_stream(row.stream),
    }


def plain_coordinates(row: Stage) -> list[float] | None:
    """Latitude and longitude: one value, so that nobody's latitude ever stands beside somebody else's longitude."""
    found = coordinates(row.latitude, row.longitude)
    return list(found) if found else None


def plain_stream(kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """A stage's stream, as its row keeps it, under the names of `StageEdit`."""
    stream = kept or {}
    return {
        "stream": stream.get("url", ""),
        "kind": stream.get("kind", ""),
        "backup": stream.get("backup", ""),
        "audio": stream.get("audio", ""),
        "captions": list(stream.get("captions", [])),
    }


def _checked(edit: StageEdit, current: Mapping[str, Any]) -> dict[str, Any]:
    checks = Checks({name: value for name, value in edit.given().items() if name not in _COORDINATES})
    checks.texts("name", most=100, needed=True)
    checks.texts("description", most=5000, lines=True)
    checks.number("capacity", 1, 1_000_000)
    checks.line("address", most=300)
    _check_coordinates(checks, edit, current.get("coordinates"))
    for name in ("stream", "backup", "audio"):
        checks.line(name, most=2000)
        address = one_line(edit.given().get(name, ""))
        if address and not is_playable(address):
            checks.wrong(
                name,
                _(
                    "Enter the whole address of a stream, with https:// in front, such as https://example.org/live.m3u8."
                ),
            )
    checks.one_of("kind", KINDS, _("Choose a kind of stream from the list."))
    if edit.captions is not UNSET:
        _check_captions(checks, edit.captions, "" if edit.stream is UNSET else one_line(edit.stream))
    return checks.passed()


def _check_coordinates(checks: Checks, edit: StageEdit, current: list[float] | None) -> None:
    """Both or none; what is not given is what there is."""
    there = current or (None, None)
    latitude = there[0] if edit.latitude is UNSET else edit.latitude
    longitude = there[1] if edit.longitude is UNSET else edit.longitude
    if latitude is not None and not is_latitude(latitude):
        checks.wrong("latitude", _("Enter a latitude in degrees, from -90 to 90."))
    if longitude is not None and not is_longitude(longitude):
        checks.wrong("longitude", _("Enter a longitude in degrees, from -180 to 180."))
    if latitude is None and longitude is not None:
        checks.wrong("latitude", _("Enter the latitude, too, or take the longitude away."))
    if longitude is None and latitude is not None:
        checks.wrong("longitude", _("Enter the longitude, too, or take the latitude away."))
    if not (edit.latitude is UNSET and edit.longitude is UNSET):
        found = coordinates(latitude, longitude)
        checks.put("coordinates", list(found) if found else None)


def _check_captions(checks: Checks, given: tuple[values.Caption, ...], stream: str) -> None:
    found = [
        values.Caption(url=one_line(one.url), lang=one.lang.strip(), label=one_line(one.label)[:60]) for one in given
    ]
    if any(not one.url for one in found):
        checks.wrong("captions", _("Enter the address of each caption file."))
    if any(not one.lang for one in found):
        checks.wrong("captions", _("Choose the language of each caption file."))
    if stream and any(one.url and not captions_fit(one.url, stream) for one in found):
        checks.wrong("captions", _("Caption files have to be on this site, or on the same server as the stream."))
    if len(found) > _MOST_CAPTIONS:
        checks.wrong("captions", _("Use at most %(most)d caption files.") % {"most": _MOST_CAPTIONS})
    checks.put("captions", plain(found))


def _write(row: Stage, wanted: Mapping[str, Any]) -> None:
    if "name" in wanted:
        row.name = Texts(wanted["name"])
    if "description" in wanted:
        row.description = Texts(wanted["description"])
    if "capacity" in wanted:
        row.capacity = wanted["capacity"]
    if "address" in wanted:
        row.address = wanted["address"]
    if "coordinates" in wanted:
        row.latitude, row.longitude = wanted["coordinates"] or (None, None)
    stream = {"url": "", **(row.stream or {})}
    stream |= {("url" if name == "stream" else name): wanted[name] for name in _STREAM if name in wanted}
    kept = {name: value for name, value in stream.items() if value}
    row.stream = {"url": "", **kept} if kept.keys() - {"kind"} else None
