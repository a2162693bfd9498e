"""Tells every request who asks, by the signed cookie of a device; not where a token comes along, which stands alone."""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from summit.core import i18n
from summit.core.security import is_for_programs
from summit.core.services import services
from summit.people.roles import Identity, identify

COOKIE = "summit_device"
COOKIE_SECONDS = 30 * 24 * 3600
_OPEN = ("/static/", "/healthz", "/readyz", "/metrics")


class Identify:
    """Puts the `Identity` into the request's state and sets the language of the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        if scope["path"].startswith(_OPEN):
            with i18n.speaking(i18n.language_of(connection)):
                await self.app(scope, receive, send)
            return
        house = services(connection)
        # The guard against other sites lets these pass unseen: a cookie beside a token would be theirs to use.
        is_program = is_for_programs(connection.headers, scope["path"])
        device_id = None if is_program else house.cookies.read(connection, COOKIE, COOKIE_SECONDS)
        who = await identify(house.db, device_id) if device_id else Identity()
        scope["state"]["identity"] = who
        language = _language(connection, who)
        # An open window stays here for hours: it is to hold nothing of its handshake.
        del connection, device_id, who
        with i18n.speaking(language):
            await self.app(scope, receive, send)


def _language(connection: HTTPConnection, who: Identity) -> str:
    """What was chosen on this browser, else what the person chose on another, else what the browser asks for."""
    if who.person is not None and who.person.language and i18n.COOKIE not in connection.cookies:
        return who.person.language
    return i18n.language_of(connection)


def identity(connection: HTTPConnection) -> Identity:
    """Who asks."""
    found = getattr(connection.state, "identity", None)
    return found if isinstance(found, Identity) else Identity()
