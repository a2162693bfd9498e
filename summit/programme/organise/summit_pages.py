"""The organisers' pages of a summit's settings: texts, days, look, organisations and rules, each a form of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.db import Database
from summit.core.errors import Invalid
from summit.core.services import services
from summit.core.text import to_html
from summit.core.web import render, see_other
from summit.programme.editing.rezoning import change_zone
from summit.programme.editing.summits import SummitEdit, change_summit, plain_summit, summit_row
from summit.programme.editing.tracking import Editor, Overtaken, editor_of
from summit.programme.media import take_picture
from summit.programme.organise import summit_forms as forms
from summit.programme.organise.said import labels, said
from summit.programme.organise.typed import Typed
from summit.programme.organising import Organised, organise

Shown = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One page of the settings.

    `kept` makes what the form shows of what is known, `typed` the same of what was sent, `read` what that says of the
    summit. `buttons` send the form only to see it again; `pictures` are what can be chosen in it, `most_files` at once.
    """

    path: str
    template: str
    kept: Callable[[Organised, Shown], Shown]
    typed: Callable[[Organised, Typed], Shown]
    read: Callable[[Organised, Typed], SummitEdit]
    buttons: tuple[str, ...] = ()
    pictures: Callable[[Typed], Sequence[forms.Chosen]] = lambda _form: ()
    most_files: int = 0


@dataclass(frozen=True)
class _Form:
    """The form as it is to be shown."""

    values: Shown
    revision: int | None
    errors: Mapping[str, str] = field(default_factory=dict)
    overtaken: Overtaken | None = None


@dataclass(frozen=True)
class PartPages:
    """The page of one part."""

    part: Part

    async def show(self, request: Request) -> Response:
        """The form with what stands there now."""
        summit, _organiser = await organise(request)
        async with services(request).db.reader() as db:
            row = await summit_row(db, summit.id)
        return self._form(request, summit, _Form(self.part.kept(summit, plain_summit(row)), row.revision))

    async def save(self, request: Request) -> Response:
        """Changes it by the form; what does not fit, or was overtaken, is said over the form."""
        summit, organiser = await organise(request)
        form, house = await Typed.read(request, most_files=self.part.most_files), services(request)
        by = editor_of(organiser, house.clock)
        form, wrong = await _with_pictures(house.db, summit, form, self.part.pictures(form), by)
        values = self.part.typed(summit, form)
        if any(form.ticked(button) for button in self.part.buttons):
            return self._form(request, summit, _Form(values, form.seen, wrong))
        try:
            edit = self.part.read(summit, form)
            if wrong:
                raise Invalid(errors=wrong)
            async with house.db.writer() as db:
                row = await change_summit(db, summit.id, edit, by, seen=form.seen)
        except Invalid as invalid:
            return self._form(request, summit, _Form(values, form.seen, invalid.errors or {"": invalid.message}), 422)
        except Overtaken as overtaken:
            return self._form(request, summit, _Form(values, overtaken.again, overtaken=overtaken), 409)
        return see_other(f"/{row.slug}/organise/{self.part.path}?saved=1")

    def routes(self) -> list[Route]:
        """Its address."""
        at = f"/{{summit}}/organise/{self.part.path}"
        return [Route(at, self.show, methods=["GET"]), Route(at, self.save, methods=["POST"])]

    def _form(self, request: Request, summit: Organised, form: _Form, status: int = 200) -> Response:
        words = {"labels": labels(), "said": said, "rendered": _rendered, "date_of": date.fromisoformat}
        template = f"programme/organise/{self.part.template}.html"
        return render(request, template, status=status, form=form, part=self.part.path, **words)


PARTS = (
    Part("summit", "summit", forms.kept_texts, forms.typed_texts, forms.read_texts, buttons=("preview",)),
    Part("summit/days", "summit_days", forms.kept_days, forms.typed_days, forms.read_days, buttons=("more",)),
    Part(
        "summit/look",
        "summit_look",
        forms.kept_look,
        forms.typed_look,
        forms.read_look,
        ("preview",),
        forms.look_pictures,
        1,
    ),
    Part(
        "summit/hosts",
        "summit_hosts",
        forms.kept_hosts,
        forms.typed_hosts,
        forms.read_hosts,
        ("more",),
        forms.host_pictures,
        most_files=60,
    ),
    Part("summit/rules", "summit_rules", forms.kept_rules, forms.typed_rules, forms.read_rules, ("preview",)),
)


async def zone(request: Request) -> Response:
    """Where it is: the zone has a page of its own, as it may move all sessions."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        row = await summit_row(db, summit.id)
    return _zone_page(request, _Form({"zone": row.zone, "keep": "clock"}, row.revision))


async def save_zone(request: Request) -> Response:
    """Puts the summit into another zone."""
    summit, organiser = await organise(request)
    form, house = await Typed.read(request), services(request)
    values = {"zone": form.text("zone"), "keep": form.text("keep")}
    try:
        async with house.db.writer() as db:
            by, moments = editor_of(organiser, house.clock), values["keep"] == "moments"
            await change_zone(db, summit.id, values["zone"], by, keep_moments=moments, seen=form.seen)
    except Invalid as invalid:
        return _zone_page(request, _Form(values, form.seen, invalid.errors), 422)
    except Overtaken as overtaken:
        return _zone_page(request, _Form(values, overtaken.again, overtaken=overtaken), 409)
    return see_other(f"/{summit.slug}/organise/summit/days?saved=1")


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/organise/summit/zone"
    return [
        Route(at, zone, methods=["GET"], name="zone"),
        Route(at, save_zone, methods=["POST"], name="save-zone"),
        *(route for part in PARTS for route in PartPages(part).routes()),
    ]


async def _with_pictures(
    db: Database, summit: Organised, form: Typed, pictures: Sequence[forms.Chosen], by: Editor
) -> tuple[Typed, dict[str, str]]:
    """The form with the addresses of the pictures that came with it, which are kept; and which could not be read."""
    fields, replaced, wrong = dict[str, str](), set[str](), dict[str, str]()
    for one in pictures:
        if not (data := await form.file(one.file)):
            continue
        try:
            fields[one.address] = await take_picture(db, summit.id, data, "logo", by)
            replaced |= {one.address, one.removal}
        except Invalid as invalid:
            wrong[one.wrong] = invalid.message
    others = [(name, value) for name, value in form.sent.multi_items() if name not in replaced]
    return Typed(FormData([*others, *fields.items()])), wrong


def _rendered(text: str) -> Markup:
    """Markdown as the public pages show it."""
    return Markup(to_html(text))


def _zone_page(request: Request, form: _Form, status: int = 200) -> Response:
    words = {"labels": labels(), "said": said, "zones": forms.zone_names()}
    return render(request, "programme/organise/summit_zone.html", status=status, form=form, part="summit/zone", **words)
