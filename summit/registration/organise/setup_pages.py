"""The organisers' pages of the setup of registration, each a form of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.i18n import _, locale, ngettext
from summit.core.services import services
from summit.core.texts import Texts
from summit.core.web import render, see_other
from summit.programme.editing.tracking import Overtaken, editor_of
from summit.programme.organise.typed import Typed
from summit.programme.organising import Organised, organise
from summit.registration import editing
from summit.registration.office import office_of
from summit.registration.organise.setup_forms import PARTS, Part
from summit.registration.setup import setup_row


@dataclass(frozen=True)
class _Form:
    """The form as it is to be shown."""

    values: Mapping[str, Any]
    revision: Any
    errors: Mapping[str, str] = field(default_factory=dict)
    overtaken: Overtaken | None = None
    asks: str = ""


@dataclass(frozen=True)
class PartPages:
    """The page of one part."""

    part: Part

    async def show(self, request: Request) -> Response:
        """The form with what stands there now."""
        summit, _organiser = await organise(request)
        async with services(request).db.reader() as db:
            row = await setup_row(db, summit.id)
        values = self.part.kept(editing.plain_setup(row), summit.tz)
        return await self._form(request, summit, _Form(values, row.revision if row else 1))

    async def save(self, request: Request) -> Response:
        """Changes it by the form; what does not fit, or was overtaken, is said over the form."""
        summit, organiser = await organise(request)
        form, house = await Typed.read(request), services(request)
        values, seen = self.part.typed(form), form.seen
        if form.ticked("more"):
            return await self._form(request, summit, _Form(values, seen))
        try:
            wanted = self.part.read(form, summit.tz)
            if asks := await self._lost(request, summit, form, wanted):
                return await self._form(request, summit, _Form(values, seen, asks=asks))
            async with house.db.writer() as db:
                by = editor_of(organiser, house.clock)
                await editing.change_setup(db, office_of(request, summit), wanted, by, seen=seen)
        except Invalid as invalid:
            return await self._form(request, summit, _Form(values, seen, invalid.errors), 422)
        except Overtaken as overtaken:
            return await self._form(request, summit, _Form(values, overtaken.again, overtaken=overtaken), 409)
        return see_other(f"/{summit.slug}/organise/{self.part.path}?saved=1")

    async def _lost(self, request: Request, summit: Organised, form: Typed, wanted: Mapping[str, Any]) -> str:
        """What to ask before answers go with their question; empty where none would, or that was asked."""
        if "questions" not in wanted or form.ticked("sure"):
            return ""
        async with services(request).db.reader() as db:
            old = editing.plain_setup(await setup_row(db, summit.id))["questions"]
            kept = {one["key"] for one in wanted["questions"]}
            count = await editing.answers_to(db, summit.id, [one["key"] for one in old if one["key"] not in kept])
        if not count:
            return ""
        words = ngettext(
            "%(num)s person has answered what you remove. The answer goes with the question.",
            "%(num)s people have answered what you remove. Their answers go with the question.",
            count,
        )
        return words % {"num": count}

    async def _form(self, request: Request, summit: Organised, form: _Form, status: int = 200) -> Response:
        async with services(request).db.reader() as db:
            setup = editing.plain_setup(await setup_row(db, summit.id))
            counts = await editing.counts_by_category(db, summit.id)
            agreed = await editing.counts_by_consent(db, summit.id) if "consents" in self.part.fields else {}
        return render(
            request,
            f"registration/organise/{self.part.template}.html",
            status=status,
            form=form,
            part=self.part.path,
            setup=setup,
            counts=counts,
            agreed=agreed,
            spoken=list(summit.programme.languages) or ["sv", "en"],
            labels=_labels(),
            said=said,
            named=_named,
            base_url=services(request).base_url(request),
            saved=request.query_params.get("saved", ""),
        )

    def routes(self) -> list[Route]:
        """Its address."""
        at = f"/{{summit}}/organise/{self.part.path}"
        return [Route(at, self.show, methods=["GET"]), Route(at, self.save, methods=["POST"])]


def _named(texts: Mapping[str, str]) -> str:
    return Texts(texts).best(locale()).text


def said(field: str, value: Any) -> str:
    """A value in words, for who has to choose between two."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        names = (Texts(one.get("name") or one.get("text") or {}).best(locale()).text for one in value)
        return "\n".join(names)
    return "" if value is None else str(value)


def _labels() -> dict[str, str]:
    return {
        "is_open": _("People can register"),
        "opens_at": _("Opens"),
        "closes_at": _("Closes"),
        "capacity": _("Seats"),
        "when_free": _("When a seat becomes free"),
        "offer_hours": _("Hours that an offer holds"),
        "asks_needs": _("Ask for accessibility needs"),
        "reminds_day": _("Reminder a day before"),
        "reminds_hour": _("Reminder an hour before"),
        "categories": _("Categories"),
        "questions": _("Questions"),
        "consents": _("Consents"),
    }


def routes() -> list[Route]:
    """Their addresses."""
    return [route for part in PARTS for route in PartPages(part).routes()]
