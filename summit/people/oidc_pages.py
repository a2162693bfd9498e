"""The two addresses of signing in with an organisation's account: out to its provider, and back."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from summit.core.services import services
from summit.core.web import local_path
from summit.people.oidc import Provider, staff_with
from summit.people.pages import signed_in
from summit.people.sign_in import new_device
from summit.settings import Settings

COOKIE, COOKIE_SECONDS = "summit_oidc", 600
_CALLBACK = "/sign-in/oidc/callback"


@dataclass(frozen=True)
class OidcPages:
    """Signing in at one provider."""

    provider: Provider

    async def out(self, request: Request) -> Response:
        """To the provider."""
        house, target = services(request), local_path(request.query_params.get("next", "/"))[:500]
        address, kept = await self.provider.begin(house.mail_base_url(request) + _CALLBACK, target)
        answer = RedirectResponse(address, 303, headers={"cache-control": "no-store"})
        house.cookies.write(answer, COOKIE, kept, COOKIE_SECONDS)
        return answer

    async def back(self, request: Request) -> Response:
        """From the provider, signed in."""
        house = services(request)
        kept = house.cookies.read(request, COOKIE, COOKIE_SECONDS) or ""
        callback = house.mail_base_url(request) + _CALLBACK
        address, target = await self.provider.finish(kept, dict(request.query_params), callback)
        async with house.db.writer() as db:
            person = await staff_with(db, address)
            device = await new_device(db, person.id, request.headers.get("user-agent", ""), house.clock)
        answer = await signed_in(request, device, target)
        house.cookies.drop(answer, COOKIE)
        return answer


def routes(settings: Settings) -> list[Route]:
    """Their addresses, where a provider is set; raises `ValueError` where the extra is missing."""
    if not settings.oidc_issuer:
        return []
    pages = OidcPages(Provider(settings))
    return [
        Route("/sign-in/oidc", pages.out, methods=["GET"], name="sign-in-oidc"),
        Route(_CALLBACK, pages.back, methods=["GET"], name="sign-in-oidc-back"),
    ]
