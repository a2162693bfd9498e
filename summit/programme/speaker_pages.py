"""The public pages of everybody who speaks."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core.errors import NotFound
from summit.core.i18n import _, locale
from summit.core.services import services
from summit.core.text import one_line
from summit.core.web import render
from summit.programme import cards, structured
from summit.programme.alphabet import by_letter, in_order
from summit.programme.filters import Filters, read_filters
from summit.programme.keeping import page_answer
from summit.programme.published import Published
from summit.programme.sharing import share
from summit.programme.values import Speaker
from summit.programme.visiting import of_a_summit, reader_of, to_its_code

_MANY = 40
_LONGEST_SEARCH = 80


@of_a_summit
async def speakers(request: Request, summit: Published) -> Response:
    """Everyone who speaks; many are under the letters of their names, and can be searched."""
    return await page_answer(request, summit, lambda asked: _speakers(asked, summit), knows=("q", "tz"))


def _speakers(request: Request, summit: Published) -> Response:
    q = one_line(request.query_params.get("q", ""))[:_LONGEST_SEARCH]
    found = in_order(summit.speakers_like(q) if q else summit.announced)
    many = len(summit.announced) > _MANY
    return render(
        request,
        "programme/speakers.html",
        section="speakers",
        speakers=found,
        letters=by_letter(found) if len(found) > _MANY else [],
        search=many or bool(q),
        q=q,
        query=reader_of(request, summit).query,
        share=share(request, summit, _("Speakers"), listed=not q),
    )


@of_a_summit
async def speaker(request: Request, summit: Published) -> Response:
    """One speaker, and where they appear."""
    found = summit.speaker(request.path_params["code"])
    if found is None:
        raise NotFound
    if moved := to_its_code(request, found.code):
        return moved
    return await page_answer(request, summit, lambda asked: _speaker(asked, summit, found))


def _speaker(request: Request, summit: Published, found: Speaker) -> Response:
    reader = reader_of(request, summit)
    mine = Filters(speaker=found.code or found.guid, tz=read_filters(request.query_params, summit.programme).tz)
    about = found.biography.best(locale()).text or found.organisation
    return render(
        request,
        "programme/speaker.html",
        section="speakers",
        speaker=found,
        cards=[cards.card(summit, one, reader) for one in summit.placed if found.guid in one.speakers],
        query=reader.query,
        filter_url=f"/{summit.slug}/programme" + mine.query(),
        calendar_url=f"/{summit.slug}/calendar" + mine.query(),
        share=share(request, summit, found.name, about, kind="profile"),
        jsonld=structured.person(summit, found, services(request).base_url(request)),
    )


def routes() -> list[Route]:
    """The addresses of speakers."""
    return [
        Route("/{summit}/speakers", speakers, name="speakers"),
        Route("/{summit}/speakers/{code}", speaker, name="speaker"),
    ]
