"""Acts on several registrations at once: asked once more, then done with exactly those that were shown."""

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Changed, Invalid, NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.programme.organising import organise
from summit.registration.office import office_of
from summit.registration.organise.bulk import ACTS, Act, Chosen, act_on, chosen
from summit.registration.organise.registration_list import Sought
from summit.registration.organise.wording import words_for
from summit.registration.setup import setup_of

_MOST_FIELDS = 5100


@dataclass(frozen=True)
class _Asked:
    """What an organiser wants to do, and with whom."""

    act: Act
    which: Chosen
    category: str
    expected: int | None

    @classmethod
    def read(cls, form: FormData) -> "_Asked":
        act = next((one for one in ACTS if form.get("act") == one), None)
        if act is None:
            raise NotFound
        ids = tuple(str(one) for one in form.getlist("id"))
        is_whole = bool(form.get("whole"))
        if not ids and not is_whole:
            raise Invalid(errors={"id": _("Tick the registrations first, or choose all that are shown.")})
        number = str(form.get("expected", ""))
        expected = int(number) if number.isdecimal() and len(number) < 8 else None
        sought = Sought.read(dict(form))
        return cls(act, Chosen(ids=() if is_whole else ids, sought=sought), str(form.get("category_to", "")), expected)


async def ask(request: Request) -> Response:
    """Says what will happen to how many, and asks; does it where that was seen."""
    summit, organiser = await organise(request)
    house, form = services(request), await request.form(max_files=0, max_fields=_MOST_FIELDS)
    back = f"/{summit.slug}/organise/registrations"
    asked, errors, status = _Asked.read(form), {}, 200
    if asked.expected is not None:
        office = office_of(request, summit).led_by(organiser)
        try:
            async with house.db.writer() as db:
                count = await act_on(db, office, asked.which, asked.act, asked.expected, asked.category)
            return see_other(f"{back}{asked.which.sought.query(page=1)}{_done(asked, count)}")
        except Invalid as invalid:
            errors, status = invalid.errors, 422
        except Changed as changed:
            errors, status = {"": changed.message}, 409
    async with house.db.reader() as db:
        setup = await setup_of(db, summit.id)
        found = await chosen(db, summit.id, asked.which, asked.act)
    page = render(
        request,
        "registration/organise/registrations_bulk.html",
        status=status,
        asked=asked,
        found=found,
        setup=setup,
        errors=errors,
        back=back,
        **words_for(setup),
    )
    page.headers["cache-control"] = "no-store"
    return page


def _done(asked: _Asked, count: int) -> str:
    sign = "&" if asked.which.sought.query(page=1) else "?"
    return f"{sign}done={asked.act}&count={count}"


def routes() -> list[Route]:
    """Their address."""
    return [Route("/{summit}/organise/registrations/acts", ask, methods=["POST"], name="registration-acts")]
