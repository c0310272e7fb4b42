"""A file of questions and answers, whatever its format: it goes by the content and the ending.

It is read in a process of its own, with bounded time, memory and output.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.exchange import documents as documents_of
from bot.exchange import qnamaker, rasa, sheets
from bot.exchange.model import MAX_BYTES, MAX_PAIRS, Found, Note, Pair
from bot.postings import documents
from bot.postings.boxed import Bounds, Box, boxed
from bot.postings.encoding import SAMPLE, encoding_of, written
from bot.postings.model import Unreadable

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
YAML = (".yml", ".yaml")
BOUNDS = Bounds(60, output=100_000_000, over="classify.file.vast")


def read(path: Path, answers: Path | None = None, box: Box = boxed) -> Found:
    """What the file holds; *answers*: the domain of a Rasa file; *box*: where it is read.

    Raises BadInput for a file that cannot be used as a whole, OSError for one that is not there.
    """
    if answers is not None and path.suffix.lower() not in (*YAML, ".md"):
        raise BadInput(f"{written(path)}: --answers goes with the nlu.yml or nlu.md of Rasa only")
    paths = [path] if answers is None else [path, answers]
    for one in paths:
        one.open("rb").close()
    try:
        pieces = list(box(taken, *paths, bounds=BOUNDS))
    except Unreadable as problem:
        raise BadInput(f"{written(path)}: {problem}") from None
    found = Found(
        tuple(Pair(place, tuple(asked), *rest) for place, asked, *rest in pieces if rest),
        tuple(Note(*piece) for piece in pieces if len(piece) == len(Note.__slots__)),
    )
    if not found.pairs and not found.left:
        raise BadInput(f"{written(path)}: no question and answer in it")
    return found


def taken(path: Path, answers: Path | None = None) -> Iterator[tuple[Any, ...]]:
    """The fields of every pair, then those of every note. Raises BadInput, OSError."""
    found = _read(path, answers)
    if len(found.pairs) > MAX_PAIRS:
        raise BadInput(
            f"{written(path)}: {len(found.pairs):,} answers, at most {MAX_PAIRS:,}; split it"
        )
    yield from map(astuple, found.pairs)
    yield from map(astuple, found.left)


def _read(path: Path, answers: Path | None) -> Found:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise BadInput(f"{written(path)}: larger than {MAX_BYTES // 1_000_000} MB; split it")
    if path.suffix.lower() in YAML:
        return rasa.read(path, answers)
    raw = path.read_bytes()
    if not raw.strip():
        raise BadInput(f"{written(path)}: the file is empty")
    if raw.startswith(ZIP):
        documents.guard_zip(path)
        return sheets.workbook(path)
    if raw.startswith(OLE):
        return sheets.workbook(path)
    text = _text(path, raw)
    if told := documents_of.intents(text):
        return rasa.from_markdown(path, told, answers)
    if qnamaker.is_one(text):
        return qnamaker.read(path, text)
    if documents_of.is_json(text):
        return documents_of.from_json(path, text)
    if documents_of.is_markdown(path, text):
        return documents_of.from_markdown(path, text)
    return sheets.delimited(path, text)


def _text(path: Path, raw: bytes) -> str:
    encoding = encoding_of(raw[:SAMPLE])
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(
            f"{written(path)}:{line}: not {encoding.upper()} like the rest; save it as UTF-8"
        ) from None
    return text.removeprefix("\ufeff").replace("\0", "")
