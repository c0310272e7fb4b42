"""Results -> JSONL, CSV or XLSX: every original column, then ours; formula cells defused."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from bot.postings.json_form import as_line
from bot.postings.model import Result
from bot.postings.output import COLUMNS, cells, defuse
from bot.postings.summary import Summary
from bot.texts import say
from rules.postings.posting_rules import PostingRules

MAX_CELL = 32_000
"""A worksheet cell holds 32,767 characters."""
MAX_ROWS = 1_048_575
"""Rows below the header that a worksheet holds; the rest goes to further sheets."""
MAX_BROKEN = 1_000
"""Unreadable rows that are kept waiting for the first one with columns."""
WIDE, NARROW = 60, 16

Write = Callable[[Iterable[Result], Path, PostingRules, str, Summary], None]


def json_line(result: Result, rules: PostingRules) -> str:
    """The JSON object of a result on one line."""
    return as_line(result, rules)


def jsonl(results: Iterable[Result], out: IO[str]) -> None:
    """The lines of *results*, flushed one by one so that a reader can follow."""
    for result in results:
        out.write(f"{result.line}\n")
        out.flush()


def jsonl_file(
    results: Iterable[Result], path: Path, rules: PostingRules, language: str, summary: Summary
) -> None:
    """The same in a file."""
    with path.open("w", encoding="utf-8") as out:
        for result in summary.watch(results, rules):
            out.write(f"{result.line}\n")


def csv_file(
    results: Iterable[Result], path: Path, rules: PostingRules, language: str, summary: Summary
) -> None:
    """A CSV file with a byte order mark, as spreadsheet programs expect it."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        for row in _rows(summary.watch(results, rules), rules, language):
            writer.writerow([defuse(value) for value in row])


def xlsx_file(
    results: Iterable[Result], path: Path, rules: PostingRules, language: str, summary: Summary
) -> None:
    """A workbook, written row by row in constant memory, with a sheet that sums it up."""
    from xlsxwriter.exceptions import FileCreateError

    # What postings say is left lying about nowhere else by a process that is killed.
    beside = None if path.exists() and not path.is_file() else str(path.parent)
    try:
        with path.open("wb") as file:
            _workbook(results, _Disk(file), beside, rules, language, summary)
    except FileCreateError as error:
        reason = error.args[0]
        raise OSError(reason.errno, reason.strerror) from None


class _Disk:
    """A file that forgives what comes after its end: an archive that failed tidies up late."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        if self._file.closed and name in ("write", "seek", "tell", "flush"):
            return lambda *_: 0
        return getattr(self._file, name)


def _workbook(
    results: Iterable[Result],
    out: _Disk,
    beside: str | None,
    rules: PostingRules,
    language: str,
    summary: Summary,
) -> None:
    import xlsxwriter

    options = {
        "constant_memory": True,
        "tmpdir": beside,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "text_wrap": True})
        sheet: Any = None
        header: list[str] = []
        at = 0
        for row in _rows(summary.watch(results, rules), rules, language):
            if not header:
                header = row
            if sheet is None or at > MAX_ROWS:
                sheet = book.add_worksheet()
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, len(header) - 1, NARROW)
                for i, name in enumerate(header):
                    sheet.write_string(0, i, name, head)
                at = 1
                if row is header:
                    continue
            for i, value in enumerate(row):
                sheet.write_string(at, i, defuse(value)[:MAX_CELL])
            at += 1
        _summary_sheet(book, summary, rules, language, head)


def _summary_sheet(
    book: Any, summary: Summary, rules: PostingRules, language: str, head: Any
) -> None:
    sheet = book.add_worksheet(say(language, "classify.summary.sheet"))
    sheet.set_column(0, 0, WIDE)
    for i, (name, value) in enumerate(summary.lines(rules, language)):
        sheet.write_string(i, 0, name, head if value is None else None)
        if value is not None:
            sheet.write_number(i, 1, value)


def _rows(results: Iterable[Result], rules: PostingRules, language: str) -> Iterator[list[str]]:
    """The header, then every row. The header is that of the first row that could be read.

    Columns that only later rows have are put into the last cell, named.
    """
    results = iter(results)
    first: list[Result] = []
    for result in islice(results, MAX_BROKEN):
        first.append(result)
        if result.row.cells:
            break
    names = list(first[-1].row.cells) if first else []
    known = set(names)
    ours = [say(language, f"classify.column.{name}") for name in COLUMNS]
    place = say(language, "classify.column.place")
    yield [place, *names, *ours]
    for result in chain(first, results):
        own = result.row.cells
        more = [f"{key}: {value}" for key, value in own.items() if key not in known]
        told = list(cells(result, rules, language).values())
        where = f"{result.row.file}:{result.row.number}"
        last = [own.get(names[-1], ""), *more] if names else more
        kept = [own.get(name, "") for name in names[:-1]] + (["\n".join(last)] if names else [])
        yield [where, *kept, *told]


WRITERS: dict[str, Write] = {"jsonl": jsonl_file, "csv": csv_file, "xlsx": xlsx_file}
