"""Organisers' pages of the summit's mail."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.identity import identity
from summit.people.outbox import kept_mail
from summit.programme.organising import organise
from summit.registration.organise.outbox import STATES, Sought, mail_of, page_of, try_again
from summit.registration.wording import kind_names

# Mail has links that let their reader in: neither caches nor other sites get the address of a page that shows some.
_SECRET = {"referrer-policy": "strict-origin", "cache-control": "no-store"}


async def outbox(request: Request) -> Response:
    """All mail of the summit, and what stayed here for want of a mail server."""
    summit, _organiser = await organise(request)
    house, sought = services(request), Sought.read(request.query_params)
    async with house.db.reader() as db:
        found = await page_of(db, summit.id, sought)
        kept = [] if house.settings.smtp_url else await kept_mail(db, identity(request), summit.id)
    context = {"sought": sought, "found": found, "kept": kept, "states": STATES, "sends": bool(house.settings.smtp_url)}
    return _page(request, "mail", **context)


async def one(request: Request) -> Response:
    """One mail; its text only where it lets nobody in."""
    summit, _organiser = await organise(request)
    async with services(request).db.reader() as db:
        mail = await mail_of(db, summit.id, request.path_params["id"])
    return _page(request, "mail_one", mail=mail, text="" if mail.secret_until else mail.text)


async def again(request: Request) -> Response:
    """Tries one once more that had failed."""
    summit, _organiser = await organise(request)
    house, id = services(request), request.path_params["id"]
    async with house.db.writer() as db:
        await try_again(db, summit.id, id, house.clock)
    return see_other(f"/{summit.slug}/organise/mail/{id}")


def _page(request: Request, name: str, **context: object) -> Response:
    words = {"state_names": _state_names(), "kind_names": kind_names()}
    page = render(request, f"registration/organise/{name}.html", **words, **context)  # type: ignore[arg-type]
    page.headers.update(_SECRET)
    return page


def _state_names() -> dict[str, str]:
    return {"waiting": _("On its way"), "sent": _("Sent"), "failed": _("Failed"), "kept": _("Kept here")}


def routes() -> list[Route]:
    """Their addresses."""
    at = "/{summit}/organise/mail"
    return [
        Route(at, outbox, methods=["GET"], name="outbox"),
        Route(f"{at}/{{id}}", one, methods=["GET"]),
        Route(f"{at}/{{id}}/again", again, methods=["POST"]),
    ]
