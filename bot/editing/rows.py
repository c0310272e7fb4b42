"""Values of an entry's fields <-> what is typed for them: lines, and cells parted by bars.

A list is one item a line. What has several fields is a line of cells, ``role.sales | how``; one
that holds a list of such is a heading, ``# name | caller``, and its items below it.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from typing import Any

from knowledge.engine import shape
from knowledge.engine.asking import Example
from knowledge.engine.shape import FieldShape

BAR = re.compile(r"(?<!\\)\|")
HEAD = "#"
YES = "yes"


def columns(cls: type, prose_only: bool) -> list[FieldShape]:
    """The fields of one line; a translation repeats only what is said otherwise in it."""
    kept = [f for f in shape.fields_of(cls) if not prose_only or shape.has_prose(f.hint)]
    return [field for field in kept if item_type(field.hint) is None]


def item_type(hint: Any) -> type | None:
    """What a list of things with fields holds; None for any other field."""
    plain, _ = shape.unwrap(hint)
    if typing.get_origin(plain) is tuple and dataclasses.is_dataclass(shape.inner(plain)):
        return typing.cast(type, shape.inner(plain))
    return None


def form_value(hint: Any, value: Any, prose_only: bool = False) -> str:
    """What stands in the form for a value as a file has it."""
    plain, _ = shape.unwrap(hint)
    if value is None:
        return ""
    if typing.get_origin(plain) is not tuple:
        return str(value)
    if not isinstance(value, list):
        return str(value)
    cls = item_type(hint)
    if cls is None:
        return "\n".join(_one_line(item) for item in value)
    return "\n".join(line for item in value for line in _item_lines(cls, item, prose_only))


def _item_lines(cls: type, item: Any, prose_only: bool) -> Iterator[str]:
    if not isinstance(item, dict):
        yield _escape(_one_line(item))
        return
    told = [_cell(item.get(field.key)) for field in columns(cls, prose_only)]
    while told and not told[-1]:
        told.pop()
    below = below_of(cls)
    yield f"{HEAD} {' | '.join(told)}" if below else " | ".join(told)
    if below:
        inner = typing.cast(type, item_type(below.hint))
        for one in item.get(below.key) or ():
            yield from _item_lines(inner, one, prose_only)


def below_of(cls: type) -> FieldShape | None:
    """The field of a heading that holds the lines below it."""
    return next((f for f in shape.fields_of(cls) if item_type(f.hint) is not None), None)


def _cell(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return YES
    if isinstance(value, list):
        return " | ".join(_escape(_one_line(item)) for item in value)
    return _escape(_one_line(value))


def _one_line(value: Any) -> str:
    return " ".join(str(value).split())


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def read(hint: Any, text: str, prose_only: bool = False) -> Any:
    """The value that *text* stands for, as a file has it; None for nothing."""
    plain, _ = shape.unwrap(hint)
    text = text.replace("\r\n", "\n").strip()
    if not text:
        return None
    if plain is int:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else text
    if typing.get_origin(plain) is not tuple:
        return text
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    cls = item_type(hint)
    if cls is None:
        return lines
    return _items(cls, lines, prose_only)


def _items(cls: type, lines: list[str], prose_only: bool) -> list[Any]:
    below = below_of(cls)
    if below is None:
        return [_item(cls, line, prose_only) for line in lines]
    inner = typing.cast(type, item_type(below.hint))
    found: list[Any] = []
    for line in lines:
        if line.startswith(HEAD) or not found:
            found.append(_item(cls, line.removeprefix(HEAD).strip(), prose_only) | {below.key: []})
        if not line.startswith(HEAD):
            found[-1][below.key].append(_item(inner, line, prose_only))
    return found


def _item(cls: type, line: str, prose_only: bool) -> Any:
    """A line as keys and values; an example without a section is its question alone."""
    cells = [cell.strip().replace("\\|", "|") for cell in BAR.split(line)]
    if cls is Example and len(list(filter(None, cells))) == 1:
        return cells[0]
    told: dict[str, Any] = {}
    fields = columns(cls, prose_only)
    for i, field in enumerate(fields):
        plain, _ = shape.unwrap(field.hint)
        if typing.get_origin(plain) is tuple:
            after = len(fields) - i - 1  # a list takes all cells but those of the fields behind it
            taken = cells[: len(cells) - after] if after else cells
            cells = cells[len(taken) :]
            if kept := [cell for cell in taken if cell]:
                told[field.key] = kept
            continue
        cell = cells.pop(0) if cells else ""
        if plain is bool:
            if cell:
                told[field.key] = cell.lower() in (YES, "true", "1")
        elif cell:
            told[field.key] = cell
    if cells and told:
        told[fields[-1].key] = " | ".join([str(told.get(fields[-1].key, "")), *cells]).strip(" |")
    return told
