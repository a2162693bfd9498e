"""The style sheet of a summit's own colour, for its public pages."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.programme.look import style_sheet
from summit.programme.published import Unreleased, find_summit

_FOREVER = "public, max-age=31536000, immutable"


async def look(request: Request) -> Response:
    """The released colour in light and dark; nothing before a release, as organisers' pages ask for it, too.

    Kept for ever under the address that pages use, which names the colour.
    """
    try:
        accent = (await find_summit(request)).programme.accent
    except Unreleased:
        accent = ""
    is_current = bool(accent) and request.query_params.get("v") == accent.removeprefix("#")
    headers = {"cache-control": _FOREVER if is_current else "public, no-cache"}
    return Response(style_sheet(accent), media_type="text/css", headers=headers)


def look_address(slug: str, accent: str) -> str:
    """Where pages find it; empty where the summit has no colour of its own."""
    return f"/{slug}/look.css?v={accent.removeprefix('#')}" if accent else ""


def routes() -> list[Route]:
    """Its address."""
    return [Route("/{summit}/look.css", look, methods=["GET"], name="look")]
