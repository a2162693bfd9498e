"""Running the server: uvicorn with the settings that the live rooms need."""

import signal
import sys
from types import FrameType
from typing import Any, NoReturn

import uvicorn

from summit.settings import Settings

PING_SECONDS = 15.0
"""Between pings, and for the answer to one: a line that is dead without saying so is noticed within twice that."""
LARGEST_FRAME = 64 * 1024
"""Of a client, in bytes. What is larger ends the connection (RFC 6455 §7.4.1, 1009)."""
LAST_SECONDS = 10
"""How long requests may take to finish after the signal to stop."""


def serve(app: str, ws: str, settings: Settings, host: str, port: int, workers: int = 1) -> None:
    """Serves until a signal. `app` is a factory and `ws` a protocol class, both as ``module:name``."""
    # uvicorn raises the signal once more when it has stopped. A graceful stop is no failure: exit with 0.
    signal.signal(signal.SIGTERM, _exit)
    uvicorn.run(app, workers=workers, **options(ws, settings, host, port))


def options(ws: Any, settings: Settings, host: str, port: int) -> dict[str, Any]:
    """What uvicorn is told, whatever starts it."""
    return {
        "factory": True,
        "host": host,
        "port": port,
        "ws": ws,
        # uvicorn's own costs 40 to 120 KiB a connection and twice the time; `FrameProtocol` compresses once for all.
        "ws_per_message_deflate": False,
        "ws_max_size": LARGEST_FRAME,
        "ws_ping_interval": PING_SECONDS,
        "ws_ping_timeout": PING_SECONDS,
        "http": "httptools",
        "lifespan": "on",
        "access_log": False,
        "log_config": None,
        "server_header": False,
        "proxy_headers": True,
        "forwarded_allow_ips": settings.forwarded_allow_ips,
        "timeout_graceful_shutdown": LAST_SECONDS,
    }


def _exit(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
