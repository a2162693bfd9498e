"""What a running process stands on, handed to every handler."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment
from starlette.requests import HTTPConnection

from summit.core.assets import Assets
from summit.core.clock import Clock
from summit.core.db import Database
from summit.core.limits import Limiter
from summit.core.security import Cookies
from summit.settings import Settings

ContextSource = Callable[[HTTPConnection], dict[str, Any]]


@dataclass(frozen=True)
class Services:
    """The ground under all rooms. `context_sources` add to what every page's template knows."""

    settings: Settings
    db: Database
    clock: Clock
    cookies: Cookies
    limiter: Limiter
    assets: Assets
    templates: Environment
    context_sources: tuple[ContextSource, ...] = ()

    def base_url(self, connection: HTTPConnection) -> str:
        """The public address of this site, without a slash at its end."""
        return self.settings.base_url or f"{_web_scheme(connection)}://{connection.url.netloc}"


def services(connection: HTTPConnection) -> Services:
    """The services of the process that answers this request."""
    found = connection.state.services
    assert isinstance(found, Services)
    return found


def _web_scheme(connection: HTTPConnection) -> str:
    return {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
