"""What is wrong with an input, in the person's language: the first problem and its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.texts import has, say

ALIKE = {
    "string_type": "text",
    "string_unicode": "text",
    "bool_parsing": "bool",
    "bool_type": "bool",
    "int_parsing": "int",
    "int_type": "int",
    "int_from_float": "int",
    "list_type": "list",
    "tuple_type": "list",
    "literal_error": "choice",
    "enum": "choice",
    "json_invalid": "json",
    "model_attributes_type": "object",
    "model_type": "object",
    "dict_type": "object",
    "extra_forbidden": "unknown",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_type": "date",
    "string_pattern_mismatch": "form",
    "string_too_long": "long",
    "string_too_short": "short",
    "too_long": "many",
    "too_short": "few",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
}  # fmt: skip
"""Pydantic's kind of error -> our sentence ``invalid.<kind>``."""


def reason(language: str, errors: Sequence[Mapping[str, Any]]) -> str:
    """A sentence on the first of pydantic's *errors*; nothing for none."""
    if not errors:
        return ""
    first = errors[0]
    kind = str(first.get("type", ""))
    key = f"invalid.{ALIKE.get(kind, kind)}"
    context = first.get("ctx") or {}
    values = {
        "most": context.get("max_length", context.get("le", "")),
        "least": context.get("min_length", context.get("ge", "")),
        "expected": context.get("expected", ""),
    }
    told = say(language, key if has(language, key) else "invalid.other", **values)
    place = ".".join(str(part) for part in first.get("loc", ())[1:] if kind != "json_invalid")
    return say(language, "pair.line", left=place, right=told) if place else told
