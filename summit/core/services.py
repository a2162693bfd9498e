"""What a running process stands on, handed to every handler."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from jinja2 import Environment
from starlette.requests import HTTPConnection

from summit.core.assets import Assets
from summit.core.clock import Clock
from summit.core.commits import Commits
from summit.core.db import Database
from summit.core.limits import Limiter
from summit.core.security import Cookies
from summit.settings import Settings

log = structlog.get_logger()

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
ContextSource = Callable[[HTTPConnection], dict[str, Any]]


@dataclass(frozen=True)
class Services:
    """The ground under all rooms. `context_sources` add to what every page's template knows."""

    settings: Settings
    db: Database
    commits: Commits
    clock: Clock
    cookies: Cookies
    limiter: Limiter
    assets: Assets
    templates: Environment
    context_sources: tuple[ContextSource, ...] = ()

    def base_url(self, connection: HTTPConnection) -> str:
        """The public address of this site, without a slash at its end."""
        return self.settings.base_url or f"{_web_scheme(connection)}://{connection.url.netloc}"

    def mail_base_url(self, connection: HTTPConnection) -> str:
        """As `base_url`, for links that let their reader in.

        A request can name any host it likes, and whoever runs that host would get the link: so only the operator's
        settings and this machine's own addresses count.
        """
        if self.settings.base_url or self._names_hosts or connection.url.hostname in _LOOPBACK:
            return self.base_url(connection)
        host, port = connection.scope["server"]
        log.warning("SUMMIT_BASE_URL is not set: links in mail lead to this server's own address")
        return f"{_web_scheme(connection)}://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def _names_hosts(self) -> bool:
        """Whether the operator said which hosts are answered, so that no other gets here."""
        return "*" not in self.settings.allowed_hosts


def services(connection: HTTPConnection) -> Services:
    """The services of the process that answers this request."""
    found = connection.state.services
    assert isinstance(found, Services)
    return found


def _web_scheme(connection: HTTPConnection) -> str:
    return {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
