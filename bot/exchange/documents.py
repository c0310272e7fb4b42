"""Questions and answers in JSON and Markdown: lists of objects, tables, headings with a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.exchange import columns
from bot.exchange.columns import NOTHING, Line, Named, group_pairs
from bot.exchange.model import Found, Note, Pair
from bot.postings.cells import text_of
from bot.postings.encoding import display_name

MAX_DEPTH = 8
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
_ROW = re.compile(r"\s*\|(.*)\|\s*$")
_RULE = re.compile(r"[\s:|-]+$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_INTENT = re.compile(r"##\s+intent:\s*(\S+)\s*$")


def is_json(text: str) -> bool:
    """Whether *text* is one JSON value that holds objects."""
    if not text.lstrip().startswith(("[", "{")):
        return False
    try:
        return isinstance(json.loads(text), list | dict)
    except (ValueError, RecursionError):
        return False


def from_json(path: Path, text: str, named: Named = NOTHING) -> Found:
    """The pairs of the longest list of objects in a JSON document. Raises BadInput."""
    rows = max(_lists(json.loads(text)), key=len, default=[])
    names = list(dict.fromkeys(key for row in rows for key in row))
    lines: list[Line] = [(1, names)]
    lines += [(i, [cell_of(row.get(name)) for name in names]) for i, row in enumerate(rows, 1)]
    return columns.table(display_name(path), lines, named=named)


def _lists(value: Any, depth: int = 0) -> Iterator[list[dict[str, Any]]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        rows = [item for item in value if isinstance(item, dict)]
        if rows:
            yield rows
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inside:
        yield from _lists(item, depth + 1)


def cell_of(value: Any) -> str:
    """A value as a cell; of a list each on a line, of an object its text."""
    if isinstance(value, list):
        return "\n".join(cell_of(item) for item in value)
    if isinstance(value, dict):
        return cell_of(next((value[key] for key in ("text", "value", "q") if key in value), ""))
    return text_of(value)


def is_markdown(path: Path, text: str) -> bool:
    """Whether a file is to be read as Markdown."""
    return path.suffix.lower() in (".md", ".markdown") or _HEADING.match(text.lstrip()) is not None


def from_markdown(path: Path, text: str, named: Named = NOTHING) -> Found:
    """The pairs in its tables, and under its headings: a heading asks, the text below answers.

    Raises BadInput where it holds none.
    """
    file = display_name(path)
    pairs: list[Pair] = []
    left: list[Note] = []
    table: list[Line] = []
    asked: tuple[int, str] | None = None
    body: list[str] = []
    fenced = False
    for number, line in enumerate([*text.splitlines(), "# "], 1):
        fenced ^= _FENCE.match(line) is not None
        row = None if fenced else _ROW.match(line)
        if row:
            if not _RULE.match(row[1]):
                table.append((number, [cell.strip() for cell in row[1].split("|")]))
            continue
        if table:
            found = _table(file, table, named)
            pairs, left, table = [*pairs, *found.pairs], [*left, *found.skipped], []
        head = None if fenced else _HEADING.match(line) or line == "# "
        if not head:
            body.append(line)
            continue
        answer = "\n".join(body).strip()
        if asked and answer:
            pairs.append(Pair(f"{file}:{asked[0]}", (asked[1],), answer))
        body = []
        asked = (number, head[2]) if isinstance(head, re.Match) else None
    if not pairs and not left:
        raise BadInput(
            f"{file}: no table with columns 'question' and 'answer', no heading with a text below"
        )
    return group_pairs(pairs, left)


def _table(file: str, lines: Sequence[Line], named: Named) -> Found:
    try:
        return columns.table(file, lines, named=named)
    except BadInput as problem:
        return Found((), (Note(f"{file}:{lines[0][0]}", str(problem)),))


def intents(text: str) -> list[tuple[int, str, list[str]]]:
    """(line, intent, examples) of training data of Rasa 1; none where it is something else."""
    found: list[tuple[int, str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        head = _INTENT.match(line)
        if head:
            found.append((number, head[1], []))
        elif line.startswith("#"):
            found.append((number, "", []))  # synonyms, lookup tables, regular expressions
        elif found and line.lstrip().startswith(("-", "*")):
            found[-1][2].append(line.lstrip()[1:].strip())
    return [row for row in found if row[1]]
