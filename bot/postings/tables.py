"""Tables of postings, row by row: JSONL, CSV, workbooks; a broken row is told in its place."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from bot.postings import columns
from bot.postings.columns import HEADER_ROWS, Named
from bot.postings.encoding import SAMPLE, encoding_of, written
from bot.postings.model import Row, Unreadable
from knowledge.model import LANGUAGES
from rules.posting.model import Posting

MAX_LINE = 6_000_000
MAX_CELL = 5_000_000
DELIMITERS = ",;\t|"
_HALF = re.compile("[\ud800-\udfff]")


def lines_of(raw: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long only the beginning is ever held."""
    while line := raw.readline(MAX_LINE + 1):
        yield line
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = raw.readline(MAX_LINE + 1)


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
    if b"\\ud" in raw.lower():
        # Half a surrogate pair can be escaped in JSON, but written in no file.
        value = json.loads(_HALF.sub("\ufffd", json.dumps(value, ensure_ascii=False)))
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
        records = _records(csv.reader(_no_nulls(file), _dialect(text)))
        yield from _table(written(path), records, named)


def _no_nulls(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") for line in lines)


def _dialect(sample: str) -> type[csv.Dialect]:
    above = sample.splitlines()[:HEADER_ROWS]
    first = next((line for line in above if any(mark in line for mark in DELIMITERS)), "")
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
        # Not from its path: that would go by the ending of the name.
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except calamine.PasswordError:
        raise Unreadable("classify.file.password") from None
    except (calamine.CalamineError, OSError) as error:
        raise _damaged(error) from None
    several, done = len(book.sheet_names) > 1, 0
    without: Unreadable | None = None
    damaged: list[Row] = []
    for name in book.sheet_names:
        label = f"{written(path)} [{name}]" if several else written(path)
        try:
            sheet = book.get_sheet_by_name(name)
            rows = ([_text(cell) for cell in row] for row in sheet.iter_rows())
            for row in _table(label, enumerate(rows, 1), named):
                done += 1
                yield row
        except Unreadable as error:
            without = without or error
        except calamine.CalamineError as error:
            damaged.append(Row(label, 1, problem=_damaged(error)))
    if done:
        yield from damaged
    elif problem := damaged[0].problem if damaged else without:
        raise problem


def _damaged(error: Exception) -> Unreadable:
    reason = (str(error) or type(error).__name__).splitlines()[0][:200]
    return Unreadable("classify.file.damaged", reason=reason)


def _table(
    file: str, records: Iterable[tuple[int, Sequence[str] | Unreadable]], named: Named
) -> Iterator[Row]:
    """The rows below the header. Raises Unreadable where no header names a description."""
    records = iter(records)
    above = list(itertools.islice(records, HEADER_ROWS))
    first, header, found = _header(above, named)
    names = _unique(header)
    for number, cells in itertools.chain(above[first + 1 :], records):
        if isinstance(cells, Unreadable):
            yield Row(file, number, problem=cells)
        elif any(cell.strip() for cell in cells):
            kept = dict(itertools.zip_longest(names, cells[: len(names)], fillvalue=""))
            beyond = enumerate(cells[len(names) :], len(names) + 1)
            kept |= {f"#{i}": cell for i, cell in beyond if cell.strip()}
            id_ = cells[found.id] if found.id is not None and found.id < len(cells) else None
            yield Row(file, number, kept, columns.posting(cells, header, found), id_)


def _header(
    above: Sequence[tuple[int, Sequence[str] | Unreadable]], named: Named
) -> tuple[int, Sequence[str], columns.Columns]:
    """Which of the first records is the header, and its columns. Raises Unreadable if none is."""
    problem: Unreadable | None = None
    headers = [
        (i, cells) for i, (_, cells) in enumerate(above) if not isinstance(cells, Unreadable)
    ]
    for i, cells in headers:
        try:
            found = columns.find(cells, named)
        except Unreadable as error:
            problem = problem or error
        else:
            if found:
                return i, cells, found
    if problem:
        raise problem
    shown = ", ".join(cell for cell in (headers[0][1] if headers else ()) if cell)[:200]
    raise Unreadable("classify.file.no_description", columns=shown or "-")


def _unique(header: Sequence[str]) -> list[str]:
    """Names for every column: those without one, or with another's, get a number."""
    names: list[str] = []
    for i, name in enumerate(header, 1):
        told = name.strip() or f"#{i}"
        while told in names:
            told += f" #{i}"
        names.append(told)
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
