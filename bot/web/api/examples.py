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


def put_in(document: dict[str, Any]) -> None:
    """Put the examples where an OpenAPI document has them."""
    for methods in document["paths"].values():
        for call in methods.values():
            told = all_of_them()[call["operationId"]]
            if "request" in told:
                call["requestBody"]["content"]["application/json"]["example"] = told["request"]
            status = next(status for status in call["responses"] if status < "300")
            answer = call["responses"][status]["content"]["application/json"]
            answer["example"] = told["response"]
