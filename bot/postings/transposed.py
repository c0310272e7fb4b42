"""A transposed sheet: names in its first column, each further column a posting."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from bot.postings import columns
from bot.postings.columns import Named
from bot.postings.headers import role_of
from bot.postings.model import Row, Unreadable
from bot.postings.reading import Reading, reading

MOST_ROWS = 5_000
MOST_COLUMNS = 200
WORK = ("description", "duties")


def is_transposed(above: Sequence[tuple[int, Sequence[str] | Unreadable]]) -> bool:
    """Whether names of columns stand below one another, and not beside one another."""
    rows = [cells for _, cells in above if not isinstance(cells, Unreadable)]
    names = [role_of(cells[0].strip()) for cells in rows if cells and cells[0].strip()]
    down = {role for role in names if role}
    if "title" not in down or not down & set(WORK):
        return False
    across = max(
        (len({role_of(cell.strip()) for cell in cells} - {None}) for cells in rows), default=0
    )
    return across < len(down)


def rows(
    file: str, records: Iterable[tuple[int, Sequence[str] | Unreadable]], told: list[Reading]
) -> Iterator[Row]:
    """A posting for each column of each block; a block begins where its first name stands again."""
    first: str | None = None
    block: list[tuple[int, Sequence[str]]] = []
    noted = False
    for number, cells in itertools.islice(records, MOST_ROWS):
        if isinstance(cells, Unreadable):
            yield Row(file, number, problem=cells)
            continue
        name = cells[0].strip() if cells else ""
        role = role_of(name)
        first = first or (name if role else None)
        if name == first and block:
            yield from _block(file, block, told if not noted else [])
            block, noted = [], True
        block.append((number, cells))
    if block:
        yield from _block(file, block, told if not noted else [])


def _block(
    file: str, block: Sequence[tuple[int, Sequence[str]]], told: list[Reading]
) -> Iterator[Row]:
    names = [cells[0].strip() if cells else "" for _, cells in block]
    found = columns.find(names, Named())
    if found is None:
        return
    width = min(max(len(cells) for _, cells in block), MOST_COLUMNS)
    values = [[cells[i] if i < len(cells) else "" for _, cells in block] for i in range(1, width)]
    values = [row for row in values if any(cell.strip() for cell in row)]
    told.append(reading(file, names, found, values))
    for row in values:
        kept = {name: cell for name, cell in zip(names, row, strict=True) if name}
        id_ = row[found.id] if found.id is not None else None
        yield Row(file, block[0][0], kept, columns.posting(row, names, found), id_)
