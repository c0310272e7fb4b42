"""Files of questions and answers that are read row by row, however long: CSV and lines of JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.exchange import columns, sheets
from bot.exchange.columns import NOTHING, Columns, Line, Named
from bot.exchange.documents import cell_of
from bot.exchange.model import Note, Pair
from bot.postings.encoding import display_name

LINES = (".jsonl", ".ndjson")
Piece = Pair | Note


def is_json_lines(path: Path, head: str) -> bool:
    """Whether a file that begins with *head* holds an object of JSON on each line."""
    first = next((line for line in head.splitlines() if line.strip()), "")
    try:
        begins = isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return path.suffix.lower() in LINES
    return begins


def json_lines(path: Path, encoding: str, named: Named = NOTHING) -> Iterator[Piece]:
    """The pairs of such a file, and what could not be read. Raises BadInput."""
    file = display_name(path)
    known: dict[tuple[str, ...], Columns | None] = {}

    def iter_rows() -> Iterator[Piece]:
        for number, line in _lines(path, encoding):
            row = _object(line) if line.strip() else {}
            if row is None:
                yield Note(f"{file}:{number}", "not an object of JSON")
            elif row:
                names = tuple(row)
                if names not in known:
                    known[names] = columns.find(names, named)
                if found := known[names]:
                    cells = [cell_of(value) for value in row.values()]
                    yield from columns.piece(file, (number, cells), found)
                else:
                    yield Note(f"{file}:{number}", "no question and answer")

    return group_stream(iter_rows())


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def stream_csv(path: Path, encoding: str, head: str, named: Named = NOTHING) -> Iterator[Piece]:
    """The pairs of a CSV file. Raises BadInput where no header names question and answer."""
    csv.field_size_limit(sheets.MAX_CELL)
    texts = (line for _, line in _lines(path, encoding))
    reader = csv.reader(texts, delimiter=sheets.delimiter(head))
    rows = _number_rows(path, reader)
    above = list(islice(rows, columns.HEADER_ROWS))
    first, found = columns.header(display_name(path), above, named)
    return group_stream(_rows_below(display_name(path), chain(above[first:], rows), found))


def _rows_below(file: str, rows: Iterable[Line], found: Columns) -> Iterator[Piece]:
    for number, cells in rows:
        formulas = {(number, i) for i, cell in enumerate(cells) if sheets.is_formula(cell)}
        plain = [sheets.strip_guard(cell) for cell in cells]
        yield from columns.piece(file, (number, plain), found, formulas)


def _number_rows(path: Path, reader: Any) -> Iterator[Line]:
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{display_name(path)}:{reader.line_num}: not a table: {error}") from None


def _lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            for number, line in enumerate(file, 1):
                yield number, line.removeprefix("\ufeff").replace("\0", "")
    except UnicodeDecodeError:
        place = f"{display_name(path)}:{number + 1}"
        raise BadInput(f"{place}: not {encoding.upper()} like the rest; save it as UTF-8") from None


def group_stream(pieces: Iterable[Piece], empty: str = "no answer") -> Iterator[Piece]:
    """Pairs as they come; those with an id at the end, put together with others of that id."""
    held: dict[str, Pair] = {}
    for one in pieces:
        if isinstance(one, Note):
            yield one
        elif one.id is None:
            yield one if one.answer else Note(one.place, empty)
        elif (first := held.get(one.id)) is None:
            if one.answer:
                held[one.id] = one
            else:
                yield Note(one.place, empty)
        else:
            if one.answer and one.answer != first.answer:
                text = f"another answer under the id of {first.place}; that one stays"
                yield Note(one.place, text)
            held[one.id] = replace(first, questions=(*first.questions, *one.questions))
    yield from held.values()
