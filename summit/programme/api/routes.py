"""The addresses of the API. All methods of an address are one route, so that 405 tells all that it takes."""

from collections import defaultdict
from collections.abc import Mapping
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.programme.api.answers import CORS, Endpoint, endpoint
from summit.programme.api.asking import JSON
from summit.programme.api.openapi import description
from summit.programme.api.table import OPERATIONS
from summit.programme.api.viewing import PATH

_ASKS = {
    "access-control-allow-headers": "Authorization, Content-Type, If-Match, If-None-Match, Accept-Language",
    "access-control-max-age": "86400",
}


async def openapi(_request: Request) -> Response:
    """`/api/v1/openapi.json`: the same until the next version of the program."""
    headers = {"cache-control": "public, max-age=300", **CORS}
    return Response(description(version("summit")), media_type=JSON, headers=headers)


def routes() -> list[Route]:
    """All addresses under ``/api/v1``."""
    by_path: defaultdict[str, dict[str, Endpoint]] = defaultdict(dict)
    for one in OPERATIONS:
        by_path[one.path][one.method.upper()] = endpoint(one.run)
    return [
        Route(f"{PATH}/openapi.json", openapi, methods=["GET"], name="openapi"),
        *(
            Route(path, _by_method(path, handlers), methods=[*handlers, "OPTIONS"], name=f"api {path}")
            for path, handlers in by_path.items()
        ),
    ]


def _by_method(path: str, handlers: Mapping[str, Endpoint]) -> Endpoint:
    allowed = ", ".join(sorted({*handlers, "OPTIONS", *(["HEAD"] if "GET" in handlers else [])}))

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            # What browsers ask before they let a page of another site send a token.
            headers = {"allow": allowed, "access-control-allow-methods": allowed, **_ASKS, **CORS}
            return Response(status_code=204, headers=headers)
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return answer
