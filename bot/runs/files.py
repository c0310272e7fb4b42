"""A file with a checklist -> its text, whatever it was written with; office files in the sandbox.

A workbook and a table of a document come as CSV, since a table with named columns is one of the
forms of a checklist; what is a list or a heading in a document is one in the text.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.postings import cells, documents, readers
from bot.postings.encoding import SAMPLE, encoding_of
from bot.postings.model import Unreadable
from bot.postings.sandbox import Bounds, Box, run_sandboxed

BOUNDS = Bounds(20, output=4_000_000)
MAX_ROWS = 3_000
"""More than the items that a checklist may have."""
OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks and documents begin, of today and of old."""
HEADINGS = {"Title": "# ", "Heading": "## "}
"""What begins the name of a style -> how Markdown marks such a line."""


def text_of(data: bytes, box: Box = run_sandboxed) -> str:
    """The text of a file with a checklist; lines end with a newline alone.

    Raises Unreadable for a file that holds no text, or is damaged, locked or too large.
    """
    if data.startswith(OFFICE):
        with tempfile.TemporaryDirectory(prefix="zhiwen-list-") as folder:
            path = Path(folder) / "list"
            path.write_bytes(data)
            return "".join(box(office, path, bounds=BOUNDS))
    if data.startswith((*readers.PICTURES, readers.PDF)):
        raise Unreadable("lists.file.form")
    text = data.decode(encoding_of(data[:SAMPLE]), "replace") if data else ""
    return text.replace("\r\n", "\n")


def office(path: Path) -> str:
    """The text of a workbook or of a Word document. Raises Unreadable."""
    form = readers.format_of(path)
    if form == "docx":
        return _document(path)
    if form in ("xlsx", "xls"):
        return _sheet(cells.workbook(path))
    raise Unreadable("lists.file.form")


def _sheet(pieces: Iterable[cells.Piece]) -> str:
    """The sheet with the most rows, as CSV."""
    sheets: dict[str, list[Sequence[str]]] = {}
    for name, _, row in pieces:
        rows = sheets.setdefault(name, [])
        if not isinstance(row, Unreadable) and len(rows) < MAX_ROWS:
            rows.append(row)
    return _table(max(sheets.values(), key=len, default=[]))


def _table(rows: Sequence[Sequence[str]]) -> str:
    """The rows as CSV, a title above them apart; where only one column is filled, a line each."""
    used = [i for i in range(max(map(len, rows), default=0)) if any(_cell(row, i) for row in rows)]
    told = [[_cell(row, i) for i in used] for row in rows]
    if len(used) > 1 and len(told) > 1 and len(set(filter(None, told[0]))) == 1:
        title = next(filter(None, told[0]))
        return f"---\ntitle: {title}\n---\n{_table(told[1:])}"
    if len(used) < 2:
        return "".join(f"{cell}\n" for row in told for cell in row if cell)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n", delimiter="\t").writerows(told)
    return out.getvalue()


def _cell(row: Sequence[str], i: int) -> str:
    """The words of a cell in one line."""
    return " ".join(row[i].split()) if i < len(row) else ""


def _document(path: Path) -> str:
    """Its largest table if that holds more lines than stand outside of tables, else those lines."""
    import docx

    try:
        blocks = list(docx.Document(str(path)).iter_inner_content())
        lines = [_line(block) for block in blocks if not hasattr(block, "rows")]
        tables = [
            [[cell.text for cell in row.cells] for row in block.rows]
            for block in blocks
            if hasattr(block, "rows")
        ]
    except Exception as error:  # python-docx lets whatever lxml and zipfile raise come through
        reason = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise Unreadable("classify.file.damaged", reason=reason) from None
    written = [line for line in lines if line]
    largest = max(tables, key=len, default=[])
    if len(largest) > 1 and len(largest) >= len([x for x in written if not x.startswith("#")]):
        return _table(largest)
    return "".join(f"{line}\n" for line in written)[: documents.MAX_CHARS]


def _line(paragraph: Any) -> str:
    """A paragraph as a line of Markdown: headings and items of lists are marked."""
    text = " ".join(paragraph.text.split())
    if not text:
        return ""
    style = paragraph.style.name or "" if paragraph.style is not None else ""
    mark = next((mark for name, mark in HEADINGS.items() if style.startswith(name)), "")
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    if not mark and (numbered or style.startswith("List")):
        mark = "- "
    return f"{mark}{text}"
