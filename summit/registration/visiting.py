"""Who may see a summit's page of their own: whoever takes part, or has ever registered."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from summit.core.errors import Refused
from summit.core.services import services
from summit.core.web import see_other, wants_json
from summit.people.identity import identity
from summit.people.models import Person
from summit.programme.published import Published
from summit.registration.models import Registration
from summit.registration.registering import registration_of


class ComeIn(Refused):
    """They may, once they have come in at that address."""

    status = 303

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__()


async def come_in(_request: Request, refused: Exception) -> Response:
    """To where everybody comes in."""
    assert isinstance(refused, ComeIn)
    return see_other(refused.address)


async def visitor_of(request: Request, summit: Published) -> tuple[Person, Registration | None]:
    """Who asks, and their registration.

    Raises `ComeIn` where everybody may come in and they have not, `NotSignedIn` or `NotAllowed`.
    """
    who = identity(request)
    if who.person is not None:
        async with services(request).db.reader() as db:
            found = await registration_of(db, summit.id, who.person.id)
        if found is not None:
            return who.person, found
    if summit.open_to_all and not wants_json(request) and not who.may("participant", summit.id):
        # Where something was sent to, there may be no page.
        back = request.url.path if request.method in ("GET", "HEAD") else f"/{summit.slug}/me"
        raise ComeIn(f"/{summit.slug}/enter?next={quote(back)}")
    return who.demand("participant", summit.id), None
