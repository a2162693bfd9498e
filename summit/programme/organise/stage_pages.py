"""The organisers' pages of stages."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import Route

from summit.core.i18n import _
from summit.programme.coordinates import Coordinates, read
from summit.programme.editing.letting_go import sessions_with
from summit.programme.editing.order import in_order
from summit.programme.editing.stages import (
    StageEdit,
    add_stage,
    change_stage,
    move_stage,
    plain_stage,
    remove_stage,
    stage_row,
)
from summit.programme.editing.tracking import Editor
from summit.programme.languages import language_name
from summit.programme.models import Stage
from summit.programme.organise.stream_kinds import host_of, kind_of
from summit.programme.organise.summit_forms import LANGUAGES_OFFERED
from summit.programme.organise.things_pages import Shown, ThingPages
from summit.programme.organise.typed import Typed
from summit.programme.values import Caption

_LINES = ("capacity", "address", "coordinates", "stream", "kind", "backup", "audio")


class Stages:
    """Stages, found by their slugs."""

    place, template = "stages", "stage"

    async def listed(self, db: AsyncSession, summit_id: str) -> Shown:
        rows = await in_order(db, Stage, summit_id)
        return {
            "rows": rows,
            "streams": {row.slug: recognised((row.stream or {}).get("url", ""), _kind(row)) for row in rows},
            "uses": {row.slug: await sessions_with(db, row) for row in rows},
        }

    async def find(self, db: AsyncSession, summit_id: str, handle: str) -> Stage:
        return await stage_row(db, summit_id, handle)

    async def blank(self, db: AsyncSession, summit_id: str) -> Shown:
        return self.shown(Stage(name={}, description={}, stream=None, capacity=None))

    def shown(self, row: Stage) -> Shown:
        plain = plain_stage(row)
        place = str(Coordinates(*plain["coordinates"])) if plain["coordinates"] else ""
        return self._with_rows({**plain, "coordinates": place})

    def typed(self, form: Typed) -> Shown:
        lines = {name: form.text(name) for name in _LINES}
        texts = {name: form.texts(name) for name in ("name", "description")}
        return self._with_rows({**lines, **texts, "captions": _captions(form)})

    async def add(self, db: AsyncSession, summit_id: str, form: Typed, by: Editor) -> Stage:
        return await add_stage(db, summit_id, _edit(form), by)

    async def change(self, db: AsyncSession, summit_id: str, handle: str, form: Typed, by: Editor) -> Stage:
        return await change_stage(db, summit_id, handle, _edit(form), by, seen=form.seen)

    async def uses(self, db: AsyncSession, row: Stage) -> int:
        return await sessions_with(db, row)

    async def remove(self, db: AsyncSession, summit_id: str, handle: str, by: Editor) -> None:
        await remove_stage(db, summit_id, handle, by)

    async def move(self, db: AsyncSession, summit_id: str, handle: str, steps: int, by: Editor) -> None:
        await move_stage(db, summit_id, handle, steps, by)

    @staticmethod
    def _with_rows(values: dict[str, Any]) -> Shown:
        """With empty rows to fill in, and what each address is taken for."""
        captions = [*values["captions"], {"url": "", "lang": "", "label": ""}]
        taken_for = {
            "stream": recognised(values["stream"], values["kind"]),
            "backup": recognised(values["backup"]),
            "audio": _sound(values["audio"]),
        }
        codes = dict.fromkeys([*LANGUAGES_OFFERED, *(one["lang"] for one in values["captions"] if one["lang"])])
        languages = [(code, language_name(code)) for code in codes]
        return {
            **values,
            "captions": captions,
            "languages": languages,
            "recognised": taken_for,
            "kinds": kind_names(),
        }


def recognised(address: str, stated: str = "") -> str:
    """What a stream's address is taken for, in words; empty where there is none, or it cannot be shown."""
    kind, host = kind_of(address, stated), host_of(address)
    if not kind:
        return ""
    name = kind_names().get(kind, kind)
    return _("%(kind)s at %(host)s") % {"kind": name, "host": host} if host else name


def _sound(address: str) -> str:
    """What plays the sound alone is a stream or a file, whatever its address looks like."""
    kind = kind_of(address)
    return "" if not kind else kind_names()["hls"] if kind == "hls" else _("Sound file")


def kind_names() -> dict[str, str]:
    """The kinds of streams, as the reader calls them."""
    return {
        "hls": _("Live stream (HLS)"),
        "mp4": _("Video file"),
        "youtube": "YouTube",
        "vimeo": "Vimeo",
        "peertube": "PeerTube",
        "jitsi": _("Meeting in Jitsi"),
        "bigbluebutton": _("Meeting in BigBlueButton"),
        "link": _("Page that opens in a window of its own"),
    }


def routes() -> list[Route]:
    """Their addresses."""
    return ThingPages(Stages()).routes()


def _kind(row: Stage) -> str:
    return str((row.stream or {}).get("kind", ""))


def _edit(form: Typed) -> StageEdit:
    place = _coordinates(form)
    edit = StageEdit(
        name=form.texts("name"),
        description=form.texts("description"),
        capacity=form.number("capacity"),
        address=form.text("address"),
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        stream=form.text("stream"),
        kind=form.text("kind"),
        backup=form.text("backup"),
        audio=form.text("audio"),
        captions=tuple(Caption(**row) for row in _captions(form)),
    )
    form.demand()
    return edit


def _coordinates(form: Typed) -> Coordinates | None:
    text = form.text("coordinates")
    found = read(text)
    if text and found is None:
        form.errors["coordinates"] = _(
            "Enter latitude and longitude in degrees, such as 59.3293, 18.0686. Latitudes go from -90 to 90, "
            "longitudes from -180 to 180."
        )
    return found


def _captions(form: Typed) -> list[dict[str, str]]:
    rows = [{name: row.get(name, "") for name in ("url", "lang", "label")} for row in form.rows("captions")]
    return [row for row in rows if row["url"] or row["label"]]
