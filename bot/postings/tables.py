"""Tables of postings, row by row: JSONL, and the cells of others; a broken row is told in place."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import IO

from bot.postings import columns
from bot.postings.cells import HEADER_ROWS, MAX_COLUMNS, Piece, text_of
from bot.postings.columns import Named
from bot.postings.model import Row, Unreadable
from knowledge.engine.model import LANGUAGES
from rules.postings.model import Posting

MAX_LINE = 6_000_000
_HALF = re.compile("[\ud800-\udfff]")
Record = tuple[int, Sequence[str] | Unreadable]
"""A row as the person counts it, and its cells or its problem."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which of the first records is the header, its cells, and the columns that matter."""

    at: int
    cells: Sequence[str]
    columns: columns.Columns


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
    if len(value) > MAX_COLUMNS:
        wide = Unreadable("classify.row.wide", limit=f"{MAX_COLUMNS:,}")
        return Row(file, number, id=value.get("id"), problem=wide)
    cells = {key: text_of(item) for key, item in value.items()}
    lang, title = value.get("lang"), value.get("title")
    posting = Posting(
        value["description"],
        title if isinstance(title, str) else "",
        lang if lang in LANGUAGES else None,
    )
    return Row(file, number, cells, posting, value.get("id"))


@dataclass(slots=True)
class Left:
    """What became of the sheets of a file that have no rows for us."""

    usable: bool = False
    """Whether any other has."""
    damaged: list[Row] = field(default_factory=list)
    without: list[Unreadable] = field(default_factory=list)

    def why(self) -> Unreadable:
        """Why a file cannot be used of which no sheet can."""
        problems = [*(row.problem for row in self.damaged), *self.without]
        return problems[0] if problems and problems[0] else _no_description(())


def rows(file: str, pieces: Iterable[Piece], named: Named) -> Iterator[Row]:
    """The rows of every sheet that has a description column; *pieces* as cells.py gives them.

    Raises Unreadable if none has, or if nothing can be read. Where reading ends early, that is told
    in the place of the next row.
    """
    left, last = Left(), Row(file, 0)
    try:
        for sheet, group in itertools.groupby(pieces, itemgetter(0)):
            label = f"{file} [{sheet}]" if sheet else file
            for last in _sheet(label, ((number, cells) for _, number, cells in group), named, left):
                yield last
    except Unreadable as error:
        if not last.number:
            raise
        yield Row(last.file, last.number + 1, problem=error)
    if not left.usable:
        raise left.why()
    yield from left.damaged


def _sheet(file: str, records: Iterator[Record], named: Named, left: Left) -> Iterator[Row]:
    """The rows of one sheet; none, and a word in *left*, where it is of no use."""
    above = list(itertools.islice(records, HEADER_ROWS))
    number, cells = above[0]
    if number == 0 and isinstance(cells, Unreadable):
        left.damaged.append(Row(file, 1, problem=cells))
        return
    try:
        header = _header(above, named)
    except Unreadable as error:
        left.without.append(error)
        return
    left.usable = True
    yield from _below(file, itertools.chain(above[header.at + 1 :], records), header)


def within(rows: Iterable[Row], most: int) -> Iterator[Row]:
    """The rows; raises Unreadable as soon as the table of them all has more than *most* cells."""
    width = total = 0
    for row in rows:
        width = max(width, len(row.cells))
        total += width
        if total > most:
            raise Unreadable("classify.file.cells", limit=f"{most:,}")
        yield row


def _below(file: str, records: Iterable[Record], header: Header) -> Iterator[Row]:
    """The rows below the header."""
    names = _unique(header.cells)
    for number, cells in records:
        if isinstance(cells, Unreadable):
            yield Row(file, number, problem=cells)
            continue
        kept = dict(itertools.zip_longest(names, cells[: len(names)], fillvalue=""))
        beyond = enumerate(cells[len(names) :], len(names) + 1)
        kept |= {f"#{i}": cell for i, cell in beyond if cell.strip()}
        at = header.columns.id
        id_ = cells[at] if at is not None and at < len(cells) else None
        yield Row(file, number, kept, columns.posting(cells, header.cells, header.columns), id_)


def _header(above: Sequence[Record], named: Named) -> Header:
    """The header among the first records. Raises Unreadable if none is."""
    problem: Unreadable | None = None
    for i, (_, cells) in enumerate(above):
        if isinstance(cells, Unreadable):
            # It may have been the header; what cannot be read further down was none.
            problem = cells if i == 0 else problem
            continue
        try:
            found = columns.find(cells, named)
        except Unreadable as error:
            problem = problem or error
        else:
            if found:
                return Header(i, cells, found)
    headers = [cells for _, cells in above if not isinstance(cells, Unreadable)]
    raise problem or _no_description(headers[0])


def _no_description(header: Sequence[str]) -> Unreadable:
    shown = ", ".join(cell for cell in header if cell)[:200]
    return Unreadable("classify.file.no_description", columns=shown or "-")


def _unique(header: Sequence[str]) -> list[str]:
    """Names for every column: those without one, or with another's, get a number."""
    names: dict[str, None] = {}
    for i, name in enumerate(header, 1):
        told = name.strip() or f"#{i}"
        while told in names:
            told += f" #{i}"
        names[told] = None
    return list(names)
