"""The released programme as a file: frab schedule XML, frab schedule JSON, CSV."""

from importlib.metadata import version
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.programme.conditional import file_answer
from summit.programme.exchange import write
from summit.programme.published import Published, find_summit

Form = Literal["xml", "json", "csv"]
_TYPES: dict[Form, str] = {
    "xml": "application/xml",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


async def download_xml(request: Request) -> Response:
    """As frab schedule XML."""
    return await _download(request, "xml")


async def download_json(request: Request) -> Response:
    """As frab schedule JSON."""
    return await _download(request, "json")


async def download_csv(request: Request) -> Response:
    """As a table."""
    return await _download(request, "csv")


async def _download(request: Request, form: Form) -> Response:
    found = await find_summit(request)
    return file_answer(request, found, _TYPES[form], f"{found.slug}.{form}", lambda: written(request, found, form))


def written(request: Request, found: Published, form: Form) -> bytes:
    """The last release in that form."""
    base_url = services(request).base_url(request)
    return write(found.programme, form, base_url=base_url, slug=found.slug, generator_version=version("summit"))


def routes() -> list[Route]:
    """The addresses of the files."""
    return [
        Route("/{summit}/programme.xml", download_xml, name="programme-xml"),
        Route("/{summit}/programme.json", download_json, name="programme-json"),
        Route("/{summit}/programme.csv", download_csv, name="programme-csv"),
    ]
