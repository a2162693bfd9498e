"""Opening a connection to a room's socket, by the description of the protocol alone."""

from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

SUBPROTOCOL = "summit.v1"


async def dial(
    address: str,
    *,
    cookie: str = "",
    after: int | str | None = None,
    as_participant: bool = False,
    language: str = "en",
    origin: str | None = None,
    subprotocols: tuple[str, ...] = (SUBPROTOCOL,),
    **options: Any,
) -> ClientConnection:
    """One connection, which goes on behind the event `after`. `cookie` is a Cookie header.

    Takes the `options` of `websockets.connect`, and raises what that does.
    """
    query = {"after": after} if after is not None else {}
    query |= {"as": "participant"} if as_participant else {}
    headers = {"Accept-Language": language} | ({"Cookie": cookie} if cookie else {})
    # A snapshot may be large, and the server compresses nothing.
    return await connect(
        f"{address}?{urlencode(query)}" if query else address,
        additional_headers=headers,
        origin=Origin(origin) if origin else None,
        subprotocols=[Subprotocol(name) for name in subprotocols] or None,
        **{"compression": None, "max_size": None, **options},
    )
