"""The application: gathers the rooms' routes, middleware and lifespan. The only file that knows all rooms."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, TypedDict

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from summit.calendar import draft_pages, subscribe_pages
from summit.calendar import pages as calendar_pages
from summit.core.assets import Assets, our_assets
from summit.core.clock import Clock, system_clock
from summit.core.commits import Commits
from summit.core.db import Database
from summit.core.errors import Refused
from summit.core.limits import BodyLimit, Limiter
from summit.core.logs import RequestLog, set_up
from summit.core.mail.delivery import Delivery
from summit.core.metrics import Measure, Metrics
from summit.core.repeating import Repeating
from summit.core.secrets import signing_key
from summit.core.security import Cookies, CrossSiteGuard, PlainPaths, SecurityHeaders
from summit.core.services import Services, services
from summit.core.web import environment, on_crash, on_http_exception, on_refused
from summit.help import pages as help_pages
from summit.live import after_pages as live_after_pages
from summit.live import answer_pages as live_answer_pages
from summit.live import description as live_description
from summit.live import desk as live_desk
from summit.live import desk_forms as live_desk_forms
from summit.live import export_pages as live_export_pages
from summit.live import organise as live_organise
from summit.live import overview as live_overview
from summit.live import pages as live_pages
from summit.live import poll_pages as live_poll_pages
from summit.live import screen as live_screen
from summit.live.attending import noting_attendance
from summit.live.broker import BrokerAway, broker_at
from summit.live.clockwork import following_the_clock
from summit.live.counting import COUNTERS
from summit.live.door import watching_the_door
from summit.live.erasing import erase_from_rooms, tell_rooms
from summit.live.live import Live
from summit.live.page_parts import AtTheDoor, to_entrance
from summit.live.personal import known_of
from summit.live.poll_news import telling_words
from summit.live.published_answers import questions_and_answers
from summit.people import audit_pages, device_pages, invitation_pages, oidc_pages, team_pages, token_pages
from summit.people import pages as people_pages
from summit.people.founding import may_found
from summit.people.identity import COOKIE, Identify, identity
from summit.people.models import Role
from summit.programme import look_pages, media_pages, news_pages
from summit.programme import pages as programme_pages
from summit.programme.api import routes as api_routes
from summit.programme.context import page_context, summit_shown
from summit.programme.naming import NAMES
from summit.programme.organise import (
    exchange_pages,
    new_pages,
    overview_pages,
    release_pages,
    schedule_pages,
    summit_pages,
    theme_pages,
    type_pages,
)
from summit.programme.organise import session_fate as organise_session_fate
from summit.programme.organise import session_moderators as organise_session_moderators
from summit.programme.organise import session_pages as organise_sessions
from summit.programme.organise import speaker_fate as organise_speaker_fate
from summit.programme.organise import speaker_pages as organise_speakers
from summit.programme.organise import stage_pages as organise_stage_pages
from summit.programme.organising import find_organised
from summit.programme.published import Published, find_summit
from summit.registration import routes as registration_routes
from summit.registration.booking_pages import seats_of_session
from summit.registration.bookings import fill_workshops
from summit.registration.change_mail import tell_agendas
from summit.registration.clashes import clashes_of_session
from summit.registration.clockwork import working
from summit.registration.erasing import Eraser
from summit.registration.front_action import register_action
from summit.registration.invitation_marks import mark_invited
from summit.registration.remembering import RememberAgenda, agenda_context
from summit.registration.retention import keeping_time
from summit.registration.visiting import ComeIn, come_in
from summit.settings import Settings


class State(TypedDict):
    """What the lifespan hands to every request as `request.state`."""

    services: Services
    live: Live
    eraser: Eraser


Refusals = dict[Any, Callable[..., Any]]


def lasting_app(settings: Settings | None = None) -> Starlette:
    """As `create_app`, for a process that serves it until its end.

    All that is there when it has started stays: looking through it for garbage again and again would halt everybody for
    tenths of a second.
    """
    return create_app(settings, for_good=True)


GARBAGE = (10_000, 20, 20)
"""How many objects are made, net, before Python looks for cycles, and then among older ones (`gc.set_threshold`).

Thousands come and go with a group of votes; to look among them after each 700 is a tenth of the work.
"""


def create_app(settings: Settings | None = None, *, clock: Clock = system_clock, for_good: bool = False) -> Starlette:
    """The whole program as an ASGI application. It migrates nothing: `summit serve` does, before it starts."""
    settings = settings or Settings()
    metrics, assets = Metrics(), our_assets()
    refusals: Refusals = {
        AtTheDoor: to_entrance,
        ComeIn: come_in,
        Refused: on_refused,
        HTTPException: on_http_exception,
        Exception: on_crash,
    }
    app = Starlette(
        routes=[
            *assets.routes(),
            Route("/healthz", _alive),
            Route("/readyz", _ready),
            Route("/metrics", metrics.page),
            *_routes_of_people(settings),
            *api_routes.routes(),
            *_routes_of_rooms(),
            *_routes_of_programme(),
        ],
        middleware=_middleware(settings, metrics, refusals),
        exception_handlers=refusals,
        lifespan=_lifespan(settings, assets, metrics, clock, for_good=for_good),
    )
    # Its redirects are absolute, by the Host header; `on_http_exception` has relative ones.
    app.router.redirect_slashes = False
    return app


def _routes_of_people(settings: Settings) -> list[BaseRoute]:
    return [
        *oidc_pages.routes(settings),
        *people_pages.routes(find_summit),
        *audit_pages.routes(find_organised, NAMES),
        *team_pages.routes(find_organised, NAMES),
        *invitation_pages.routes(NAMES),
        *token_pages.routes(find_organised),
        *device_pages.routes(),
        *help_pages.routes(),
    ]


def _routes_of_rooms() -> list[BaseRoute]:
    return [
        *live_pages.routes(),
        *live_desk.routes(),
        *live_desk_forms.routes(),
        *live_overview.routes(),
        *live_description.routes(),
        *live_poll_pages.routes(),
        *live_screen.routes(),
        *live_export_pages.routes(),
        *live_after_pages.routes(),
        *live_answer_pages.routes(),
        *live_organise.routes(),
    ]


def _routes_of_programme() -> list[BaseRoute]:
    """Programme, calendars and registration; the programme's own come last, as ``{code}`` takes whatever is left."""
    return [
        *calendar_pages.routes(),
        *subscribe_pages.routes(),
        *draft_pages.routes(),
        *release_pages.routes([tell_agendas, fill_workshops, mark_invited]),
        *news_pages.routes(),
        *registration_routes.routes([known_of]),
        *exchange_pages.routes(),
        *schedule_pages.routes(),
        *media_pages.routes(),
        *organise_sessions.routes(),
        *organise_session_fate.routes(),
        *organise_session_moderators.routes(),
        *organise_speakers.routes(),
        *organise_speaker_fate.routes(),
        *look_pages.routes(),
        *new_pages.routes(),
        *overview_pages.routes(),
        *organise_stage_pages.routes(),
        *summit_pages.routes(),
        *theme_pages.routes(),
        *type_pages.routes(),
        *programme_pages.routes(seats_of_session, clashes_of_session, questions_and_answers, on_front=register_action),
    ]


def _middleware(settings: Settings, metrics: Metrics, refusals: Refusals) -> list[Middleware]:
    """From the outermost to the innermost."""
    return [
        Middleware(RequestLog, form=settings.log_format, level=settings.log_level),
        Middleware(Measure, metrics=metrics),
        Middleware(Repeating, cookie=COOKIE),
        Middleware(SecurityHeaders),
        Middleware(TrustedHostMiddleware, allowed_hosts=_names(settings.allowed_hosts)),
        Middleware(GZipMiddleware, minimum_size=800),
        # Outermost for what breaks while finding out who asks; the headers of security stay around it.
        Middleware(ExceptionMiddleware, handlers=refusals),
        Middleware(Identify),
        Middleware(RememberAgenda),
        # Here as well as innermost, so that what middleware refuses becomes a page, too, in the reader's language.
        Middleware(ExceptionMiddleware, handlers=refusals),
        Middleware(PlainPaths),
        Middleware(CrossSiteGuard, base_url=settings.base_url),
        Middleware(BodyLimit, largest=settings.max_body_bytes, largest_upload=settings.max_upload_bytes),
    ]


Lifespan = Callable[[Starlette], AbstractAsyncContextManager[State]]


def _lifespan(settings: Settings, assets: Assets, metrics: Metrics, clock: Clock, *, for_good: bool) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[State]:
        set_up(settings.log_format, settings.log_level)
        db, commits = Database(settings.database_url), Commits(settings.database_url)
        limiter = Limiter(settings.broker_url)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(db.close)
            stack.callback(commits.close)
            house = Services(
                settings=settings,
                db=db,
                commits=commits,
                clock=clock,
                cookies=Cookies(
                    await signing_key(db, settings.secret_key), secure=settings.base_url.startswith("https:")
                ),
                limiter=limiter,
                assets=assets,
                templates=environment(),
                context_sources=(_who_asks, page_context, agenda_context),
            )
            delivery = Delivery(db, clock, settings.smtp_url, settings.mail_from, settings.mail_reply_to)
            await stack.enter_async_context(delivery.running())
            live = Live(db, clock, settings, limiter, broker_at(settings.broker_url), COUNTERS)
            metrics.sockets.set_function(lambda: len(live.hub.listeners))
            await stack.enter_async_context(live.running())
            await stack.enter_async_context(following_the_clock(live))
            await stack.enter_async_context(watching_the_door(live))
            await stack.enter_async_context(noting_attendance(live))
            await stack.enter_async_context(telling_words(live))
            await stack.enter_async_context(working(house))
            eraser = Eraser([erase_from_rooms], [partial(tell_rooms, live)])
            await stack.enter_async_context(keeping_time(db, clock, eraser))
            if for_good:
                gc.collect()
                gc.freeze()
                gc.set_threshold(*GARBAGE)
            yield State(services=house, live=live, eraser=eraser)

    return lifespan


def _who_asks(connection: HTTPConnection) -> dict[str, Any]:
    """What every page knows of its reader."""
    who = identity(connection)
    summit = summit_shown(connection)

    def may(role: Role, code: str = "") -> bool:
        """In all of the summit, or in the session with that code."""
        session_id = summit.ids.get(code, "") if isinstance(summit, Published) else ""
        return summit is not None and who.may(role, summit.id, session_id)

    moderates_any = summit is not None and who.moderates_any(summit.id)
    return {"person": who.person, "may": may, "moderates_any": moderates_any, "may_found": may_found(who)}


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "alive"})


async def _ready(request: Request) -> Response:
    """Whether the database and the broker answer, each within two seconds."""
    state: dict[str, str] = {}
    for name, ask in (("database", _ask_database), ("broker", _ask_broker)):
        try:
            async with asyncio.timeout(2):
                await ask(request)
            state[name] = "ok"
        except (SQLAlchemyError, OSError, TimeoutError, BrokerAway) as error:
            state[name] = type(error).__name__
    return JSONResponse(state, 200 if set(state.values()) == {"ok"} else 503)


async def _ask_database(request: Request) -> None:
    async with services(request).db.reader() as db:
        await db.execute(text("SELECT 1"))


async def _ask_broker(request: Request) -> None:
    await request.state.live.broker.ping()


def _names(setting: str) -> list[str]:
    return [name.strip() for name in setting.split(",") if name.strip()]
