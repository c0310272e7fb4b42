"""A file, whatever its format -> its postings, one by one; the format goes by the content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.postings import documents, tables
from bot.postings.columns import Named
from bot.postings.encoding import SAMPLE, encoding_of, written
from bot.postings.model import Row, Unreadable
from rules.posting import paste
from rules.posting.pack import Pack

ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
Read = Callable[[Path], str]
DOCUMENTS: dict[str, Read] = {
    "docx": documents.docx,
    "pdf": documents.pdf,
    "text": documents.text,
}
"""How a format is read whose files hold one posting each."""
TABLES = frozenset({"csv", "tsv", "xlsx", "xls", "ods", "jsonl"})
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
    raw = path.read_bytes()[: documents.MAX_BYTES]
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


def plainly(read: Read, path: Path) -> str:
    """Read a document here and now."""
    return read(path)


def rows(
    path: Path,
    form: str,
    named: Named,
    pack: Pack,
    box: Callable[[Read, Path], str] = plainly,
) -> Iterator[Row]:
    """The postings of a file of that format; *box* says how a document is read.

    Raises Unreadable for a file that cannot be used.
    """
    if form == "jsonl":
        yield from tables.jsonl(written(path), _json_lines(path))
    elif form == "csv":
        yield from tables.delimited(path, named)
    elif form in ("xlsx", "xls", "ods"):
        yield from tables.workbook(path, named)
    else:
        posting = paste.read(box(DOCUMENTS[form], path), pack)
        yield Row(written(path), 1, {}, posting, written(path))
