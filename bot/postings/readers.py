"""A file, whatever its format -> its postings, one by one; the format goes by the content."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bot.postings import cells, documents, tables
from bot.postings.boxed import Bounds, Box, Read, boxed
from bot.postings.columns import Named
from bot.postings.encoding import SAMPLE, encoding_of, written
from bot.postings.model import Row, Unreadable
from rules.postings import paste
from rules.postings.pack import Pack

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
DOCUMENTS: dict[str, Read] = {
    "docx": documents.docx,
    "pdf": documents.pdf,
    "text": documents.text,
}
"""How a format is read whose files hold one posting each."""
CELLS: dict[str, Read] = {
    "csv": cells.delimited,
    "xlsx": cells.workbook,
    "xls": cells.workbook,
    "ods": cells.workbook,
}
"""How the cells of a table are read."""
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def format_of(path: Path) -> str:
    """jsonl, csv, xlsx, xls, ods, docx, pdf or text. Raises Unreadable for anything else."""
    size = path.stat().st_size
    if not size:
        raise Unreadable("classify.file.empty")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(ZIP):
        return _zipped(path)
    if head.startswith(OLE):
        return _old_office(path)
    if head.startswith(PDF):
        _bounded(size)
        return "pdf"
    if head.startswith(PICTURES):
        raise Unreadable("classify.file.binary")
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return "csv"
    if suffix in (".jsonl", ".ndjson") or _is_json_line(head):
        return "jsonl"
    return "text"


def _zipped(path: Path) -> str:
    names = documents.guard_zip(path)
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith("word/") for name in names):
        _bounded(path.stat().st_size)
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


def _bounded(size: int) -> None:
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


def _json_lines(path: Path) -> Iterator[bytes]:
    """The lines in UTF-8, whatever the file is written in."""
    with path.open("rb") as raw:
        encoding = encoding_of(raw.read(SAMPLE))
        raw.seek(0)
        if encoding.startswith("utf-8"):
            yield from tables.lines_of(raw)
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
    return Bounds(60 + more / 2_000_000, output=200_000_000 + 8 * more, over="classify.file.vast")


def rows(path: Path, form: str, named: Named, pack: Pack, box: Box = boxed) -> Iterator[Row]:
    """The postings of a file of that format; *box* says where it is read.

    Raises Unreadable for a file that cannot be used.
    """
    if form == "jsonl":
        yield from tables.jsonl(written(path), _json_lines(path))
    elif form in CELLS:
        found = box(CELLS[form], path, bounds=bounds_of(path, form))
        yield from tables.rows(written(path), found, named)
    else:
        yield Row(written(path), 1, {}, paste.read(_document(path, form, box), pack), written(path))


def _document(path: Path, form: str, box: Box) -> str:
    if form == "text":  # nothing in it is parsed
        return documents.text(path)
    return "".join(box(DOCUMENTS[form], path, bounds=bounds_of(path, form)))
