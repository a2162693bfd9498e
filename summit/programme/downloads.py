"""The released programme as a file: frab schedule XML, frab schedule JSON, CSV, XLSX."""

from importlib.metadata import version
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.services import services
from summit.programme.conditional import file_answer
from summit.programme.exchange import write, write_workbook
from summit.programme.published import find_summit
from summit.programme.values import Programme

FileForm = Literal["xml", "json", "csv", "xlsx"]
MEDIA_TYPES: dict[FileForm, str] = {
    "xml": "application/xml",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
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


async def download_xlsx(request: Request) -> Response:
    """As a workbook."""
    return await _download(request, "xlsx")


async def _download(request: Request, form: FileForm) -> Response:
    found = await find_summit(request)

    def make() -> bytes:
        return written(request, found.programme, found.slug, form)

    return await file_answer(request, found, MEDIA_TYPES[form], f"{found.slug}.{form}", make)


def written(request: Request, programme: Programme, slug: str, form: FileForm) -> bytes:
    """A programme in that form, as this site has it."""
    base_url = services(request).base_url(request)
    if form == "xlsx":
        return write_workbook(programme, base_url=base_url, slug=slug)
    return write(programme, form, base_url=base_url, slug=slug, generator_version=version("summit"))


def routes() -> list[Route]:
    """The addresses of the files."""
    return [
        Route("/{summit}/programme.xml", download_xml, name="programme-xml"),
        Route("/{summit}/programme.json", download_json, name="programme-json"),
        Route("/{summit}/programme.csv", download_csv, name="programme-csv"),
        Route("/{summit}/programme.xlsx", download_xlsx, name="programme-xlsx"),
    ]
