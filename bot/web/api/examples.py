"""An example of every call and its answer, from examples.json."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("examples.json")


@cache
def all_of_them() -> dict[str, dict[str, Any]]:
    """Call -> ``request``, if it takes a body, and ``response``, shortened."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def of(call: str, status: int = 200) -> dict[str, Any]:
    """The examples of a call, where an OpenAPI document has them."""
    told = all_of_them()[call]
    extra: dict[str, Any] = {
        "operationId": call,
        "responses": {str(status): {"content": _content(told["response"])}},
    }
    if "request" in told:
        extra["requestBody"] = {"content": _content(told["request"]), "required": True}
    return extra


def _content(example: Any) -> dict[str, Any]:
    return {"application/json": {"example": example}}
