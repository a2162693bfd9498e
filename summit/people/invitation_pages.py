"""The page that an invitation's mail leads to: who invites whom to what, and the button that accepts."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.accepting import InvitationOver, SignInFirst, accept, invitation_for
from summit.people.accounts import NAME_LENGTH, person_by_email
from summit.people.identity import COOKIE, COOKIE_SECONDS, identity
from summit.people.invitations import session_titles
from summit.people.models import Invitation, Person
from summit.people.names import Names, SessionName, SummitName
from summit.people.sign_in import sign_out

# The address lets its reader in; see pages.py for why it is not no-referrer.
_SECRET = {"referrer-policy": "strict-origin", "cache-control": "no-store", "x-robots-tag": "noindex"}


@dataclass(frozen=True)
class _Found:
    """What a link leads to; `person` is whom it is for, None for somebody new."""

    made: Invitation
    summit: SummitName
    sessions: list[SessionName]
    person: Person | None
    by: Person | None


@dataclass(frozen=True)
class InvitationPages:
    """Invitations as those who are invited see them."""

    names: Names

    async def show(self, request: Request) -> Response:
        """Shows a button only: programs that check mail open every address in it, and must not accept anything."""
        try:
            return _page(request, await self._find(request))
        except InvitationOver:
            return _over(request)

    async def accept(self, request: Request) -> Response:
        """Gives the role, signs this browser in as somebody new, and leads to where the work is."""
        house, token, who = services(request), request.path_params["token"], identity(request)
        form = await request.form(max_files=0, max_fields=10)
        typed = form.get("name")
        name = typed.replace("\0", "") if isinstance(typed, str) else ""
        try:
            found = await self._find(request)
            async with house.db.writer() as db:
                agent = request.headers.get("user-agent", "")
                made, device = await accept(db, token, who.person, name, agent, house.clock, found.sessions)
                if device is not None:
                    await sign_out(db, who.device_id, house.clock)
        except InvitationOver:
            return _over(request)
        except SignInFirst as refused:
            return _page(request, await self._find(request), status=refused.status)
        except Invalid as invalid:
            return _page(request, found, status=422, errors=invalid.errors, name=name[: 2 * NAME_LENGTH])
        place = "organise" if made.role == "organiser" else "desk"
        answer = see_other(f"/{found.summit.slug}/{place}")
        answer.headers.update(_SECRET)
        if device is not None:
            house.cookies.write(answer, COOKIE, device.id, COOKIE_SECONDS)
        return answer

    async def _find(self, request: Request) -> _Found:
        house = services(request)
        async with house.db.reader() as db:
            made = await invitation_for(db, request.path_params["token"], house.clock)
            summit = await self.names.summit(db, made.summit_id)
            if summit is None:
                raise InvitationOver
            by = await db.get(Person, made.made_by) if made.made_by else None
            sessions = list(await self.names.sessions(db, made.summit_id))
            return _Found(made, summit, sessions, await person_by_email(db, made.email), by)


def _page(
    request: Request, found: _Found, *, status: int = 200, errors: dict[str, str] | None = None, name: str = ""
) -> Response:
    you = identity(request).person
    invitee = found.person
    context: dict[str, Any] = {
        "invitation": found.made,
        "to": found.summit,
        "titles": session_titles(found.made.session_ids, found.sessions),
        "invitee": invitee,
        "may_accept": invitee is None or (you is not None and you.id == invitee.id),
        "back": request.url.path,
        "by": found.by.name if found.by else "",
        "other": you if you is not None and you.email != found.made.email else None,
        "errors": errors or {},
        "name": name,
    }
    page = render(request, "people/invitation.html", status=status, **context)
    page.headers.update(_SECRET)
    return page


def _over(request: Request) -> Response:
    page = render(request, "people/invitation_over.html", status=InvitationOver.status)
    page.headers.update(_SECRET)
    return page


def routes(names: Names) -> list[Route]:
    """The address in the mail."""
    pages = InvitationPages(names)
    return [
        Route("/invitations/{token}", pages.show, methods=["GET"], name="invitation"),
        Route("/invitations/{token}", pages.accept, methods=["POST"], name="accept-invitation"),
    ]
