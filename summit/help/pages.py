"""The documentation as readers get it: a list of the pages, each page, its pictures, and files to begin with."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.core.web import render
from summit.help.rendering import HOME, TITLE_ID
from summit.help.shelf import EXAMPLES, PICTURES, example, page_named, picture, shelf
from summit.programme.conditional import matches, weak_tag


async def index(request: Request) -> Response:
    """All pages, by for whom they are."""
    names = {
        "participants": _("For participants"),
        "moderators": _("For moderators"),
        "organisers": _("For organisers"),
        "operators": _("For those who run the server"),
    }
    shelves = [(readers, names[readers], pages) for readers, pages in shelf(locale()).items() if pages]
    return _once(request, render(request, "help/index.html", shelves=shelves, canonical=_canonical(request)))


async def page(request: Request) -> Response:
    """One page, in the reader's language where it has been translated."""
    found = page_named(request.path_params["page"], locale())
    if found is None:
        raise NotFound
    return _once(
        request, render(request, "help/page.html", page=found, title_id=TITLE_ID, canonical=_canonical(request))
    )


async def picture_file(request: Request) -> Response:
    """A picture of a page."""
    path = picture(request.path_params["name"])
    if path is None:
        raise NotFound
    return FileResponse(path, headers={"cache-control": "public, max-age=86400"})


async def example_file(request: Request) -> Response:
    """A file for operators, as text that any browser shows."""
    path = example(request.path_params["name"])
    if path is None:
        raise NotFound
    return FileResponse(path, media_type="text/plain; charset=utf-8", headers={"cache-control": "no-cache"})


def routes() -> list[Route]:
    """The addresses of help."""
    return [
        Route(HOME, index, methods=["GET"], name="help"),
        Route(f"{HOME}/{PICTURES}/{{name}}", picture_file, methods=["GET"], name="help-picture"),
        Route(f"{HOME}/{EXAMPLES}/{{name}}", example_file, methods=["GET"], name="help-example"),
        Route(f"{HOME}/{{page}}", page, methods=["GET"], name="help-page"),
    ]


def _canonical(request: Request) -> str:
    return f"{services(request).base_url(request)}{request.url.path}"


def _once(request: Request, answer: Response) -> Response:
    """The answer, or 304 where the client has the very same (RFC 9110 §13): who is signed in stands on it, too."""
    answer.headers["etag"] = tag = weak_tag(bytes(answer.body).decode())
    if not matches(request, tag):
        return answer
    kept = {name: answer.headers[name] for name in ("etag", "vary", "cache-control")}
    return Response(status_code=304, headers=kept)
