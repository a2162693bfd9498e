"""Acts on several registrations at once: asked once more, then done with exactly those that were shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Changed, Invalid, NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.programme.organising import Organised, organise
from summit.registration.office import office_of
from summit.registration.organise.bulk import ACTS, Act, Chosen, act_on, chosen, mark_of
from summit.registration.organise.list_pages import list_page
from summit.registration.organise.registration_list import Sought
from summit.registration.organise.wording import words_for
from summit.registration.setup import setup_of

_MOST_FIELDS = 200


@dataclass(frozen=True)
class _Asked:
    """What an organiser wants to do, and with whom; `expected` and `mark` are of those that were shown."""

    act: Act
    which: Chosen
    is_any: bool
    category: str
    expected: int | None
    mark: str

    @classmethod
    def read(cls, form: FormData) -> "_Asked":
        """From the form; raises `NotFound` for no such act."""
        act = next((one for one in ACTS if form.get("act") == one), None)
        if act is None:
            raise NotFound
        is_whole = bool(form.get("whole"))
        ids = () if is_whole else tuple(str(one) for one in form.getlist("id") if str(one).isalnum())
        number = str(form.get("expected", ""))
        return cls(
            act=act,
            which=Chosen(ids=ids, sought=Sought.read(dict(form))),
            is_any=is_whole or bool(ids),
            category=str(form.get("category_to", "")),
            expected=int(number) if number.isdecimal() and len(number) < 8 else None,
            mark=str(form.get("mark", "")),
        )


async def ask(request: Request) -> Response:
    """Says what will happen to how many, and asks; does it where that was seen."""
    summit, organiser = await organise(request)
    asked = _Asked.read(await request.form(max_files=0, max_fields=_MOST_FIELDS))
    if not asked.is_any:
        errors = {"id": _("Tick the registrations first, or the box for all that fit.")}
        return await list_page(request, summit, asked.which.sought, errors)
    try:
        if asked.expected is None:
            return await _question(request, summit, asked)
        office = office_of(request, summit).led_by(organiser)
        async with services(request).db.writer() as db:
            count = await act_on(db, office, asked.which, asked.act, asked.expected, asked.category, asked.mark)
    except Changed as changed:
        return await _question(request, summit, asked, {"": changed.message}, 409)
    except Invalid as invalid:
        if "category" in invalid.errors:
            return await _question(request, summit, asked, {"category_to": invalid.errors["category"]}, 422)
        return await list_page(request, summit, asked.which.sought, invalid.errors)
    query = asked.which.sought.query()
    return see_other(f"{_at(summit)}{query}{'&' if query else '?'}done={asked.act}&count={count}")


async def _question(
    request: Request, summit: Organised, asked: _Asked, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    async with services(request).db.reader() as db:
        setup = await setup_of(db, summit.id)
        found = await chosen(db, summit.id, asked.which, asked.act)
    context: dict[str, Any] = {"asked": asked, "found": found, "fingerprint": mark_of(found), "setup": setup}
    context |= {"errors": dict(errors or {}), "back": _at(summit), **words_for(setup)}
    page = render(request, "registration/organise/registrations_bulk.html", status=status, **context)
    page.headers["cache-control"] = "private, no-store"
    return page


def _at(summit: Organised) -> str:
    return f"/{summit.slug}/organise/registrations"


def routes() -> list[Route]:
    """Their address."""
    return [Route("/{summit}/organise/registrations/acts", ask, methods=["POST"], name="registration-acts")]
