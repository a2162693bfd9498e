"""Organisers' pages of invitations: the form, sending one again, and withdrawing it."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid, TooMany
from summit.core.services import Services, services
from summit.core.web import render, see_other
from summit.people.identity import identity
from summit.people.invitations import (
    NOTE_LENGTH,
    Sender,
    Wanted,
    count_mail,
    invite,
    may_pass_on,
    send_again,
    withdraw,
)
from summit.people.models import Invitation
from summit.people.names import Names
from summit.people.pages import FindSummit
from summit.people.session_choice import by_day, read_choice

_LINKS, _LINKS_SECONDS, _MOST_LINKS = "summit_invited", 600, 5


@dataclass(frozen=True)
class InvitingPages:
    """The invitations of one summit."""

    find_summit: FindSummit
    names: Names

    async def form(self, request: Request) -> Response:
        """Whom to invite, and to what; `session` in the address is the code of one to begin with."""
        sender = await self._sender(request)
        code = request.query_params.get("session", "")
        chosen = [one.id for one in sender.sessions if one.code == code]
        values = {"role": "sessions" if chosen else "", "sessions": chosen}
        return _form(request, sender, values)

    async def make(self, request: Request) -> Response:
        """Makes an invitation and mails it."""
        sender, choice = await self._sender(request), await read_choice(request)
        email, note = choice.text("email", 254), choice.text("note", 4 * NOTE_LENGTH)
        values = {"email": email, "role": choice.role, "sessions": choice.session_ids, "note": note}
        try:
            ids = choice.checked(sender.sessions)
            wanted = Wanted(email, "organiser" if choice.role == "organiser" else "moderator", ids, note)
            await count_mail(sender)
            async with sender.services.db.writer() as db:
                made, token = await invite(db, sender, wanted)
                may_see = await may_pass_on(db, identity(request), made.email)
        except (Invalid, TooMany) as refused:
            errors = refused.errors if isinstance(refused, Invalid) else {"": refused.message}
            return _form(request, sender, values, status=refused.status, errors=errors)
        return _sent(request, sender, "invited", made, token if may_see else "")

    async def again(self, request: Request) -> Response:
        """Mails an invitation once more, with a new link."""
        sender = await self._sender(request)
        await count_mail(sender)
        async with sender.services.db.writer() as db:
            made, token = await send_again(db, sender, request.path_params["invitation"])
            may_see = await may_pass_on(db, identity(request), made.email)
        return _sent(request, sender, "sent", made, token if may_see else "")

    async def withdrawal(self, request: Request) -> Response:
        """Takes an invitation back."""
        sender = await self._sender(request)
        house = sender.services
        async with house.db.writer() as db:
            await withdraw(db, sender.summit.id, request.path_params["invitation"], sender.by, house.clock)
        return see_other(f"/{sender.summit.slug}/organise/team?done=withdrawn#invitations")

    async def _sender(self, request: Request) -> Sender:
        found, house = await self.find_summit(request), services(request)
        by = identity(request).demand("organiser", found.id)
        async with house.db.reader() as db:
            summit = await self.names.summit(db, found.id)
            sessions = await self.names.sessions(db, found.id)
        assert summit is not None
        return Sender(house, by, summit, sessions, house.mail_base_url(request))

    def routes(self) -> list[Route]:
        """Their addresses."""
        at = "/{summit}/organise/invitations"
        return [
            Route(at, self.form, methods=["GET"], name="invite"),
            Route(at, self.make, methods=["POST"], name="make-invitation"),
            Route(f"{at}/{{invitation}}/mails", self.again, methods=["POST"], name="invite-again"),
            Route(f"{at}/{{invitation}}/withdrawal", self.withdrawal, methods=["POST"], name="withdraw-invitation"),
        ]


def kept_links(request: Request) -> dict[str, str]:
    """Addresses of invitations that were made in this browser just now, by their id.

    Without a mail server nobody gets a mail, so the organiser has to pass them on; only the hash of a token is kept
    here, so this browser keeps the token for as long as that takes.
    """
    house = services(request)
    if house.settings.smtp_url:
        return {}
    pairs = (pair.partition(":") for pair in _tokens(request, house))
    return {id: f"{house.mail_base_url(request)}/invitations/{token}" for id, _colon, token in pairs}


def _tokens(request: Request, house: Services) -> list[str]:
    kept = house.cookies.read(request, _LINKS, _LINKS_SECONDS)
    return kept.split(",") if kept else []


def _sent(request: Request, sender: Sender, done: str, made: Invitation, token: str) -> Response:
    answer, house = see_other(f"/{sender.summit.slug}/organise/team?done={done}#invitations"), sender.services
    if token and not house.settings.smtp_url:
        others = [pair for pair in _tokens(request, house) if not pair.startswith(f"{made.id}:")]
        kept = [*others, f"{made.id}:{token}"][-_MOST_LINKS:]
        house.cookies.write(answer, _LINKS, ",".join(kept), _LINKS_SECONDS)
    return answer


def _form(
    request: Request,
    sender: Sender,
    values: dict[str, Any],
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> Response:
    shown = {"email": "", "role": "", "sessions": [], "note": ""} | values
    days = by_day(sender.sessions)
    return render(request, "people/invite.html", status=status, values=shown, errors=errors or {}, days=days)
