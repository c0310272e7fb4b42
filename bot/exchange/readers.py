"""A file of questions and answers, whatever its format: it goes by the content and the ending.

It is read in a process of its own, with bounded time, memory and output.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.exchange import columns, qnamaker, rasa, sheets, stream
from bot.exchange import documents as documents_of
from bot.exchange.columns import Named
from bot.exchange.model import MAX_BYTES, WHOLE_BYTES, Found, Note, Pair
from bot.postings import documents
from bot.postings.encoding import SAMPLE, display_name, encoding_of
from bot.postings.model import Unreadable
from bot.postings.sandbox import Bounds, Box, run_sandboxed

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
YAML = (".yml", ".yaml")
TABLES = (".csv", ".tsv", ".txt", "")
SECONDS, RATE, OUTPUT = 60, 500_000, 100_000_000
"""Seconds that reading may take, bytes that it reads in each more, and bytes that it may give."""


def read(
    path: Path, answers: Path | None = None, box: Box = run_sandboxed, named: str | None = None
) -> Found:
    """What the file holds; *answers*: the domain of a Rasa file; *box*: where it is read.

    *named*: which column holds what, as `columns.named_of` reads it.

    Raises BadInput for a file that cannot be used as a whole, OSError for one that is not there.
    """
    pieces = list(iter_pairs(path, answers, box, named))
    return Found(
        tuple(one for one in pieces if isinstance(one, Pair)),
        tuple(one for one in pieces if isinstance(one, Note)),
    )


def iter_pairs(
    path: Path, answers: Path | None = None, box: Box = run_sandboxed, named: str | None = None
) -> Iterator[Pair | Note]:
    """The same piece by piece, so that a file of any length takes no more memory."""
    if answers is not None and path.suffix.lower() not in (*YAML, ".md"):
        raise BadInput(
            f"{display_name(path)}: --answers goes with the nlu.yml or nlu.md of Rasa only"
        )
    columns.named_of(named)
    paths = [path] if answers is None else [path, answers]
    for one in paths:
        one.open("rb").close()
    size = path.stat().st_size
    bounds = Bounds(SECONDS + size / RATE, output=OUTPUT + 4 * size, error_key="classify.file.vast")
    empty = True
    try:
        said = {"told": named} if named else {}
        for fields in box(iter_fields, *paths, bounds=bounds, **said):
            empty = False
            yield _piece(*fields)
    except Unreadable as problem:
        raise BadInput(f"{display_name(path)}: {problem}") from None
    if empty:
        raise BadInput(f"{display_name(path)}: no question and answer in it")


def _piece(place: str, told: Any, *rest: Any) -> Pair | Note:
    return Pair(place, tuple(told), *rest) if rest else Note(place, told)


def iter_fields(
    path: Path, answers: Path | None = None, told: str = ""
) -> Iterator[tuple[Any, ...]]:
    """The fields of every pair and every note. Raises BadInput, OSError."""
    yield from map(astuple, _pieces(path, answers, columns.named_of(told)))


def _pieces(path: Path, answers: Path | None, named: Named) -> Iterator[Pair | Note]:
    with path.open("rb") as file:
        raw = file.read(SAMPLE)
    if raw.strip() and path.suffix.lower() not in YAML and not raw.startswith((ZIP, OLE)):
        encoding = encoding_of(raw)
        head = raw.decode(encoding, "replace").removeprefix("\ufeff")
        if stream.is_json_lines(path, head) and not _is_json(path):
            yield from stream.json_lines(path, encoding, named)
            return
        if path.stat().st_size > WHOLE_BYTES and path.suffix.lower() in TABLES:
            yield from stream.stream_csv(path, encoding, head, named)
            return
    found = _read(path, answers, named)
    yield from found.pairs
    yield from found.skipped


def _is_json(path: Path) -> bool:
    """Whether a file is one JSON value, which may stand on one line, and not lines of them."""
    if path.stat().st_size > WHOLE_BYTES or path.suffix.lower() in stream.LINES:
        return False
    return documents_of.is_json(_text(path, path.read_bytes()))


def _read(path: Path, answers: Path | None, named: Named) -> Found:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise BadInput(
            f"{display_name(path)}: larger than {MAX_BYTES // 1_000_000} MB; save it as CSV"
        )
    if path.suffix.lower() in YAML:
        _no_table(path, named)
        return rasa.read(path, answers)
    raw = path.read_bytes()
    if not raw.strip():
        raise BadInput(f"{display_name(path)}: the file is empty")
    if raw.startswith(ZIP):
        documents.guard_zip(path)
    if raw.startswith((ZIP, OLE)):
        return sheets.workbook(path, named)
    return _of_text(path, _text(path, raw), answers, named)


def _of_text(path: Path, text: str, answers: Path | None, named: Named) -> Found:
    if told := documents_of.intents(text):
        _no_table(path, named)
        return rasa.from_markdown(path, told, answers)
    if qnamaker.is_one(text) and not named:
        return qnamaker.read(path, text)
    if documents_of.is_json(text):
        return documents_of.from_json(path, text, named)
    if documents_of.is_markdown(path, text):
        return documents_of.from_markdown(path, text, named)
    return sheets.read_csv(path, text, named)


def _no_table(path: Path, named: Named) -> None:
    """Raises BadInput where columns are named for a file that has none."""
    if named:
        raise BadInput(
            f"{display_name(path)}: --columns goes with tables only; this has no columns"
        )


def _text(path: Path, raw: bytes) -> str:
    encoding = encoding_of(raw[:SAMPLE])
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(
            f"{display_name(path)}:{line}: not {encoding.upper()} like the rest; save it as UTF-8"
        ) from None
    return text.removeprefix("\ufeff").replace("\0", "")
