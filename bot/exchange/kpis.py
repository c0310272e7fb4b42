"""A role's KPI rows as a file, in the script of its reader: CSV or a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from bot.postings.output import defuse
from bot.script.convert import convert_part
from bot.texts import say
from bot.views.kpis import COLUMNS, heads, rows
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import Role

WIDE = {"formula": 44, "comes_from": 36, "not_for": 44, "moved_by": 36, "owner": 28}


def as_csv(role: Role, base: KnowledgeBase, language: str, script: str = "") -> bytes:
    """A CSV file, with a byte order mark as spreadsheet programs expect it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    head, *told = convert_part((heads(language), *rows(role, base, language)), script)
    writer.writerow(head)
    writer.writerows([defuse(cell) for cell in row] for row in told)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(role: Role, base: KnowledgeBase, language: str, script: str = "") -> bytes:
    """A workbook of one sheet, in which no cell is run."""
    import xlsxwriter

    out = io.BytesIO()
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(out, {"in_memory": True, **plain}) as book:
        head = book.add_format({"bold": True, "text_wrap": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(convert_part(say(language, "kpis.title"), script))
        sheet.freeze_panes(1, 1)
        for i, name in enumerate(COLUMNS):
            sheet.set_column(i, i, WIDE.get(name, 20))
        told = convert_part((heads(language), *rows(role, base, language)), script)
        for at, row in enumerate(told):
            for i, cell in enumerate(row):
                sheet.write_string(at, i, defuse(cell) if at else cell, wrap if at else head)
    return out.getvalue()


FORMATS: dict[str, tuple[Callable[..., bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
"""Ending -> how it is written, and its media type."""
