"""Structured logs: one event a line, without secrets and without what people wrote."""

import json
import logging
import random
import re
import sys
import time
from datetime import UTC, datetime
from functools import partial

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

log = structlog.get_logger()
_encoded = json.JSONEncoder().encode

# Whoever reads a log must not be able to sign in with it, or to read somebody's agenda.
_SECRET_PATHS = re.compile(r"(/sign-in/|/register/|/invitations/|/agenda/|/unsubscribe/|/answers/|[?&]key=)[^/?&\s]+")


def set_up(form: str, level: str) -> None:
    """Sends all logs, those of libraries too, to standard error: ``json`` for machines, ``text`` for people."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        # Plain tracebacks: the pretty ones print local values, and so what people wrote.
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if form == "json":
        last.append(structlog.processors.format_exc_info)  # type: ignore[arg-type]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[*last, renderer], foreign_pre_chain=shared))
    handler.addFilter(_is_worth_a_line)
    handler.addFilter(_strike_out_secrets)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("aiosqlite", "alembic", "asyncio"):
        logging.getLogger(noisy).setLevel("WARNING")


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """A refused WebSocket handshake is no error of ours, though uvicorn's sans-I/O protocol says so."""
    return "ASGI callable returned without completing handshake" not in record.getMessage()


def _strike_out_secrets(record: logging.LogRecord) -> bool:
    """uvicorn names the whole address of a WebSocket, with the key of a wall in it."""
    if record.name.startswith("uvicorn"):
        record.msg, record.args = without_secrets(record.getMessage()), None
    return True


class RequestLog:
    """One line a request: method, path without secrets, status, milliseconds and an id that the answer carries.

    `form` and `level` are those of `set_up`.
    """

    def __init__(self, app: ASGIApp, form: str, level: str) -> None:
        self.app = app
        self._is_logged = logging.getLevelNamesMapping()[level.upper()] <= logging.INFO
        self._log = _json_line if form == "json" else partial(log.info, "request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/static/") or scope["path"] in ("/healthz", "/readyz"):
            await self.app(scope, receive, send)
            return
        # It tells requests apart and is no secret: chance from the system would cost more than all the rest here.
        request_id, began, status = f"{random.getrandbits(48):012x}", time.perf_counter(), 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        bound = bind_contextvars(request=request_id)
        try:
            await self.app(scope, receive, watch)
        finally:
            if self._is_logged:
                took = round((time.perf_counter() - began) * 1000, 1)
                path = without_secrets(scope["path"])
                self._log(method=scope["method"], path=path, status=status, ms=took, request=request_id)
            reset_contextvars(**bound)


def _json_line(**event: object) -> None:
    """What the common way writes, in a tenth of its time: there are more of these than of all other lines."""
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    # In one piece, as other processes write there, too.
    sys.stderr.write(_encoded({**event, "event": "request", "level": "info", "timestamp": now}) + "\n")


def without_secrets(path: str) -> str:
    """The path with tokens struck out."""
    return _SECRET_PATHS.sub(r"\1…", path)
