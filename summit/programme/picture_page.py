"""The picture of a summit, for links to it elsewhere."""

import asyncio
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.i18n import date_span, speaking
from summit.programme.conditional import matches, weak_tag
from summit.programme.picture import Words, picture
from summit.programme.published import Published, find_summit

Looks = tuple[tuple[str, str], ...]


async def summit_picture(request: Request) -> Response:
    """In the summit's first language: whoever sees a link elsewhere is not the one who asks for the picture."""
    summit = await find_summit(request)
    words, looks = _words(summit), tuple((one.shape, one.colour) for one in summit.programme.themes)
    tag = weak_tag(*words, repr(looks), summit.slug)
    headers = {"etag": tag, "cache-control": "public, max-age=86400", "access-control-allow-origin": "*"}
    if matches(request, tag):
        return Response(status_code=304, headers=headers)
    made = await asyncio.to_thread(_made, words, looks, summit.slug)
    return Response(made, media_type="image/png", headers=headers)


def _words(summit: Published) -> Words:
    programme = summit.programme
    tag = next(iter(programme.languages), "")
    with speaking(tag):
        first, last = programme.starts_on, programme.ends_on or programme.starts_on
        when = date_span(first, last) if first and last else ""
    return Words(programme.title.best(tag).text, when, programme.tagline.best(tag).text)


@lru_cache(maxsize=64)
def _made(words: Words, looks: Looks, seed: str) -> bytes:
    return picture(words, looks, seed)


def routes() -> list[Route]:
    """The address of the picture."""
    return [Route("/{summit}/card.png", summit_picture, name="picture")]
