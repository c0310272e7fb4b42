"""A file, whatever its format -> its postings, one by one; the format goes by the content."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.postings import cells, documents, objects, tables
from bot.postings.columns import IsTitle, Named
from bot.postings.encoding import SAMPLE, display_name, encoding_of
from bot.postings.model import Row, Unreadable
from bot.postings.reading import Reading
from bot.postings.sandbox import Bounds, Box, Read, run_sandboxed
from rules.postings import detect, offers, openings
from rules.postings.posting_rules import PostingRules

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
DOCUMENTS: dict[str, Read] = {
    "docx": documents.word,
    "pdf": documents.pdf,
    "text": documents.text,
}
"""How a format is read whose files hold one posting each, or a few one after the other."""
CELLS: dict[str, Read] = {
    "csv": cells.read_delimited,
    "xlsx": cells.workbook,
    "xls": cells.workbook,
    "ods": cells.workbook,
}
"""How the cells of a table are read."""
MIN_ROWS = 2
"""Rows of a table in a document: a header and a posting, or names one below the other."""
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_JSON = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*[\[{]\s*[\[{\"]")
"""How a document of JSON begins."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def format_of(path: Path) -> str:
    """jsonl, csv, xlsx, xls, ods, docx, pdf or text. Raises Unreadable for anything else."""
    size = path.stat().st_size
    if not size:
        raise Unreadable("classify.file.empty")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(ZIP):
        return _zip_format(path)
    if head.startswith(OLE):
        return _old_office(path)
    if head.startswith(PDF):
        _check_size(size)
        return "pdf"
    if head.startswith(PICTURES):
        raise Unreadable("classify.file.binary")
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return "csv"
    if suffix in (".jsonl", ".ndjson") or _is_json_line(head):
        return "jsonl"
    if (_JSON.match(head) or suffix == ".json") and _is_document(path, size):
        return "json"
    return "text"


def _zip_format(path: Path) -> str:
    names = documents.guard_zip(path)
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        _check_size(path.stat().st_size)
        return "docx"
    if "content.xml" in names and path.suffix.lower() == ".ods":
        return "ods"
    raise Unreadable("classify.file.archive")


def _old_office(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(documents.MAX_BYTES)
    if _ENCRYPTED in raw:
        raise Unreadable("classify.file.password")
    if path.suffix.lower() == ".xls":
        return "xls"
    raise Unreadable("classify.file.old_office")


def _check_size(size: int) -> None:
    if size > documents.MAX_BYTES:
        raise Unreadable("classify.file.large", limit=f"{documents.MAX_BYTES // 1_000_000} MB")


def _is_json_line(head: bytes) -> bool:
    first = head.lstrip(b"\xef\xbb\xbf \r\n\t").split(b"\n", 1)[0]
    if not first.startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return b'"description"' in first


def _is_document(path: Path, size: int) -> bool:
    """Whether the whole file is one JSON value; a text may begin like one."""
    if size > documents.MAX_BYTES:
        return False
    try:
        objects.document(path, _encoding(path))
    except Unreadable:
        return False
    return True


def _json_lines(path: Path) -> Iterator[bytes]:
    """The lines in UTF-8, whatever the file is written in."""
    with path.open("rb") as raw:
        encoding = encoding_of(raw.read(SAMPLE))
        raw.seek(0)
        if encoding.startswith("utf-8"):
            yield from objects.lines_of(raw)
            return
    with path.open(encoding=encoding, errors="replace") as file:
        yield from (line.encode("utf-8", "replace") for line in file)


def bounds_of(path: Path, form: str) -> Bounds:
    """What reading a file of that format may cost."""
    if form in DOCUMENTS:
        return Bounds()
    size = path.stat().st_size
    # A CSV file is read as a stream, and may be as large as the disk; so may be what is in it.
    more = size if form == "csv" else 0
    return Bounds(
        60 + more / 2_000_000, output=200_000_000 + 8 * more, error_key="classify.file.vast"
    )


def rows(
    path: Path,
    form: str,
    named: Named,
    rules: PostingRules,
    box: Box = run_sandboxed,
    told: list[Reading] | None = None,
) -> Iterator[Row]:
    """The postings of a file of that format; *box* says where it is read.

    *told*: where it is put how each table in it was read. Raises Unreadable for a file that cannot
    be used.
    """
    name, notes = display_name(path), told if told is not None else []

    def title(text: str) -> bool:
        return offers.is_posted(text, rules)

    if form == "jsonl":
        yield from objects.jsonl(name, _json_lines(path), named, title, notes)
    elif form == "json":
        value = objects.document(path, _encoding(path))
        yield from objects.rows(name, value, named, title, notes)
    elif form in CELLS:
        found = box(CELLS[form], path, bounds=bounds_of(path, form))
        yield from tables.rows(name, found, named, title, notes)
    else:
        yield from _document_rows(path, form, named, rules, box, title, notes)


def _encoding(path: Path) -> str:
    with path.open("rb") as raw:
        return encoding_of(raw.read(SAMPLE))


def _document_rows(
    path: Path,
    form: str,
    named: Named,
    rules: PostingRules,
    box: Box,
    title: IsTitle,
    told: list[Reading],
) -> Iterator[Row]:
    """The postings of a document: of its tables, then of the rest of its text."""
    name = display_name(path)
    if form == "text":  # nothing in it is parsed
        blocks: list[Any] = [documents.text(path)]
    else:
        blocks = list(box(DOCUMENTS[form], path, bounds=bounds_of(path, form)))
    text: list[str] = []
    count = number = 0
    for block in blocks:
        rows: list[Row] = []
        if not isinstance(block, str):
            number += 1
            rows = _table_rows(f"{name} [{number}]", block, named, title, told)
            yield from rows
            count += len(rows)
        if not rows:
            told_rows = [block] if isinstance(block, str) else map(documents.row_text, block)
            text += told_rows
    whole = "\n".join(text).strip()[: documents.MAX_CHARS]
    if not count or detect.is_posting(whole, rules):
        yield from _text_rows(name, whole, rules)


def _table_rows(
    name: str, block: list[list[str]], named: Named, title: IsTitle, told: list[Reading]
) -> list[Row]:
    """The postings of a table in a document, if it is one of postings."""
    pieces: list[cells.Piece] = [
        ("", i, row) for i, row in enumerate(block, 1) if any(cell.strip() for cell in row)
    ]
    if len(pieces) < MIN_ROWS:
        return []
    notes: list[Reading] = []
    try:
        rows = list(tables.rows(name, pieces, named, title, notes))
    except Unreadable:
        return []
    if not all(note.texts and note.title and note.headed for note in notes):
        return []
    told += notes
    return rows


def _text_rows(name: str, text: str, rules: PostingRules) -> Iterator[Row]:
    """The opening in a text, or each of several."""
    several = openings.split(text, rules)
    if not several:
        yield Row(name, 1, {}, detect.read(text, rules), name)
    for number, posting in enumerate(several, 1):
        yield Row(name, number, {}, posting, f"{name}#{number}")
