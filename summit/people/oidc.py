"""Signing in with an account of the organisers' own organisation (OpenID Connect Core 1.0), where an operator has set a
provider: the code flow with PKCE (RFC 7636), nonce and state.

Needs the extra ``oidc``. Nobody is made by it: who may come in is decided here, by address.
"""

import json
from importlib.util import find_spec
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from summit.core.errors import NotAllowed, Refused
from summit.core.i18n import _
from summit.people.accounts import person_by_email
from summit.people.models import Person
from summit.settings import Settings

log = structlog.get_logger()


class NoAnswer(Refused):
    """The provider did not vouch for anybody: it was given up there, took too long, or something is set up wrongly."""

    status = 400


class Provider:
    """The provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        if find_spec("authlib") is None:
            raise ValueError("SUMMIT_OIDC_ISSUER needs the extra oidc: pip install 'summit[oidc]'")
        from authlib.integrations.starlette_client import OAuth

        self._app = OAuth().register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
        )

    async def begin(self, callback: str, target: str) -> tuple[str, str]:
        """The address to send the browser to, and what it has to bring back, to be kept in a signed cookie.

        Raises `NoAnswer` where the provider cannot be reached.
        """
        try:
            asked = await self._app.create_authorization_url(callback)
        except Exception as error:  # whatever is wrong there, or on the way
            raise _unreachable(error) from error
        kept = {name: asked[name] for name in ("state", "nonce", "code_verifier")}
        return str(asked["url"]), json.dumps({**kept, "next": target})

    async def finish(self, kept: str, asked: dict[str, str], callback: str) -> tuple[str, str]:
        """The address that the provider vouches for, and where to go on to. Raises `NoAnswer`."""
        try:
            known = json.loads(kept or "{}")
        except ValueError:
            known = {}
        if not known or asked.get("state") != known["state"] or "code" not in asked:
            raise NoAnswer(_("Signing in there was not finished. Try again."))
        try:
            token = await self._app.fetch_access_token(
                redirect_uri=callback, code=asked["code"], code_verifier=known["code_verifier"]
            )
            claims = await self._app.parse_id_token(token, nonce=known["nonce"])
            if claims is not None and "email" not in claims:
                claims |= await self._same_person(token, claims)
        except Exception as error:  # a forged or expired answer, or one that never came
            raise _unreachable(error) from error
        return _address(claims), str(known["next"])

    async def _same_person(self, token: Any, claims: Any) -> dict[str, Any]:
        """What the provider tells only on request (OpenID Connect Core §5.3), unless it is about somebody else."""
        more = dict(await self._app.userinfo(token=token))
        return more if more.get("sub") == claims["sub"] else {}


def _address(claims: Any) -> str:
    """The address, where the provider has made sure that it is theirs."""
    if not claims or not claims.get("email") or claims.get("email_verified") not in (True, "true"):
        raise NotAllowed(_("Your organisation's account comes without a confirmed e-mail address. Sign in by mail."))
    return str(claims["email"])


def _unreachable(error: Exception) -> NoAnswer:
    log.warning("sign-in provider", error=type(error).__name__)
    return NoAnswer(_("The other site did not answer as it should. Try again, or sign in by mail."))


async def staff_with(db: AsyncSession, address: str) -> Person:
    """The person with that address; raises `NotAllowed` where nobody here has it."""
    person = await person_by_email(db, address)
    if person is None:
        raise NotAllowed(_("Nobody here has the address of that account. Ask an organiser to invite you."))
    return person
