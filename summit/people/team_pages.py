"""Organisers' pages of who runs the summit: the list, what somebody moderates, and taking a role away."""

from dataclasses import dataclass
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import Invalid, NotFound
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import render, see_other
from summit.people.identity import identity
from summit.people.invitations import open_invitations, resting_invitations
from summit.people.inviting_pages import InvitingPages, kept_links
from summit.people.models import Person, Role
from summit.people.names import Names
from summit.people.pages import FindSummit, SummitLike
from summit.people.session_choice import by_day, read_choice
from summit.people.team import ALL, member_of, remove_role, set_moderated, team_of

_MADE = ("invited", "sent", "withdrawn", "saved", "removed")


@dataclass(frozen=True)
class TeamPages:
    """Who runs one summit."""

    find_summit: FindSummit
    names: Names

    async def team(self, request: Request) -> Response:
        """Organisers, moderators, admins and open invitations."""
        summit, you = await self._organise(request)
        async with services(request).db.reader() as db:
            context: dict[str, Any] = {
                "team": await team_of(db, summit.id),
                "invitations": await open_invitations(db, summit.id),
                "resting": await resting_invitations(db, summit.id),
                "called": {one.id: one for one in await self.names.sessions(db, summit.id)},
            }
        done = next((name for name in _MADE if request.query_params.get("done") == name), "")
        sends_mail = bool(services(request).settings.smtp_url)
        context |= {"done": done, "links": kept_links(request), "sends_mail": sends_mail}
        page = render(request, "people/team.html", you=you, **context)
        page.headers["cache-control"] = "no-store"
        return page

    async def sessions(self, request: Request) -> Response:
        """Which sessions somebody moderates, and others chosen by the form."""
        summit, you = await self._organise(request)
        person_id, house = request.path_params["person"], services(request)
        async with house.db.reader() as db:
            member = await member_of(db, summit.id, person_id, "moderator")
            found = await self.names.sessions(db, summit.id)
        chosen, errors = member.session_ids, {}
        if request.method == "POST":
            choice = await read_choice(request)
            chosen = ALL if choice.role == "moderator" else choice.session_ids
            try:
                ids = choice.checked(found)
                async with house.db.writer() as db:
                    await set_moderated(db, summit.id, person_id, ids or ALL, you, house.clock, found)
                return see_other(f"/{summit.slug}/organise/team?done=saved#moderators")
            except Invalid as invalid:
                errors = invalid.errors
        values = {"role": "moderator" if "" in chosen else "sessions", "sessions": chosen}
        return render(
            request,
            "people/moderated.html",
            status=422 if errors else 200,
            member=member,
            days=by_day(found),
            values=values,
            errors=errors,
        )

    async def removal(self, request: Request) -> Response:
        """Asks once more, then takes the role away; the last organiser stays."""
        summit, you = await self._organise(request)
        house, role = services(request), _role(request.path_params["role"])
        async with house.db.reader() as db:
            member = await member_of(db, summit.id, request.path_params["person"], role)
            found = await self.names.sessions(db, summit.id)
        context: dict[str, Any] = {"member": member, "role": role, "is_you": member.id == you.id}
        if request.method in ("GET", "HEAD"):
            return render(request, "people/removal.html", errors={}, **context)
        try:
            async with house.db.writer() as db:
                await remove_role(db, summit.id, member.id, role, you, house.clock, found)
        except Invalid as invalid:
            return render(request, "people/removal.html", status=422, errors={"": invalid.message}, **context)
        gone = role == "organiser" and member.id == you.id and not you.is_admin
        return see_other(f"/{summit.slug}" if gone else f"/{summit.slug}/organise/team?done=removed")

    async def _organise(self, request: Request) -> tuple[SummitLike, Person]:
        summit = await self.find_summit(request)
        return summit, identity(request).demand("organiser", summit.id)


def _role(typed: str) -> Role:
    for role in get_args(Role):
        if role == typed and role != "participant":
            return role  # type: ignore[no-any-return]
    raise NotFound(_("There is no such role."))


def routes(find_summit: FindSummit, names: Names) -> list[Route]:
    """The organisers' addresses; `find_summit` finds the summit of an address ``/{summit}/…``, released or not."""
    pages, inviting = TeamPages(find_summit, names), InvitingPages(find_summit, names)
    at = "/{summit}/organise/team"
    return [
        Route(at, pages.team, methods=["GET"], name="team"),
        Route(f"{at}/{{person}}/sessions", pages.sessions, methods=["GET", "POST"], name="moderated"),
        Route(f"{at}/{{person}}/{{role}}/removal", pages.removal, methods=["GET", "POST"], name="role-removal"),
        *inviting.routes(),
    ]
