"""Postings in JSON: a line each, or one document with a list of them somewhere in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from bot.postings import columns
from bot.postings.cells import MAX_COLUMNS, text_of
from bot.postings.columns import IsTitle, Named
from bot.postings.headers import role_of
from bot.postings.model import Row, Unreadable
from bot.postings.reading import Reading, reading
from knowledge.engine.model import LANGUAGES
from rules.postings.model import Posting

MAX_LINE = 6_000_000
MAX_DEPTH = 12
_HALF = re.compile("[\ud800-\udfff]")
Keys = tuple[str, ...]


def lines_of(raw: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream; of one that is too long only the beginning is ever held."""
    while line := raw.readline(MAX_LINE + 1):
        yield line
        while len(line) > MAX_LINE and not line.endswith(b"\n"):
            line = raw.readline(MAX_LINE + 1)


class Finder:
    """Finds the posting in an object by its keys; what holds for one holds for all like it."""

    def __init__(self, file: str, named: Named, title: IsTitle, told: list[Reading]) -> None:
        self._file, self._named, self._title, self._told = file, named, title, told
        self._known: dict[Keys, columns.Columns | None] = {}

    def row(self, value: Any, number: int) -> Row:
        """The row of an object."""
        if not isinstance(value, dict):
            return Row(self._file, number, problem=Unreadable("classify.row.shape"))
        if len(value) > MAX_COLUMNS:
            wide = Unreadable("classify.row.wide", limit=f"{MAX_COLUMNS:,}")
            return Row(self._file, number, id=value.get("id"), problem=wide)
        if self._named == Named() and "description" in value:
            if isinstance(value["description"], str):
                return self._plain_row(value, number)
            shape = Unreadable("classify.row.shape")
            return Row(self._file, number, id=value.get("id"), problem=shape)
        return self._found_row(value, number)

    def _plain_row(self, value: dict[str, Any], number: int) -> Row:
        cells = {key: text_of(item) for key, item in value.items()}
        lang, title = value.get("lang"), value.get("title")
        if "title" not in value and self._title_of(value):
            return self._found_row(value, number)
        posting = Posting(
            value["description"],
            title if isinstance(title, str) else "",
            lang if isinstance(lang, str) and lang in LANGUAGES else None,
        )
        return Row(self._file, number, cells, posting, value.get("id"))

    def _title_of(self, value: dict[str, Any]) -> bool:
        return any(role_of(key) == "title" for key in value if key != "title")

    def _found_row(self, value: dict[str, Any], number: int) -> Row:
        cells = dict(_flatten(value))
        names = list(cells)
        try:
            found = self._columns(names, list(cells.values()))
        except Unreadable as problem:
            return Row(self._file, number, cells, id=value.get("id"), problem=problem)
        if found is None:
            shape = Unreadable("classify.row.shape")
            return Row(self._file, number, cells, id=value.get("id"), problem=shape)
        posting = columns.posting(list(cells.values()), names, found)
        id_ = value.get("id", value.get(names[found.id]) if found.id is not None else None)
        return Row(self._file, number, cells, posting, id_)

    def _columns(self, names: list[str], values: list[str]) -> columns.Columns | None:
        key = tuple(names)
        if key not in self._known:
            found = columns.find(names, self._named)
            asked = found and [role_of(names[i]) for i in found.texts]
            if not self._named.any_text and (not asked or set(asked) == {"requirements"}):
                guessed = columns.by_content([values], found, self._title)
                if guessed.texts:
                    found = guessed
                elif found is None or (not found.texts and found.title is None):
                    found = None
            if found is not None and not found.texts and found.title is None:
                found = None
            self._known[key] = found
            if found is not None:
                self._told.append(reading(self._file, names, found, [values]))
        return self._known[key]


def _flatten(value: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """(key, text) of everything in an object; what is nested gets a dotted key."""
    for key, item in value.items():
        name = f"{before}{key}"
        if isinstance(item, dict) and depth < MAX_DEPTH:
            yield from _flatten(item, f"{name}.", depth + 1)
        elif isinstance(item, list) and all(isinstance(part, str) for part in item):
            yield name, "\n".join(item)
        else:
            yield name, text_of(item)


def jsonl(
    file: str,
    lines: Iterable[bytes],
    named: Named | None = None,
    title: IsTitle = lambda _: False,
    told: list[Reading] | None = None,
) -> Iterator[Row]:
    """A posting a line: ``{"id","title"?,"description","lang"?}``, or with keys of other names."""
    finder = Finder(file, named or Named(), title, told if told is not None else [])
    for number, raw in enumerate(lines, 1):
        if not raw.strip():
            continue
        try:
            yield finder.row(_parse_line(raw), number)
        except Unreadable as problem:
            yield Row(file, number, problem=problem)


def _parse_line(raw: bytes) -> Any:
    if len(raw) > MAX_LINE:
        raise Unreadable("classify.row.long", limit=f"{MAX_LINE:,}")
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("classify.row.json", reason=str(error).splitlines()[0][:120]) from None
    if b"\\ud" in raw.lower():
        # Half a surrogate pair can be escaped in JSON, but written in no file.
        value = json.loads(_HALF.sub("\ufffd", json.dumps(value, ensure_ascii=False)))
    return value


def document(path: Path, encoding: str) -> Any:
    """The JSON value of a whole file. Raises Unreadable."""
    try:
        value = json.loads(path.read_text(encoding=encoding).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0][:120]
        raise Unreadable("classify.file.damaged", reason=reason) from None
    return json.loads(_HALF.sub("\ufffd", json.dumps(value, ensure_ascii=False)))


def rows(file: str, value: Any, named: Named, title: IsTitle, told: list[Reading]) -> Iterator[Row]:
    """The postings of a JSON document: of its longest list of objects, or the one it is."""
    finder = Finder(file, named, title, told)
    found = max(_lists(value), key=len, default=None)
    if found is None:
        found = [value] if isinstance(value, dict) else []
    if not found:
        raise Unreadable("classify.row.shape")
    for number, item in enumerate(found, 1):
        yield finder.row(item, number)


def _lists(value: Any, depth: int = 0) -> Iterator[list[Any]]:
    """Every list of objects in *value*; objects under names that are no columns are one, too."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        if any(isinstance(item, dict) for item in value):
            yield value
        for item in value:
            yield from _lists(item, depth + 1)
    elif isinstance(value, dict):
        inside = list(value.values())
        if len(inside) > 1 and all(isinstance(item, dict) for item in inside):
            yield [{"id": key, **item} for key, item in value.items()]
        for item in inside:
            yield from _lists(item, depth + 1)
