"""Sets the keys of a YAML file as text: what does not change keeps its layout and its comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowledge.engine import source
from knowledge.engine.insert import scalar
from knowledge.engine.source import Document

WIDTH = 88
"""Characters of a line that a mapping in braces may fill; a longer one goes key by key."""


def rewrite(text: str, values: Mapping[str, Any], order: Sequence[str]) -> str:
    """*text* so that it says *values*; new keys stand where *order* has them.

    A file that cannot be read, or is laid out so that its keys cannot be told apart, is written
    anew.
    """
    document = source.parse(text.encode("utf-8"), "") if text.strip() else None
    if document is None or document.problems or not isinstance(document.value, dict):
        return dump(values, order)
    blocks = _blocks(text, document)
    if blocks is None:
        return dump(values, order)
    head, parts = blocks
    for key in list(parts):
        if key not in values:
            del parts[key]
        elif values[key] != document.value[key]:
            parts[key] = "".join(f"{line}\n" for line in _lines(key, values[key]))
    for key in values:
        if key not in parts:
            parts = _put(
                parts, key, "".join(f"{line}\n" for line in _lines(key, values[key])), order
            )
    new = head + "".join(parts.values())
    if source.parse(new.encode("utf-8"), "").value != dict(values):
        return dump(values, order)
    return new


def dump(values: Mapping[str, Any], order: Sequence[str]) -> str:
    """The values as a new file, its keys in that order."""
    keys = [key for key in order if key in values]
    return "".join(f"{line}\n" for key in keys for line in _lines(key, values[key]))


def _blocks(text: str, document: Document) -> tuple[str, dict[str, str]] | None:
    """What stands before the first key, and each key's lines; None where they cannot be cut."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    starts = [(document.lines[(key,)] - 1, key) for key in document.value]
    if starts != sorted(starts) or len({at for at, _ in starts}) != len(starts):
        return None
    if not all(re.match(rf"""["']?{re.escape(key)}["']?\s*:""", lines[at]) for at, key in starts):
        return None
    ends = [at for at, _ in starts[1:]] + [len(lines)]
    blocks = {key: "".join(lines[at:end]) for (at, key), end in zip(starts, ends, strict=True)}
    return "".join(lines[: starts[0][0]]) if starts else text, blocks


def _put(parts: dict[str, str], key: str, block: str, order: Sequence[str]) -> dict[str, str]:
    """*parts* with one more, after the last of those that go before it."""
    before = [k for k in parts if k in order and order.index(k) < order.index(key)]
    at = list(parts).index(before[-1]) + 1 if before else 0
    rows = list(parts.items())
    return dict([*rows[:at], (key, block), *rows[at:]])


def _lines(key: str, value: Any, pad: str = "") -> Iterator[str]:
    """A key and its value, line by line."""
    if isinstance(value, list) and value:
        yield f"{pad}{key}:"
        for item in value:
            yield from _item(item, f"{pad}  ")
    elif isinstance(value, str) and "\n" in value and (block := _block(value, pad)):
        yield f"{pad}{key}: |-"
        yield from block
    else:
        yield f"{pad}{key}: {_inline(value)}"


def _item(item: Any, pad: str) -> Iterator[str]:
    """An item of a list: on one line if it fits there."""
    if not isinstance(item, dict):
        yield f"{pad}- {_inline(item)}"
        return
    flat = _flow(item)
    if len(flat) <= WIDTH and not any(isinstance(value, list) for value in item.values()):
        yield f"{pad}- {flat}"
        return
    rows = [row for key, value in item.items() for row in _lines(key, value, f"{pad}  ")]
    yield f"{pad}- {rows[0][len(pad) + 2 :]}"
    yield from rows[1:]


def _block(text: str, pad: str) -> list[str]:
    """The lines of a text below each other, where that reads back the same; else nothing."""
    rows = [f"{pad}  {line}" if line else "" for line in text.split("\n")]
    told = "x: |-\n" + "".join(f"{row.removeprefix(pad)}\n" for row in rows) + "y: z\n"
    document = source.parse(told.encode("utf-8"), "")
    return rows if not document.problems and document.value == {"x": text, "y": "z"} else []


def _inline(value: Any) -> str:
    return scalar(value) if isinstance(value, str) else _flow(value)


def _flow(value: Any) -> str:
    """A value on one line, as it may stand in brackets."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(told)}' for key, told in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return scalar(value, in_brackets=True) if isinstance(value, str) else str(value)
