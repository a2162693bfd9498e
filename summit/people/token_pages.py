"""The organisers' page of tokens for programs. A new token's secret is shown once, and never again."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wtforms import Form, StringField

from summit.core.errors import Invalid
from summit.core.services import services
from summit.core.web import render, see_other, submitted
from summit.people.identity import identity
from summit.people.models import Person
from summit.people.pages import FindSummit, SummitLike
from summit.people.tokens import READ, WRITE, Scope, make_token, revoke_token, tokens_of

_SCOPES: dict[str, tuple[Scope, ...]] = {"read": (READ,), "write": (READ, WRITE)}


class TokenForm(Form):
    """What a new token is called, may do, and for how long."""

    name = StringField()
    may = StringField()
    lifetime = StringField()


@dataclass(frozen=True)
class TokenPages:
    """The tokens of one summit."""

    find_summit: FindSummit

    async def page(self, request: Request) -> Response:
        """All tokens, and the form for a new one."""
        summit, _you = await self._organise(request)
        values = {"name": "", "may": "read", "lifetime": "year"}
        return await self._list(request, summit, values, {}, 200)

    async def make(self, request: Request) -> Response:
        """Makes one, and shows its secret on the answer itself: an address with it would stay in histories and logs."""
        summit, you = await self._organise(request)
        form, house = await submitted(request, TokenForm), services(request)
        typed = {name: str(value or "") for name, value in form.data.items()}
        scopes = _SCOPES.get(typed["may"], ())
        try:
            async with house.db.writer() as db:
                token, secret = await make_token(
                    db, summit.id, typed["name"], scopes, typed["lifetime"], you, house.clock()
                )
        except Invalid as wrong:
            return await self._list(request, summit, typed, wrong.errors, wrong.status)
        at = f"{house.base_url(request)}/api/v1"
        return _unkept(
            render(request, "people/token_made.html", summit=summit, token=token, secret=secret, at=at, status=201)
        )

    async def revoke(self, request: Request) -> Response:
        """Ends one, at once."""
        summit, you = await self._organise(request)
        house = services(request)
        async with house.db.writer() as db:
            await revoke_token(db, summit.id, request.path_params["id"], you, house.clock())
        return see_other(f"/{summit.slug}/organise/tokens?revoked=1")

    async def _organise(self, request: Request) -> tuple[SummitLike, Person]:
        summit = await self.find_summit(request)
        return summit, identity(request).demand("organiser", summit.id)

    async def _list(
        self, request: Request, summit: SummitLike, values: dict[str, Any], errors: dict[str, str], status: int
    ) -> Response:
        house = services(request)
        async with house.db.reader() as db:
            tokens = await tokens_of(db, summit.id, house.clock())
        context = {"summit": summit, "tokens": tokens, "values": values, "errors": errors}
        at = f"{house.base_url(request)}/api/v1"
        return _unkept(render(request, "people/tokens.html", status=status, at=at, write=WRITE, **context))


def _unkept(page: Response) -> Response:
    page.headers["cache-control"] = "no-store"
    return page


def routes(find_summit: FindSummit) -> list[Route]:
    """The organisers' addresses; `find_summit` finds the summit of an address ``/{summit}/…``, released or not."""
    pages = TokenPages(find_summit)
    at = "/{summit}/organise/tokens"
    return [
        Route(at, pages.page, methods=["GET"], name="tokens"),
        Route(at, pages.make, methods=["POST"], name="make-token"),
        Route(f"{at}/{{id}}/revocation", pages.revoke, methods=["POST"], name="revoke-token"),
    ]
