"""The page of the browsers that one is signed in with."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import Form, HiddenField

from summit.core.errors import NotSignedIn
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import local_path, render, see_other, submitted
from summit.people.devices import devices_of, sign_out_devices
from summit.people.identity import COOKIE, identity
from summit.people.models import Person


class BackForm(Form):
    """The page to go back to."""

    next = HiddenField()


async def devices(request: Request) -> Response:
    """All of them, each with a button."""
    person, house = _demand(request), services(request)
    async with house.db.reader() as db:
        found = await devices_of(db, person.id, identity(request).device_id)
    back = local_path(request.query_params.get("next", ""), "")
    return render(request, "people/devices.html", devices=found, back=back)


async def sign_out_one(request: Request) -> Response:
    """Signs one of them out: this one, perhaps."""
    person, house, device = _demand(request), services(request), request.path_params["device"]
    form = await submitted(request, BackForm)
    async with house.db.writer() as db:
        await sign_out_devices(db, person.id, house.clock, device)
    if device == identity(request).device_id:
        return _left(request)
    back = local_path(form.next.data or "", "")
    return see_other(f"/devices?next={quote(back)}" if back else "/devices")


async def sign_out_everywhere(request: Request) -> Response:
    """Signs all of them out, this one too."""
    person, house = _demand(request), services(request)
    async with house.db.writer() as db:
        await sign_out_devices(db, person.id, house.clock)
    return _left(request)


def _left(request: Request) -> Response:
    answer = see_other("/")
    services(request).cookies.drop(answer, COOKIE)
    return answer


def _demand(request: Request) -> Person:
    person = identity(request).person
    if person is None:
        raise NotSignedIn(_("Sign in first."))
    return person


def routes() -> list[Route]:
    """Its addresses."""
    return [
        Route("/devices", devices, methods=["GET"], name="devices"),
        Route("/devices/sign-out-everywhere", sign_out_everywhere, methods=["POST"], name="sign-out-everywhere"),
        Route("/devices/{device}/sign-out", sign_out_one, methods=["POST"], name="sign-out-device"),
    ]
