"""The pages of signing in, choosing a language and entering a summit."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from sqlalchemy import update
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.core import i18n
from summit.core.errors import Invalid
from summit.core.i18n import _
from summit.core.services import services
from summit.core.web import local_path, render, see_other, submitted
from summit.people.entering import enter_as
from summit.people.forms import CodeForm, EnterForm, LanguageForm, SignInForm
from summit.people.identity import COOKIE, COOKIE_SECONDS, identity
from summit.people.models import Device, Person
from summit.people.networks import network_of
from summit.people.roles import grant
from summit.people.sign_in import LINK_MINUTES, LinkSpent, link_for, request_link, sign_out, use_code, use_link

CODE_COOKIE = "summit_code"
_LANGUAGE_SECONDS = 365 * 24 * 3600
# Not no-referrer: with that, browsers send "Origin: null" with the form of the page itself (Fetch §3.2), and the guard
# against cross-site requests would refuse it. Under strict-origin, no address with a token leaves the page either.
_SECRET = {"referrer-policy": "strict-origin", "cache-control": "no-store"}


class SummitLike(Protocol):
    """What these pages need of a summit."""

    @property
    def id(self) -> str: ...

    @property
    def slug(self) -> str: ...

    @property
    def open_to_all(self) -> bool: ...


FindSummit = Callable[[Request], Awaitable[SummitLike]]


async def ask_for_link(request: Request) -> Response:
    """Takes an address and mails it a link."""
    if request.method in ("GET", "HEAD"):
        target = local_path(request.query_params.get("next", "/"))
        person = identity(request).person
        if person is not None and person.email:
            return see_other(target)
        return _asking(request, {"email": "", "next": target}, {})
    form = await submitted(request, SignInForm)
    house = services(request)
    email, target = form.email.data or "", local_path(form.next.data or "/")
    try:
        handle = await request_link(house, email, target, network_of(request), house.mail_base_url(request))
    except Invalid as invalid:
        return _asking(request, {"email": email[:254], "next": target}, invalid.errors)
    page = _sent(request)
    # Not in the page: answers for known and unknown addresses are the same to the last letter.
    house.cookies.write(page, CODE_COOKIE, handle, LINK_MINUTES * 60)
    return page


def _asking(request: Request, values: dict[str, str], errors: dict[str, str]) -> Response:
    settings = services(request).settings
    provider = settings.oidc_issuer and (settings.oidc_name or urlsplit(settings.oidc_issuer).netloc)
    status = 422 if errors else 200
    return render(request, "people/sign_in.html", status=status, errors=errors, values=values, oidc=provider)


def _sent(request: Request, errors: dict[str, str] | None = None, code: str = "") -> Response:
    is_local = not services(request).settings.smtp_url
    status = 422 if errors else 200
    page = render(request, "people/sent.html", status=status, local_outbox=is_local, code=code, errors=errors or {})
    page.headers.update(_SECRET)
    return page


async def type_code(request: Request) -> Response:
    """Signs this browser in by the code from the mail."""
    form, house = await submitted(request, CodeForm), services(request)
    handle = house.cookies.read(request, CODE_COOKIE, LINK_MINUTES * 60) or ""
    typed = (form.code.data or "")[:40]
    try:
        device, target = await use_code(house, handle, typed, request.headers.get("user-agent", ""))
    except Invalid as invalid:
        return _sent(request, invalid.errors, typed)
    return await signed_in(request, device, target)


async def signed_in(request: Request, device: Device, target: str) -> Response:
    """On to the address, on that device, and out of whom this browser was signed in as before."""
    house = services(request)
    async with house.db.writer() as db:
        await sign_out(db, identity(request).device_id, house.clock)
    answer = see_other(local_path(target))
    answer.headers.update(_SECRET)
    house.cookies.write(answer, COOKIE, device.id, COOKIE_SECONDS)
    return answer


async def follow_link(request: Request) -> Response:
    """Shows a button only: programs that check mail open every address in it, and must not use the link up."""
    house = services(request)
    try:
        async with house.db.reader() as db:
            _link, person = await link_for(db, request.path_params["token"], house.clock)
    except LinkSpent:
        return _spent(request)
    page = render(request, "people/confirm.html", person_name=person.name)
    page.headers.update(_SECRET)
    return page


async def sign_in(request: Request) -> Response:
    """Signs this browser in, and out of whom it was signed in as before."""
    house, token = services(request), request.path_params["token"]
    try:
        async with house.db.writer() as db:
            link, _person = await link_for(db, token, house.clock)
            device = await use_link(db, token, request.headers.get("user-agent", ""), house.clock)
            await sign_out(db, identity(request).device_id, house.clock)
    except LinkSpent:
        return _spent(request)
    answer = see_other(local_path(link.next))
    answer.headers.update(_SECRET)
    house.cookies.write(answer, COOKIE, device.id, COOKIE_SECONDS)
    return answer


def _spent(request: Request) -> Response:
    page = render(request, "people/link_spent.html", status=LinkSpent.status)
    page.headers.update(_SECRET)
    return page


async def leave(request: Request) -> Response:
    """Signs this browser out."""
    house = services(request)
    async with house.db.writer() as db:
        await sign_out(db, identity(request).device_id, house.clock)
    answer = see_other("/")
    house.cookies.drop(answer, COOKIE)
    return answer


async def choose_language(request: Request) -> Response:
    """Keeps the language, with the browser and with the person."""
    form = await submitted(request, LanguageForm)
    language, house = form.language.data or "", services(request)
    if language not in i18n.LANGUAGES:
        raise Invalid(errors={"language": _("We do not have that language.")})
    person = identity(request).person
    if person is not None:
        async with house.db.writer() as db:
            await db.execute(update(Person).where(Person.id == person.id).values(language=language))
    answer = see_other(local_path(form.next.data or "/"))
    secure = house.base_url(request).startswith("https:")
    answer.set_cookie(i18n.COOKIE, language, max_age=_LANGUAGE_SECONDS, secure=secure, httponly=True, samesite="lax")
    return answer


@dataclass(frozen=True)
class SummitPages:
    """The pages that belong to one summit."""

    find_summit: FindSummit

    async def enter(self, request: Request) -> Response:
        """In under a display name, or with the account one has."""
        summit, who, house = await self.find_summit(request), identity(request), services(request)
        form = await submitted(request, EnterForm)
        wanted = form.next.data or request.query_params.get("next", "")
        target = local_path(wanted, f"/{summit.slug}")
        if not summit.open_to_all:
            who.demand("participant", summit.id)
        if who.may("participant", summit.id):
            return see_other(target)
        name = who.person.name if who.person else ""
        if request.method in ("GET", "HEAD"):
            return render(request, "people/enter.html", summit=summit, errors={}, values={"name": name, "next": target})
        if who.person is not None:
            async with house.db.writer() as db:
                await grant(db, who.person, "participant", summit.id, house.clock)
            return see_other(target)
        await house.limiter.hit(house.settings.enter_limit, "enter", network_of(request))
        typed = form.name.data or ""
        try:
            async with house.db.writer() as db:
                device = await enter_as(db, typed, summit.id, request.headers.get("user-agent", ""), house.clock)
        except Invalid as invalid:
            values = {"name": typed[:200], "next": target}
            return render(request, "people/enter.html", status=422, summit=summit, errors=invalid.errors, values=values)
        answer = see_other(target)
        house.cookies.write(answer, COOKIE, device.id, COOKIE_SECONDS)
        return answer


def routes(find_summit: FindSummit) -> list[Route]:
    """All addresses of this room; `find_summit` finds the released summit of an address ``/{summit}/…``."""
    pages = SummitPages(find_summit)
    return [
        Route("/sign-in", ask_for_link, methods=["GET", "POST"], name="sign-in"),
        Route("/sign-in/code", type_code, methods=["POST"], name="sign-in-code"),
        Route("/sign-in/{token}", follow_link, methods=["GET"], name="sign-in-link"),
        Route("/sign-in/{token}", sign_in, methods=["POST"], name="sign-in-use"),
        Route("/sign-out", leave, methods=["POST"], name="sign-out"),
        Route("/language", choose_language, methods=["POST"], name="language"),
        Route("/{summit}/enter", pages.enter, methods=["GET", "POST"], name="enter"),
    ]
