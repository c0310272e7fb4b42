"""Tables of postings, row by row: the cells of any file; a broken row is told in place."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from bot.postings import columns, transposed
from bot.postings.cells import HEADER_ROWS, Piece
from bot.postings.columns import Columns, IsTitle, Named
from bot.postings.headers import role_of
from bot.postings.model import Row, Unreadable
from bot.postings.reading import Reading, reading

SAMPLE_ROWS = 40
"""Rows that show what a column holds."""
Record = tuple[int, Sequence[str] | Unreadable]
"""A row as the person counts it, and its cells or its problem."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which of the first records is the header, its cells, and the columns that matter."""

    at: int
    """-1 where there is none."""
    cells: Sequence[str]
    columns: Columns


@dataclass(slots=True)
class Left:
    """What became of the sheets of a file that have no rows for us."""

    usable: bool = False
    """Whether any other has."""
    damaged: list[Row] = field(default_factory=list)
    without: list[Unreadable] = field(default_factory=list)

    def reason(self) -> Unreadable:
        """Why a file cannot be used of which no sheet can."""
        problems = [*(row.problem for row in self.damaged), *self.without]
        return problems[0] if problems and problems[0] else no_description(())


def rows(
    file: str,
    pieces: Iterable[Piece],
    named: Named,
    title: IsTitle = lambda _: False,
    told: list[Reading] | None = None,
) -> Iterator[Row]:
    """The rows of every sheet that holds postings; *pieces* as cells.py gives them.

    *title*: whether a cell is a known job title; *told*: where it is put how each was read. Raises
    Unreadable if no sheet can be used, or if nothing can be read. Where reading ends early, that
    is told in the place of the next row.
    """
    left, last, notes = Left(), Row(file, 0), told if told is not None else []
    try:
        for sheet, group in itertools.groupby(pieces, itemgetter(0)):
            label = f"{file} [{sheet}]" if sheet else file
            records = ((number, cells) for _, number, cells in group)
            for last in _sheet(label, records, named, left, title, notes):
                yield last
    except Unreadable as error:
        if not last.number:
            raise
        yield Row(last.file, last.number + 1, problem=error)
    if not left.usable:
        raise left.reason()
    yield from left.damaged


def _sheet(
    file: str,
    records: Iterator[Record],
    named: Named,
    left: Left,
    title: IsTitle,
    told: list[Reading],
) -> Iterator[Row]:
    """The rows of one sheet; none, and a word in *left*, where it is of no use."""  # fmt: skip
    above = list(itertools.islice(records, SAMPLE_ROWS))
    number, cells = above[0]
    if number == 0 and isinstance(cells, Unreadable):
        left.damaged.append(Row(file, 1, problem=cells))
        return
    if transposed.is_transposed(above):
        left.usable = True
        yield from transposed.rows(file, itertools.chain(above, records), told)
        return
    try:
        header = find_header(above, named, title)
    except Unreadable as error:
        left.without.append(error)
        return
    left.usable = True
    below = above[header.at + 1 :]
    names = unique_names(header.cells)
    sample = [cells for _, cells in below if not isinstance(cells, Unreadable)]
    passed = max(0, header.at)
    told.append(reading(file, names, header.columns, sample, passed, header.at >= 0))
    yield from _rows_below(file, itertools.chain(below, records), header, names)


def limit_cells(rows: Iterable[Row], most: int) -> Iterator[Row]:
    """The rows; raises Unreadable as soon as the table of them all has more than *most* cells."""
    width = total = 0
    for row in rows:
        width = max(width, len(row.cells))
        total += width
        if total > most:
            raise Unreadable("classify.file.cells", limit=f"{most:,}")
        yield row


def _rows_below(
    file: str, records: Iterable[Record], header: Header, names: Sequence[str]
) -> Iterator[Row]:
    """The rows below the header."""
    for number, cells in records:
        if isinstance(cells, Unreadable):
            yield Row(file, number, problem=cells)
            continue
        kept = dict(itertools.zip_longest(names, cells[: len(names)], fillvalue=""))
        beyond = enumerate(cells[len(names) :], len(names) + 1)
        kept |= {f"#{i}": cell for i, cell in beyond if cell.strip()}
        at = header.columns.id
        id_ = cells[at] if at is not None and at < len(cells) else None
        yield Row(file, number, kept, columns.posting(cells, names, header.columns), id_)


def find_header(above: Sequence[Record], named: Named, title: IsTitle) -> Header:
    """The header among the first records, or the columns without one. Raises Unreadable."""
    found = _find_header(above, named, title)
    if isinstance(found, Header):
        return found
    told = [cells for _, cells in above if not isinstance(cells, Unreadable)]
    if found is None and (guessed := _guess_columns(told, title)):
        return guessed
    raise found or no_description(told[0] if told else ())


def _find_header(
    above: Sequence[Record], named: Named, title: IsTitle
) -> Header | Unreadable | None:
    """The header among the first records, or the first problem in looking for it."""
    if not (named.letters and named.any_one):
        return _seek(above, named, title, False)
    found = _seek(above, named, title, False)
    return found if isinstance(found, Header) else _seek(above, named, title, True)


def _seek(
    above: Sequence[Record], named: Named, title: IsTitle, letters: bool
) -> Header | Unreadable | None:
    problem: Unreadable | None = None
    counts = [
        0 if isinstance(cells, Unreadable) else sum(bool(cell.strip()) for cell in cells)
        for _, cells in above
    ]
    for i, (_, cells) in enumerate(above[:HEADER_ROWS]):
        if isinstance(cells, Unreadable):
            # It may have been the header; what cannot be read further down was none.
            problem = cells if i == 0 else problem
            continue
        try:
            found = columns.find(cells, named, letters)
        except Unreadable as error:
            problem = problem or error
            continue
        alone = i == 0 and counts[0] == 1 and (max(counts) == 1 or not _has_names(above[1:]))
        if found and columns.is_header(cells, found, named, alone):
            return Header(i, cells, _complete_columns(found, cells, above[i + 1 :], named, title))
    return problem


def _has_names(below: Sequence[Record]) -> bool:
    """Whether a row further down looks more like a header than a lone name above it."""
    rows = [cells for _, cells in below[:HEADER_ROWS] if not isinstance(cells, Unreadable)]
    return any(sum(role_of(cell.strip()) is not None for cell in cells) > 1 for cells in rows)


def _complete_columns(
    found: Columns, header: Sequence[str], below: Sequence[Record], named: Named, title: IsTitle
) -> Columns:
    """The columns of a header, what no name tells found by what it holds.

    Requirements alone are no duties where a longer column stands beside them.
    """
    if named.any_text:
        return found
    sample = [cells for _, cells in below if not isinstance(cells, Unreadable)]
    asked = [i for i in found.texts if role_of(header[i].strip()) == "requirements"]
    if found.texts and len(asked) < len(found.texts):
        if found.title is not None:
            return found
        other = columns.by_content(sample, found, title)
        return Columns(found.texts, other.title, found.id, found.lang)
    guessed = columns.by_content(sample, found, title)
    longer = [i for i in guessed.texts if i not in asked]
    if not longer:
        return Columns(found.texts, guessed.title, found.id, found.lang)
    return Columns((*longer, *asked), guessed.title, found.id, found.lang, True)


def _guess_columns(told: Sequence[Sequence[str]], title: IsTitle) -> Header | None:
    """The columns by what they hold, where no row names them."""
    if not told:
        return None
    found = columns.by_content(told[1:] or told, None, title)
    if not found.texts:
        return None
    first = [cell.strip() for cell in told[0] if cell.strip()]
    at = found.texts[0]
    named = (
        len(told) > 1
        and len(first) > 1
        and all(len(cell) <= columns.SHORT for cell in first)
        and not any(map(title, first))
        and len(told[0]) > at
        and 0 < len(told[0][at].strip()) * 2 < columns.average(told[1:], at)
    )
    if named:
        return Header(0, told[0], found)
    if found.title is None and max(map(len, told)) > 1:
        return None
    found = columns.by_content(told, None, title)
    width = max(map(len, told))
    return Header(-1, [f"#{i}" for i in range(1, width + 1)], found) if found.texts else None


def no_description(header: Sequence[str]) -> Unreadable:
    """The problem of a table that names no texts."""
    shown = ", ".join(cell for cell in header if cell)[:200]
    return Unreadable("classify.file.no_description", columns=shown or "-")


def unique_names(header: Sequence[str]) -> list[str]:
    """Names for every column: those without one, or with another's, get a number."""
    names: dict[str, None] = {}
    for i, name in enumerate(header, 1):
        told = name.strip() or f"#{i}"
        while told in names:
            told += f" #{i}"
        names[told] = None
    return list(names)
