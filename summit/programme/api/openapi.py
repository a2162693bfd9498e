"""The API described for programs: an OpenAPI 3.1 document, made from the table of operations and their types."""

import re
from functools import cache
from http import HTTPStatus
from itertools import chain
from typing import Any

import msgspec

from summit.core.web import PROBLEM
from summit.programme.addresses import SLUG_LENGTH
from summit.programme.api.asking import JSON
from summit.programme.api.queries import CODE, SLUG
from summit.programme.api.resources import Problem
from summit.programme.api.table import OPERATIONS, Operation

_ABOUT = (
    "Reading what is released needs nothing, and pages of other sites may do it, too. With a token of an organiser "
    "(`Authorization: Bearer …`), `?draft=true` reads the draft, and sessions, speakers and stages can be written into "
    "it; releasing is for people. Lists come in pages with `Link` headers. What is released has an `ETag` and "
    "`Last-Modified`, and costs a 304 while nothing new is. The `ETag` of something in the draft begins with its "
    "revision: send it as `If-Match`, and nobody is overwritten unseen. Unknown fields and parameters are refused. "
    "Errors are problem details (RFC 9457), in the language that `Accept-Language` asks for."
)
_PATH = {
    "summit": {
        "description": "The slug of the summit.",
        "schema": {"type": "string", "pattern": SLUG, "minLength": 1, "maxLength": SLUG_LENGTH},
    },
    "stage": {
        "description": "The slug of the stage.",
        "schema": {"type": "string", "pattern": SLUG, "minLength": 1, "maxLength": 100},
    },
    "code": {"description": "The code of the session or speaker.", "schema": {"type": "string", "pattern": CODE}},
}
_TAG = {"schema": {"type": "string"}}
_REF = "#/components/schemas/{name}"


@cache
def description(version: str) -> bytes:
    """The document as JSON."""
    kinds = [
        kind
        for one in OPERATIONS
        for kind in (*chain.from_iterable(one.answers.values()), one.body, one.query)
        if kind is not None
    ]
    found, schemas = msgspec.json.schema_components([*kinds, Problem], ref_template=_REF)
    schema_of = dict(zip(map(str, kinds), found[:-1], strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        query = _dereferenced(schema_of[str(one.query)], schemas)
        paths.setdefault(one.path, {})[one.method] = _operation(one, schema_of, query)
    for one in OPERATIONS:
        schemas.pop(one.query.__name__, None)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Summit", "version": version, "description": _ABOUT, "license": _LICENCE},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Organisers make tokens on their page “Programs”: with programme:read for the "
                    "draft, and programme:write to change it.",
                }
            },
        },
    }
    return msgspec.json.encode(document)


_LICENCE = {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"}


def _operation(one: Operation, schema_of: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_path_parameters(one), *_query_parameters(query), *_conditions(one)],
        "responses": _answers(one, schema_of),
    }
    if one.about:
        described["description"] = one.about
    if one.scope:
        described["security"] = [{"token": []}]
        described["x-scope"] = one.scope
    elif one.has_draft:
        described["security"] = [{}, {"token": []}]
    if one.kinds:
        content = {"schema": schema_of[str(one.body)]} if one.body else {}
        described["requestBody"] = {"required": True, "content": dict.fromkeys(one.kinds, content)}
    return described


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", one.path)
    return [{"name": name, "in": "path", "required": True, **_PATH[name]} for name in names]


def _query_parameters(query: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for name, schema in query.get("properties", {}).items():
        rest = dict(schema)
        # Not to be given is the only way to say nothing in an address.
        wanted = [choice for choice in rest.pop("anyOf", []) if choice != {"type": "null"}]
        rest |= wanted[0] if wanted else {}
        if rest.get("default", "") in ("", None):
            rest.pop("default", None)
        if "enum" in rest:
            rest["enum"] = [choice for choice in rest["enum"] if choice is not None]
            rest.setdefault("type", "string")
        words = rest.pop("description", "")
        found.append({"name": name, "in": "query", "required": False, "description": words, "schema": rest})
    return found


def _conditions(one: Operation) -> list[dict[str, Any]]:
    if one.method == "get":
        return [_header("If-None-Match", "The ETag of what the client has.")] if one.path.count("/") > 2 else []
    if one.method == "post":
        return []
    return [_header("If-Match", "The ETag of what the client has seen; anything else is refused with 412.")]


def _header(name: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": words, "schema": {"type": "string"}}


def _answers(one: Operation, schema_of: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, kinds in one.answers.items():
        found[str(status)] = {"description": HTTPStatus(status).phrase, "headers": _headers(one, status)}
        schemas = [schema_of[str(kind)] for kind in kinds]
        if schemas:
            schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
            found[str(status)]["content"] = {JSON: {"schema": schema}}
    if one.links and "201" in found:
        found["201"]["links"] = {
            name: {
                "operationId": target,
                "parameters": {"summit": "$request.path.summit", "code": "$response.body#/code"},
            }
            for name, target in one.links.items()
        }
    if one.method == "get" and one.path.count("/") > 2:
        found["304"] = {"description": "The client has it."}
    for status in _refusals(one):
        found[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {PROBLEM: {"schema": {"$ref": _REF.format(name="Problem")}}},
        }
        if status == 401:
            found["401"]["headers"] = {"WWW-Authenticate": _TAG}
        if status == 429:
            found["429"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return found


def _headers(one: Operation, status: int) -> dict[str, Any]:
    names = []
    if status == 201:
        names.append("Location")
    if status != 204 and one.path.count("/") > 2 and not (one.method == "get" and one.is_list):
        names.append("ETag")
    if one.is_list:
        names.append("Link")
    return dict.fromkeys(names, _TAG)


def _refusals(one: Operation) -> list[int]:
    found = {401, 422, 429}
    if "{" in one.path:
        found |= {404}
    if one.has_draft or one.scope:
        found |= {403}
    if one.kinds:
        found |= {400, 413, 415}
    if one.method in ("patch", "put", "delete"):
        found |= {412}
    return sorted(found)


def _dereferenced(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found
