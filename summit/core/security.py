"""Protection of browsers: cross-site requests, security headers, signed cookies."""

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import urlsplit

from itsdangerous import BadSignature, TimestampSigner
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summit.core.errors import NotAllowed, NotFound
from summit.core.i18n import _

_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "media-src": ["'self'", "blob:"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
_HEADERS = {
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(), browsing-topics=()",
}
# What a browser only ever uses within a page, whose own headers hold there. An SVG can be a page by itself.
_PARTS_OF_PAGES = (
    "text/css",
    "text/javascript",
    "text/vtt",
    "application/vnd.apple.mpegurl",
    "font/",
    "image/",
    "audio/",
    "video/",
)
_YEAR = 31_536_000
_UNSUBSCRIBE = re.compile(r"/[^/]+/unsubscribe/[\w-]+/[a-z]+")


def content_policy(**more: Iterable[str]) -> str:
    """A Content-Security-Policy (CSP 3) with further sources: ``content_policy(frame_src=["https://…"])``."""
    policy = {name: list(sources) for name, sources in _POLICY.items()}
    for name, sources in more.items():
        policy.setdefault(name.replace("_", "-"), []).extend(sources)
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())


_OWN_POLICY = content_policy()


def is_trusted_origin(origin: str, headers: Headers, scheme: str, base_url: str) -> bool:
    """Whether an Origin (RFC 6454) is this site: the public address where it is set, else the host that was asked."""
    if base_url and origin == "{0.scheme}://{0.netloc}".format(urlsplit(base_url)):
        return True
    return origin == f"{scheme}://{headers.get('host', '')}"


def bears_token(headers: Headers) -> bool:
    """Whether a request comes with a bearer token (RFC 6750), valid or not."""
    return headers.get("authorization", "").lower().startswith("bearer ")


def is_for_programs(headers: Headers, path: str) -> bool:
    """Whether a request is none that a browser makes for somebody who is signed in: cookies in it say nothing."""
    return bears_token(headers) or path.startswith("/api/")


class CrossSiteGuard:
    """Refuses what another site makes a browser send, by Fetch Metadata and Origin.

    Unsafe methods need ``Sec-Fetch-Site: same-origin`` or ``none``, or this site's Origin; scripts send an Origin, too.
    A bearer token is no ambient credential, so requests with one pass, and all to the API, which takes nothing else:
    for them, no cookie says who asks (`is_for_programs`). So is the secret in an address to unsubscribe at, where mail
    programs post without an Origin (RFC 8058 §3.1).
    """

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self.app, self.base_url = app, base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _SAFE and not self._is_ours(scope):
            raise NotAllowed(_("This request came from another site. Open the page here and try again."))
        await self.app(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if is_for_programs(headers, scope["path"]) or _UNSUBSCRIBE.fullmatch(scope["path"]):
            return True
        if site := headers.get("sec-fetch-site"):
            return site in ("same-origin", "none")
        return is_trusted_origin(headers.get("origin", ""), headers, scope["scheme"], self.base_url)


class PlainPaths:
    """There is nothing at an address with a NUL in it; databases would refuse even to look."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and "\0" in scope["path"]:
            raise NotFound
        await self.app(scope, receive, send)


class SecurityHeaders:
    """Sets the security headers on every answer that has none of its own; few on what is only ever part of a page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("x-content-type-options", "nosniff")
                if not _is_part_of_page(headers.get("content-type", "")):
                    headers.setdefault("content-security-policy", _OWN_POLICY)
                    for name, value in _HEADERS.items():
                        headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", f"max-age={_YEAR}")
            await send(message)

        await self.app(scope, receive, with_headers)


def _is_part_of_page(kind: str) -> bool:
    return kind.startswith(_PARTS_OF_PAGES) and not kind.startswith("image/svg")


class Cookies:
    """Signed cookies, each name with a signature of its own."""

    def __init__(self, secret_key: str, *, secure: bool) -> None:
        self._secure = secure
        self._signer = cache(lambda name: TimestampSigner(secret_key, salt=f"summit.{name}"))

    def read(self, connection: HTTPConnection, name: str, max_age: int) -> str | None:
        """The value, where the signature is ours and not older than `max_age` seconds."""
        if name not in connection.cookies:
            return None
        try:
            return self._signer(name).unsign(connection.cookies[name], max_age=max_age).decode()
        except BadSignature:
            return None

    def write(self, response: Response, name: str, value: str, max_age: int) -> None:
        """Sets it for `max_age` seconds, for this site only and out of reach of scripts."""
        signed = self._signer(name).sign(value).decode()
        response.set_cookie(name, signed, max_age=max_age, secure=self._secure, httponly=True, samesite="lax")

    def drop(self, response: Response, name: str) -> None:
        """Removes it."""
        response.delete_cookie(name, secure=self._secure, httponly=True, samesite="lax")
