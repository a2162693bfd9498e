"""Pages, redirects and refusals: the one place that knows how an answer looks."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from wtforms import Form

from summit.core import i18n
from summit.core.errors import Invalid, NotSignedIn, Refused, TooMany
from summit.core.i18n import _
from summit.core.linking import linked
from summit.core.logs import without_secrets
from summit.core.paths import folder
from summit.core.services import services
from summit.core.text import to_html
from summit.core.texts import Localised, Texts

log = structlog.get_logger()
F = TypeVar("F", bound=Form)
PROBLEM = "application/problem+json"
_ERROR_PAGE = "errors/error.html"


def environment() -> Environment:
    """The templates, with what is the same on every page."""
    env = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(_, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext)  # type: ignore[attr-defined]
    env.globals.update(
        local=lambda texts: texts.best(i18n.locale()),
        best=best,
        markdown=lambda texts: Markup(to_html(texts.best(i18n.locale()).text)),
        linked=linked,
        daydate=i18n.long_date,
        shortdate=i18n.short_date,
        datespan=i18n.date_span,
    )
    return env


def best(texts: Texts | Localised) -> Markup:
    """The text in the reader's language; marked with its own where that differs (WCAG 3.1.2)."""
    found = texts if isinstance(texts, Localised) else texts.best(i18n.locale())
    if found.lang and found.lang != i18n.locale():
        return Markup('<span lang="{}">{}</span>').format(found.lang, found.text)
    return escape(found.text)


def render(request: HTTPConnection, template: str, *, status: int = 200, **context: Any) -> Response:
    """A page from a template. What every page knows comes from the process's context sources."""
    if status >= 400 and template != _ERROR_PAGE and isinstance(request, Request) and wants_json(request):
        errors: dict[str, str] = context.get("errors") or {}
        return answer(request, status, next(iter(errors.values()), ""), errors=errors)
    house = services(request)
    known: dict[str, Any] = {
        "request": request,
        "status": status,
        "locale": i18n.locale(),
        "languages": list(i18n.LANGUAGES.items()),
        "asset": house.assets.url,
        "now": house.clock(),
        "summit": None,
        "section": "",
    }
    for source in house.context_sources:
        known.update(source(request))
    page = house.templates.get_template(template).render(known | context)
    return HTMLResponse(page, status, headers={"vary": "Accept-Language, Cookie", "cache-control": "private, no-cache"})


def see_other(address: str) -> Response:
    """To another page after a form (RFC 9110 §15.4.4)."""
    return RedirectResponse(address, 303)


def local_path(address: str, otherwise: str = "/") -> str:
    """An address to go on to, only where it stays on this site."""
    parts = urlsplit(address)
    is_local = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if is_local and address.isprintable() and "\\" not in address else otherwise


async def submitted(request: Request, form: type[F]) -> F:
    """The form as it was sent; nothing is checked yet."""
    data = await request.form(max_files=0, max_fields=250)
    return form(data)


async def uploaded(request: Request, form: type[F], *, most_files: int = 1) -> F:
    """A form that comes with files (RFC 7578); nothing is checked yet."""
    data = await request.form(max_files=most_files, max_fields=250)
    return form(data)


def wants_json(request: HTTPConnection) -> bool:
    """Whether a problem document suits better than a page."""
    accept = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


async def on_refused(request: Request, refused: Exception) -> Response:
    """A refusal as a page or as a problem document (RFC 9457)."""
    assert isinstance(refused, Refused)
    headers = {"retry-after": str(int(refused.retry_after) + 1)} if isinstance(refused, TooMany) else {}
    if isinstance(refused, NotSignedIn) and request.method == "GET" and not wants_json(request):
        return see_other(f"/sign-in?next={quote(_path_and_query(request))}")
    errors = refused.errors if isinstance(refused, Invalid) else {}
    return answer(request, refused.status, refused.message, headers=headers, errors=errors)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What the router refuses. An address with a slash too many leads to the one without."""
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == 404 and request.method in ("GET", "HEAD") and path.endswith("/"):
        # Relative, as the Host that was asked for may be anybody's, or a proxy's.
        bare = local_path(path.rstrip("/"), "")
        if bare:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(quote(bare) + query, 308)
    return answer(request, error.status_code, "", headers=error.headers or {})


async def on_crash(request: Request, error: Exception) -> Response | None:
    """Something of ours is broken: said plainly, without a stack trace; the log has it. A socket just ends."""
    log.error("crash", path=without_secrets(request.url.path), exc_info=error)
    if request.scope["type"] != "http":
        return None
    # It may have broken before anybody knew who asks, and in which language.
    with i18n.speaking(i18n.language_of(request)):
        return answer(request, 500, "")


def answer(
    request: Request,
    status: int,
    message: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    """One refusal, in the form that the client reads."""
    title, explanation, what_to_do = _words(status)
    if wants_json(request):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": message or explanation}
        if errors:
            problem["errors"] = [{"field": name, "detail": text} for name, text in errors.items()]
        body = json.dumps(problem, ensure_ascii=False)
        return Response(body, status, headers=dict(headers or {}), media_type=PROBLEM)
    page = render(
        request,
        _ERROR_PAGE,
        status=status,
        title=title,
        explanation=message or explanation,
        what_to_do=what_to_do,
    )
    page.headers.update(headers or {})
    return page


def _words(status: int) -> tuple[str, str, str]:
    """Title, explanation and what to do."""
    known = {
        401: (_("Sign in first"), _("This page is for people who have signed in."), _("Sign in and open it again.")),
        403: (
            _("You may not open this"),
            _("This page is not for you, or not from there."),
            _("Ask an organiser if you think you should have access."),
        ),
        404: (
            _("There is no such page"),
            _("The address may be mistyped, or the page has moved."),
            _("Start from the front page."),
        ),
        405: (
            _("That does not work here"),
            _("This address does not take that kind of request."),
            _("Go back and try another way."),
        ),
        409: (_("That is closed"), _("This can't be done right now."), _("Go back and look at the page again.")),
        410: (
            _("This is gone"),
            _("It worked once, or for a limited time, and that is over."),
            _("Start again from the front page."),
        ),
        413: (
            _("That is too much at once"),
            _("What you sent is larger than we can take in."),
            _("Send something shorter."),
        ),
        422: (
            _("Something does not fit"),
            _("Some of what you sent can't be used."),
            _("Go back, correct it and send it again."),
        ),
        429: (
            _("Too many at once"),
            _("You have tried very often in a short time."),
            _("Wait a little and try again."),
        ),
    }
    broken = (
        _("Something broke on our side"),
        _("It is not your fault, and we have noted it."),
        _("Try again in a minute."),
    )
    other = (_("That did not work"), _("The request could not be understood."), _("Go back and try again."))
    return known.get(status, broken if status >= 500 else other)


def _path_and_query(request: Request) -> str:
    query = request.url.query
    return request.url.path + (f"?{query}" if query else "")


def json_response(value: object, status: int = 200) -> Response:
    """Plain JSON."""
    return JSONResponse(value, status)
