"""The OpenAPI document, and a page that shows each call with its schema and example."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from bot.web.api import examples
from bot.web.api.guard import RIGHT
from bot.web.auth import require
from bot.web.render import page

DOCS = "/api/docs"
VERSION = "1"
"""Of the API; a change that breaks a caller raises it."""
SCHEMES = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "zhiwen_session"},
}
router = APIRouter(include_in_schema=False)


@router.get("/openapi.json")
def document(request: Request) -> Response:
    """The OpenAPI document."""
    require(request, "ask")
    return JSONResponse(describe_calls(request))


@router.get("/docs")
def show(request: Request) -> Response:
    """The page."""
    who = require(request, "ask")
    return page(request, who, "api.html", calls=list(_calls(describe_calls(request))))


def describe_calls(request: Request) -> dict[str, Any]:
    """The document of the running application, made when it is first asked for."""
    app = request.app
    if app.openapi_schema is None:
        made = get_openapi(title="Zhiwen", version=VERSION, routes=app.routes)
        made["components"]["securitySchemes"] = SCHEMES
        examples.put_in(made)
        made["security"] = [{name: []} for name in SCHEMES]
        app.openapi_schema = made
    found: dict[str, Any] = app.openapi_schema
    return found


def _calls(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in made["paths"].items():
        for method, call in methods.items():
            sent = call.get("requestBody", {}).get("content", {}).get("application/json", {})
            status, answer = next((s, a) for s, a in call["responses"].items() if s < "300")
            told = answer["content"]["application/json"]
            yield {
                "id": call["operationId"],
                "method": method.upper(),
                "path": path,
                "right": call[RIGHT],
                "parameters": [
                    {**one, "type": _type(one["schema"])} for one in call.get("parameters", ())
                ],
                "request": _pretty_json(sent.get("example")),
                "request_schema": _pretty_json(_resolve_refs(sent.get("schema"), made)),
                "status": status,
                "response": _pretty_json(told.get("example")),
                "response_schema": _pretty_json(_resolve_refs(told.get("schema"), made)),
            }


def _type(schema: dict[str, Any]) -> str:
    """The type of a parameter, or the values it takes."""
    parts = schema.get("anyOf", [schema])
    told = [" | ".join(part["enum"]) if "enum" in part else part["type"] for part in parts]
    return " | ".join(one for one in told if one != "null")


def _pretty_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) if value is not None else ""


def _resolve_refs(schema: Any, made: dict[str, Any]) -> Any:
    """The schema with everything it refers to in its place."""
    if isinstance(schema, list):
        return [_resolve_refs(part, made) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _resolve_refs(made["components"]["schemas"][name], made)
    return {key: _resolve_refs(value, made) for key, value in schema.items() if key != "title"}
