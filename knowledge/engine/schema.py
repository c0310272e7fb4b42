"""JSON Schemas of the entry kinds, made from the model, so that editors complete YAML."""

from __future__ import annotations

import dataclasses
import json
import typing
from pathlib import Path
from typing import Any, Literal

from knowledge.engine import shape
from knowledge.engine.asking import Example
from knowledge.engine.marks import Link, Structure
from knowledge.engine.model import KINDS


def schema(cls: type, title: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one kind of entry."""
    top = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return {**top, **_object(cls)}


def write(folder: Path) -> list[Path]:
    """Write ``<kind>.schema.json`` for every kind into *folder*. Returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind, (cls, _) in KINDS.items():
        path = folder / f"{kind}.schema.json"
        path.write_text(json.dumps(schema(cls, kind), indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return paths


def _object(cls: type) -> dict[str, Any]:
    fields = shape.fields_of(cls)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.key for field in fields if field.required],
        "properties": {field.key: _schema_of(field.hint) for field in fields},
    }


def _schema_of(hint: Any) -> dict[str, Any]:
    plain, marks = shape.unwrap(hint)
    if typing.get_origin(plain) is tuple:
        return {"type": "array", "items": _schema_of(typing.get_args(plain)[0])}
    if typing.get_origin(plain) is Literal:
        return {"enum": list(typing.get_args(plain))}
    if plain is Example:
        return {"anyOf": [{"type": "string"}, _object(Example)]}
    if dataclasses.is_dataclass(plain):
        return _object(typing.cast(type, plain))
    if plain is not str:
        return {"type": "boolean" if plain is bool else "integer"}
    result: dict[str, Any] = {"type": "string", "minLength": 1}
    for mark in marks:
        if isinstance(mark, Structure):
            result |= {"pattern": f"^{mark.pattern}$", "description": mark.hint}
        elif isinstance(mark, Link):
            kinds = "|".join(mark.kinds) or "[a-z]+"
            result |= {"pattern": f"^({kinds})\\.[a-z0-9_]+$"}
    return result
