"""A checklist as a table -> a Draft: CSV, cells copied from a sheet, a table of Markdown."""

from __future__ import annotations

import csv
import re

from rules.checklists.draft import Draft, DraftItem, DraftPoint, fill, is_word
from rules.checklists.item_form import item_of

COLUMNS = ("item", "done_when", "due", "owner", "killer", "section", "detail")
DELIMITERS = ("\t", ",", ";", "\uff0c")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
Row = tuple[int, list[str]]
"""The number of its line, its cells."""


def rows_of(text: str, first: int = 1) -> list[Row] | None:
    """The rows of a table; None for a text that is none. *first*: the number of the first line."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), first) if line.strip()]
    if len(lines) < 2:
        return None
    if _RULE.match(lines[1][1]) and "|" in lines[0][1]:
        return [
            (n, _pipe_cells(line)) for n, line in lines if not _RULE.match(line) and "|" in line
        ]
    delimiter = next((one for one in DELIMITERS if _is_delimiter(lines, one)), None)
    return _delimited_rows(text, delimiter, first) if delimiter else None


def _is_delimiter(lines: list[tuple[int, str]], delimiter: str) -> bool:
    """Whether the first line names the columns of a checklist; cells of a sheet need no names."""
    header = lines[0][1].split(delimiter)
    if len(header) < 2:
        return False
    if any(is_word(cell.strip('"'), "item") for cell in header):
        return True
    return delimiter == "\t" and all(delimiter in line for _, line in lines)


def _pipe_cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _delimited_rows(text: str, delimiter: str, first: int) -> list[Row]:
    """The rows with the lines at which they begin; a cell in quotes may have several lines."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line + first - 1, [cell.strip() for cell in cells]))
            line = reader.line_num + 1
    except csv.Error:  # a cell beyond all bounds; what came before it counts
        return rows
    return rows


def from_rows(rows: list[Row]) -> Draft:
    """The draft: one item a row. Columns that are not known are kept as details of the item."""
    header = [_column(cell) for cell in rows[0][1]]
    if "item" in header:
        rows = rows[1:]
    else:
        header = ["item"] + ["detail"] * (max(len(cells) for _, cells in rows) - 1)
    draft = Draft([DraftPoint(1, "")])
    for line, cells in rows:
        given = dict[str, list[str]]()
        for name, cell in zip(header, cells, strict=False):
            if cell:
                given.setdefault(name, []).append(" ".join(cell.split()))
        point = given.pop("section", [""])[0]
        if point and point != draft.points[-1].name:
            draft.points.append(DraftPoint(line, point))
        draft.points[-1].items.append(_item(line, given))
    draft.points = [point for point in draft.points if point.items]
    return draft


def _column(cell: str) -> str:
    """What the column of that header holds."""
    return next((name for name in COLUMNS if is_word(cell.lstrip("\ufeff"), name)), "detail")


def _item(line: int, given: dict[str, list[str]]) -> DraftItem:
    item = item_of(line, "".join(given.pop("item", [])))
    # What a column of its own says goes before what stands with the words.
    item.owner = "" if "owner" in given else item.owner
    for name, cells in given.items():
        for cell in cells:
            fill(item, name, cell)
    return item
