"""Tables of postings, row by row: JSONL, CSV, workbooks; a broken row is told in its place."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.postings import columns
from bot.postings.columns import HEADER_ROWS, Named
from bot.postings.encoding import SAMPLE, encoding_of
from bot.postings.model import Row, Unreadable
from knowledge.model import LANGUAGES
from rules.posting.model import Posting

MAX_LINE = 6_000_000
MAX_CELL = 5_000_000
DELIMITERS = ",;\t|"


def jsonl(file: str, lines: Iterable[bytes]) -> Iterator[Row]:
    """A posting a line: ``{"id","title"?,"description","lang"?}``."""
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            yield _json_row(file, number, raw)
        except Unreadable as problem:
            yield Row(file, number, problem=problem)


def _json_row(file: str, number: int, raw: bytes) -> Row:
    if len(raw) > MAX_LINE:
        raise Unreadable("classify.row.long", limit=f"{MAX_LINE:,}")
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("classify.row.json", reason=str(error).splitlines()[0][:120]) from None
    if not isinstance(value, dict) or not isinstance(value.get("description"), str):
        id_ = value.get("id") if isinstance(value, dict) else None
        return Row(file, number, id=id_, problem=Unreadable("classify.row.shape"))
    cells = {key: _text(item) for key, item in value.items()}
    lang, title = value.get("lang"), value.get("title")
    posting = Posting(
        value["description"],
        title if isinstance(title, str) else "",
        lang if lang in LANGUAGES else None,
    )
    return Row(file, number, cells, posting, value.get("id"))


def delimited(path: Path, named: Named) -> Iterator[Row]:
    """The rows of a CSV or TSV file. Raises Unreadable for a file without a description column."""
    with path.open("rb") as raw:
        sample = raw.read(SAMPLE)
    encoding = encoding_of(sample)
    text = sample.decode(encoding, "ignore")
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        yield from _table(path.name, _records(csv.reader(_no_nulls(file), _dialect(text))), named)


def _no_nulls(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _dialect(sample: str) -> type[csv.Dialect]:
    first = sample.split("\n", 1)[0]
    best = max(DELIMITERS, key=first.count)

    class Found(csv.excel):
        delimiter = best if first.count(best) else ","

    return Found


def _records(reader: Any) -> Iterator[tuple[int, list[str] | Unreadable]]:
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


def workbook(path: Path, named: Named) -> Iterator[Row]:
    """The rows of every sheet that has a description column. Raises Unreadable if none has."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise Unreadable("classify.file.password") from None
    except (calamine.CalamineError, OSError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise Unreadable("classify.file.damaged", reason=reason) from None
    several, done = len(book.sheet_names) > 1, 0
    problem: Unreadable | None = None
    for name in book.sheet_names:
        rows = ([_text(cell) for cell in row] for row in book.get_sheet_by_name(name).iter_rows())
        label = f"{path.name} [{name}]" if several else path.name
        try:
            for row in _table(label, enumerate(rows, 1), named):
                done += 1
                yield row
        except Unreadable as error:
            problem = problem or error
    if problem and not done:
        raise problem


def _table(
    file: str, records: Iterable[tuple[int, Sequence[str] | Unreadable]], named: Named
) -> Iterator[Row]:
    """The rows below the header. Raises Unreadable where no header names a description."""
    records = iter(records)
    above = list(itertools.islice(records, HEADER_ROWS))
    headers = [
        (i, cells) for i, (_, cells) in enumerate(above) if not isinstance(cells, Unreadable)
    ]
    at = next(((i, cells, found) for i, cells in headers if (found := columns.find(cells, named))),
              None)  # fmt: skip
    if at is None:
        shown = ", ".join(cell for cell in (headers[0][1] if headers else ()) if cell)[:200]
        raise Unreadable("classify.file.no_description", columns=shown or "-")
    first, header, found = at
    names = _unique(header)
    for number, cells in itertools.chain(above[first + 1 :], records):
        if isinstance(cells, Unreadable):
            yield Row(file, number, problem=cells)
        elif any(cell.strip() for cell in cells):
            kept = dict(itertools.zip_longest(names, cells[: len(names)], fillvalue=""))
            id_ = cells[found.id] if found.id is not None and found.id < len(cells) else None
            yield Row(file, number, kept, columns.posting(cells, header, found), id_)


def _unique(header: Sequence[str]) -> list[str]:
    """Names for every column: those without one, or with another's, get a number."""
    names: list[str] = []
    for i, name in enumerate(header, 1):
        told = name.strip() or f"#{i}"
        names.append(f"{told} #{i}" if told in names else told)
    return names


def _text(value: object) -> str:
    """A cell as text: whole numbers without a point, dates as written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def lines_of(raw: io.BufferedIOBase) -> Iterator[bytes]:
    """The lines of a binary stream, one at a time."""
    return iter(raw.readline, b"")
