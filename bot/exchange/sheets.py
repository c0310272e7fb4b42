"""Sheets of questions and answers: CSV, XLSX, XLS and ODS, read and written."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.errors import BadInput
from bot.exchange import columns
from bot.exchange.columns import NOTHING, Line, Named
from bot.exchange.markdown_text import escape
from bot.exchange.model import Found, Note, Pair
from bot.postings.encoding import display_name
from bot.postings.model import Unreadable

MAX_CELL = 1_000_000
MAX_XLSX_CELL = 32_767
DELIMITERS = ",;\t|"
HEADER = ("id", "title", "language", "question", "answer", "alternate questions", "zhiwen id")
_FORMULA = re.compile(r"=\s*[A-Za-z+(\"']")
_GUARDED = re.compile(r"'*[=+\-@|%\t\r\n]")
"""What a spreadsheet could run, also behind quotes that were put before it."""
NOT_KEPT = "no answer (a formula whose value was not kept? save the file in a spreadsheet program)"


def read_csv(path: Path, text: str, named: Named = NOTHING) -> Found:
    """The pairs of a CSV file. Raises BadInput."""
    records = rows(path, text)
    formulas = {
        (number, i) for number, cells in records for i, cell in enumerate(cells) if is_formula(cell)
    }
    lines = [(number, [strip_guard(cell) for cell in cells]) for number, cells in records]
    return columns.table(display_name(path), lines, formulas=formulas, named=named)


def rows(path: Path, text: str, delimiter_: str | None = None) -> list[Line]:
    """(line, cells) of every record of a CSV text. Raises BadInput."""
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_ or delimiter(text))
    found: list[Line] = []
    try:
        number = 1
        for cells in reader:
            found.append((number, cells))
            number = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{display_name(path)}:{reader.line_num}: not a table: {error}") from None
    return found


def is_formula(cell: str) -> bool:
    """Whether a cell of a CSV file holds a formula instead of a text."""
    return _FORMULA.match(cell) is not None


def delimiter(text: str) -> str:
    """What sets off the cells of a CSV text, by its first lines."""
    above = text.splitlines()[: columns.HEADER_ROWS]
    first = next((line for line in above if any(mark in line for mark in DELIMITERS)), "")
    return max(DELIMITERS, key=first.count)


def strip_guard(cell: str) -> str:
    """A cell without the quote that was put before what a spreadsheet could run."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def workbook(path: Path, named: Named = NOTHING) -> Found:
    """The pairs of every sheet that has the columns. Raises BadInput."""
    raw = path.read_bytes()
    sheets = _sheets(raw)
    empty = NOT_KEPT if _formulas(raw) else "no answer"
    pairs: list[Pair] = []
    left: list[Note] = []
    refused: BadInput | None = None
    found_one = False
    for name, cells in sheets.items():
        label = f"{display_name(path)} [{name}]" if len(sheets) > 1 else display_name(path)
        try:
            found = columns.table(label, list(enumerate(cells, 1)), empty, named=named)
        except BadInput as error:
            refused = refused or error
            continue
        found_one = True
        pairs += found.pairs
        left += found.skipped
    if refused and not found_one:
        raise refused
    return Found(tuple(pairs), tuple(left))


def _sheets(raw: bytes) -> dict[str, list[list[str]]]:
    """Every cell of a workbook by its sheet. Raises Unreadable."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        return {
            name: [
                [_text(cell) for cell in row]
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            ]
            for name in book.sheet_names
        }
    except calamine.PasswordError:
        raise Unreadable("classify.file.password") from None
    except (calamine.CalamineError, OSError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise Unreadable("classify.file.damaged", reason=reason) from None


def _formulas(raw: bytes) -> bool:
    if not zipfile.is_zipfile(io.BytesIO(raw)):
        return False
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [n for n in archive.namelist() if n.startswith("xl/worksheets/")]
        names += [n for n in archive.namelist() if n == "content.xml"]
        return any(re.search(rb"<f[ >]|table:formula=", archive.read(name)) for name in names)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _cells(pairs: Iterable[Pair]) -> list[tuple[str, ...]]:
    return [
        HEADER,
        *(
            (
                str(number), pair.title or "", pair.language or "", pair.questions[0],
                escape(pair.answer), "\n".join(pair.questions[1:]), pair.id or "",
            )
            for number, pair in enumerate(pairs, 1)
        ),
    ]  # fmt: skip


def as_csv(pairs: Iterable[Pair]) -> bytes:
    """A CSV file, with a byte order mark as spreadsheet programs expect it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in _cells(pairs):
        writer.writerow([f"'{cell}" if _GUARDED.match(cell) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(pairs: Sequence[Pair]) -> bytes:
    """A workbook of one sheet. Raises BadInput for a text longer than a cell."""
    import xlsxwriter

    out = io.BytesIO()
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        sheet = book.add_worksheet()
        wrap, head = book.add_format({"text_wrap": True}), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, len(HEADER) - 1, 30)
        for at, row in enumerate(_cells(pairs)):
            for i, cell in enumerate(row):
                if len(cell) > MAX_XLSX_CELL:
                    raise BadInput(
                        f"{pairs[at - 1].place}: too long for a cell; use --format tsv or csv"
                    )
                sheet.write_string(at, i, cell, wrap if at else head)
    return out.getvalue()
