"""One document, one posting: plain text, DOCX and PDF."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bot.postings.encoding import SAMPLE, encoding_of
from bot.postings.headers import role_of
from bot.postings.model import Unreadable

MAX_BYTES = 25_000_000
MAX_CHARS = 400_000
"""What is read of a document; a posting is a hundredth of that."""
MAX_PAGES = 60
MAX_MEMBERS, MAX_UNPACKED, MAX_RATIO = 5_000, 500_000_000, 200
"""Bounds of a zipped office file; beyond them it is taken for a zip bomb."""
MEMBER = b"PK\x01\x02"


def text(path: Path) -> str:
    """The text of a plain file. Raises Unreadable."""
    with path.open("rb") as file:
        raw = file.read(MAX_CHARS * 4)
    return raw.decode(encoding_of(raw[:SAMPLE]), "replace")[:MAX_CHARS].removeprefix("\ufeff")


def bytes_as_text(raw: bytes) -> str:
    """The text in bytes that came from elsewhere than a file. Raises Unreadable."""
    return raw.decode(encoding_of(raw[:SAMPLE]), "replace")[:MAX_CHARS].removeprefix("\ufeff")


def docx(path: Path) -> str:
    """The paragraphs and table cells of a Word file, in order. Raises Unreadable."""
    return "\n".join(
        block if isinstance(block, str) else "\n".join(map(row_text, block)) for block in word(path)
    ).strip()[:MAX_CHARS]


def word(path: Path) -> Iterator[str | list[list[str]]]:
    """The paragraphs (text) and tables (rows of cells) of a Word file. Raises Unreadable."""
    import docx as reader

    try:
        for block in reader.Document(str(path)).iter_inner_content():
            if hasattr(block, "rows"):
                yield [[cell.text.strip() for cell in row.cells] for row in block.rows]
            else:
                yield block.text
    except Exception as error:  # python-docx lets whatever lxml and zipfile raise come through
        raise Unreadable("classify.file.damaged", reason=_short(error)) from None


def row_text(cells: list[str]) -> str:
    """A row of a table as text; a title on one line with its name."""
    told = [cell for cell in dict.fromkeys(cells) if cell]
    if len(told) == 2 and role_of(told[0]) == "title":
        return f"{told[0]}: {told[1]}"
    return "\n".join(told)


def pdf(path: Path) -> str:
    """The text of a PDF. Raises Unreadable for one with a password or without text."""
    import logging

    import pypdf
    from pypdf.errors import DependencyError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = pypdf.PdfReader(io.BytesIO(path.read_bytes()))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("classify.file.password")
        pages = [page.extract_text() for page in reader.pages[:MAX_PAGES]]
    except Unreadable:
        raise
    except DependencyError:  # a cipher that pypdf has no code for
        raise Unreadable("classify.file.password") from None
    except Exception as error:  # pypdf lets whatever a damaged object leads to come through
        raise Unreadable("classify.file.damaged", reason=_short(error)) from None
    found = "\n".join(pages).strip()
    if not found:
        raise Unreadable("classify.file.no_text")
    return found[:MAX_CHARS]


def guard_zip(path: Path) -> list[str]:
    """The names in a zipped office file. Raises Unreadable for damage and for zip bombs."""
    if _members(path) > MAX_MEMBERS:  # before somebody makes an object of each
        raise Unreadable("classify.file.bomb", size=f"{path.stat().st_size:,}")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise Unreadable("classify.file.damaged", reason=_short(error)) from None
    unpacked = sum(member.file_size for member in members)
    packed = max(1, path.stat().st_size)
    bomb = unpacked > MAX_UNPACKED or (unpacked > 10_000_000 and unpacked / packed > MAX_RATIO)
    if len(members) > MAX_MEMBERS or bomb:
        raise Unreadable("classify.file.bomb", size=f"{unpacked:,}")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("classify.file.password")
    return [member.filename for member in members]


def _members(path: Path) -> int:
    """How many members a zipped file has at most: how often the mark of one stands in it."""
    count, end = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            count += (end + chunk).count(MEMBER)
            end = chunk[-len(MEMBER) + 1 :]
    return count


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
