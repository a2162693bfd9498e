"""The live socket described for programs: an AsyncAPI 3.0 document, generated from the messages themselves."""

from functools import cache
from typing import Any, get_args

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from summit.live.protocol import SUBPROTOCOL, Incoming, Outgoing

_ADDRESS = "/{summit}/sessions/{code}/live/socket"
_RULES = (
    "What is acknowledged survives a crash. Events of one audience are numbered by `seq` without a gap: "
    "`?after=SEQ` goes on behind a number, or brings a snapshot. The same `ref` again gets the same answer and "
    "changes nothing. A vote counts once for a person and question. A reader who falls behind gets a snapshot, "
    "and is disconnected after 30 seconds without reading. Unknown fields and types are to be ignored. Close "
    "codes: 1008 too many control frames or fragments, 1012 the server restarts, 1013 too slow, 4401 signed out, "
    "4403 not allowed any more, 4429 the person has opened too many newer windows."
)


@cache
def description() -> bytes:
    """The document as JSON."""
    incoming, outgoing = get_args(Incoming), get_args(Outgoing)
    kinds, template = (*incoming, *outgoing), "#/components/schemas/{name}"
    schemas, components = msgspec.json.schema_components(kinds, ref_template=template)
    messages = {
        kind.__name__: {"name": str(kind.__struct_config__.tag), "title": kind.__name__, "payload": schema}
        for kind, schema in zip(kinds, schemas, strict=True)
    }
    document: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": {"title": "Summit, the live socket", "version": SUBPROTOCOL, "description": _RULES},
        "defaultContentType": "application/json",
        "channels": {
            "room": {
                "address": _ADDRESS,
                "description": f"JSON text frames, subprotocol {SUBPROTOCOL}.",
                "parameters": {
                    "summit": {"description": "The slug of the summit."},
                    "code": {"description": "The short code of the session."},
                },
                "bindings": {"ws": {"query": _query(), "bindingVersion": "0.1.0"}},
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            "say": _operation("receive", "What clients send; each gets an `ack` or an `error`.", incoming),
            "hear": _operation("send", "What the server sends.", outgoing),
        },
        "components": {
            "messages": messages,
            "schemas": components,
            "securitySchemes": {
                "cookie": {"type": "httpApiKey", "in": "cookie", "name": "summit_device", "description": "Signed in."}
            },
        },
    }
    return msgspec.json.encode(document)


def _query() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "after": {"type": "integer", "minimum": 0, "description": "Goes on behind this `seq`."},
            "as": {"const": "participant", "description": "A moderator listens as participants do."},
        },
    }


def _operation(action: str, summary: str, kinds: tuple[type, ...]) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/room"},
        "summary": summary,
        "security": [{"$ref": "#/components/securitySchemes/cookie"}],
        "messages": [{"$ref": f"#/channels/room/messages/{kind.__name__}"} for kind in kinds],
    }


async def asyncapi(_request: Request) -> Response:
    """`/api/v1/asyncapi.json`: the same until the next version of the program."""
    return Response(description(), media_type="application/json", headers={"cache-control": "public, max-age=300"})


def routes() -> list[Route]:
    """The address of the description."""
    return [Route("/api/v1/asyncapi.json", asyncapi, methods=["GET"], name="asyncapi")]
