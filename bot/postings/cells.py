"""The cells of a table file, row by row, as they stand; read in a process of its own.

Every row is a piece: (sheet, row, cells). The sheet has a name where there are several; rows are
counted from 1; in place of the cells stands the problem of a row that cannot be read. A piece with
row 0 tells the problem of a whole sheet. Rows without a word are left out.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from bot.postings.encoding import SAMPLE, encoding_of
from bot.postings.model import Unreadable

MAX_CELL = 5_000_000
MAX_COLUMNS = 1_000
MAX_TEXT = 6_000_000
"""Characters of a row."""
MAX_NAME = 100
"""Characters of a sheet's name that are told."""
DELIMITERS = ",;\t|"
HEADER_ROWS = 10
"""How far down a header row is looked for."""
Piece = tuple[str, int, Sequence[str] | Unreadable]


def read_delimited(path: Path) -> Iterator[Piece]:
    """The pieces of a CSV or TSV file. Raises Unreadable."""
    with path.open("rb") as raw:
        sample = raw.read(SAMPLE)
    encoding = _main_encoding(sample)
    text = sample.decode(encoding, "ignore")
    csv.field_size_limit(MAX_CELL)
    with path.open("rb") as raw:
        lines = _decode_lines(raw, encoding)
        yield from _pieces("", records(csv.reader(_no_nulls(lines), _dialect(text))))


def _main_encoding(sample: bytes) -> str:
    """The encoding of a table, or of its first line where others were pasted in."""
    try:
        return encoding_of(sample)
    except Unreadable as problem:
        first = sample.split(b"\n", 1)[0]
        if problem.key != "classify.file.encoding" or first == sample:
            raise
        return encoding_of(first)


def _decode_lines(raw: IO[bytes], encoding: str) -> Iterator[str]:
    """The lines of a file; one that was pasted in from another encoding is read in that."""
    if encoding.startswith(("utf-16", "utf-32")):
        text = io.TextIOWrapper(raw, encoding, "replace", newline="")
        yield from text
        text.detach()
        return
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    for line in raw:
        try:
            told = line.decode(plain)
        except UnicodeDecodeError:
            told = line.decode(_line_encoding(line, plain), "replace")
        yield told.removeprefix("\ufeff")


def _line_encoding(line: bytes, encoding: str) -> str:
    try:
        return encoding_of(line)
    except Unreadable:
        return encoding


def _no_nulls(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _dialect(sample: str) -> type[csv.Dialect]:
    best = delimiter_of(sample.splitlines()[:HEADER_ROWS])

    class Found(csv.excel):
        delimiter = best

    return Found


def delimiter_of(above: Sequence[str]) -> str:
    """What parts the cells of a table that begins with those lines."""
    first = next((line for line in above if any(mark in line for mark in DELIMITERS)), "")
    return max(DELIMITERS, key=first.count)


def records(reader: Any) -> Iterator[tuple[int, list[str] | Unreadable]]:
    """(first line, cells) of every record; what cannot be read is a problem in its place."""
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, Unreadable("classify.row.csv", reason=str(error))
        else:
            yield number, cells


def workbook(path: Path) -> Iterator[Piece]:
    """The pieces of every sheet of a workbook. Raises Unreadable."""
    import python_calamine as calamine

    try:
        # Not from its path: that would go by the ending of the name.
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except calamine.PasswordError:
        raise Unreadable("classify.file.password") from None
    except (calamine.CalamineError, OSError) as error:
        raise _damaged_error(error) from None
    several = len(book.sheet_names) > 1
    for name in book.sheet_names:
        label = name[:MAX_NAME] if several else ""
        try:
            sheet = book.get_sheet_by_name(name)
            rows = ([text_of(cell) for cell in row] for row in sheet.iter_rows())
            merged = getattr(sheet, "merged_cell_ranges", None) or ()
            yield from _pieces(label, enumerate(_fill_merged(rows, merged), 1))
        except calamine.CalamineError as error:
            yield label, 0, _damaged_error(error)


def _fill_merged(
    rows: Iterable[list[str]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> Iterator[list[str]]:
    """The rows, cells that are merged downwards filled in every row they cover."""
    begins: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in merged:
        if bottom > top:
            begins.setdefault(top, []).append((left, bottom))
    open_: list[tuple[int, int, str]] = []
    for number, row in enumerate(rows):
        open_ = [cell for cell in open_ if cell[1] >= number]
        if any(cell.strip() for cell in row):
            for left, _, value in open_:
                if left < len(row) and not row[left].strip():
                    row[left] = value
        for left, bottom in begins.get(number, ()):
            if left < len(row) and row[left].strip():
                open_.append((left, bottom, row[left]))
        yield row


def _damaged_error(error: Exception) -> Unreadable:
    reason = (str(error) or type(error).__name__).splitlines()[0][:200]
    return Unreadable("classify.file.damaged", reason=reason)


def _pieces(sheet: str, rows: Iterable[tuple[int, list[str] | Unreadable]]) -> Iterator[Piece]:
    for number, cells in rows:
        if isinstance(cells, Unreadable):
            yield sheet, number, cells
        elif any(cell and not cell.isspace() for cell in cells):
            yield sheet, number, _fit(cells)


def _fit(cells: list[str]) -> list[str] | Unreadable:
    """The cells of a row, or that they are too many or too long."""
    if len(cells) > MAX_COLUMNS:
        used = max(i for i, cell in enumerate(cells, 1) if cell)
        if used > MAX_COLUMNS:
            return Unreadable("classify.row.wide", limit=f"{MAX_COLUMNS:,}")
        cells = cells[:used]
    if sum(map(len, cells)) > MAX_TEXT:
        return Unreadable("classify.row.large", limit=f"{MAX_TEXT:,}")
    return cells


def text_of(value: object) -> str:
    """A cell as text: whole numbers without a point, dates as written."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else json.dumps(value, ensure_ascii=False, default=str)
