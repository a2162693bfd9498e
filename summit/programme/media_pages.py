"""Uploaded pictures and hand-outs, as browsers get them."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.programme.conditional import matches
from summit.programme.media import PICTURE, medium_named

_FOREVER = "public, max-age=31536000, immutable"


async def medium(request: Request) -> Response:
    """A picture to show, or a hand-out to save. What is at an address never changes (RFC 8246)."""
    name = request.path_params["name"]
    tag = f'"{name}"'
    async with services(request).db.reader() as db:
        found = await medium_named(db, name)
    headers = {"etag": tag, "cache-control": _FOREVER, "x-content-type-options": "nosniff"}
    if found.content_type != PICTURE:
        # A file from anybody is saved and never opened here as if this site had written it.
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
        headers["content-security-policy"] = "default-src 'none'; sandbox"
    if matches(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(found.data, media_type=found.content_type, headers=headers)


def routes() -> list[Route]:
    """The addresses of media."""
    return [Route("/media/{name}", medium, methods=["GET"], name="medium")]
