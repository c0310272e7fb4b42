"""The rows of a finished batch as a table on a page: kept as files, sorted, filtered, leafed.

Two files of the batch's own folder hold them: what stands in the table, and every posting with its
original columns, so that a row can be opened with its evidence and the results written anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from bot.postings.answer import DECIDED, TIE, of_name
from bot.postings.model import Result, Row, Unreadable
from bot.postings.output import job_title
from bot.postings.summary import Summary
from bot.store import NotFound
from bot.store.corrections import Correction
from rules.postings.certainty import tied_functions
from rules.postings.model import Posting
from rules.postings.posting_rules import PostingRules

TABLE, ROWS = "table.jsonl", "rows.jsonl"
PAGE = 50
"""Rows on one page."""
MAX_TITLE = 120
SORTS = ("place", "title", "function", "share", "decision")
LOOK, CORRECTED, BROKEN = "look", "corrected", "broken"
SHOWS = ("", LOOK, CORRECTED, BROKEN)
"""What may be shown: everything, or what needs a look, was corrected or cannot be read."""
SURE = "auto"
MILD = frozenset({"missing_core", "catch_all"})
"""Flags that alone are no reason to look at a posting."""
URGENCY = {"": 0, "ask": 1, "review": 2, "out_of_scope": 3, SURE: 4}
"""In which order decisions stand; what nobody could read comes first."""
AT_ONCE = 8
"""Tables that stay in memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the table shows it."""

    number: int
    """Its place in the batch, from 1."""
    place: str
    """File and row, as the person counts them."""
    title: str
    function: str
    """Function or family of the verdict; nothing where there is none."""
    share: float
    """Percent of the evidence that the function has."""
    decision: str
    flags: tuple[str, ...]
    input: str
    """The hash under which decisions about the posting are kept."""
    at: int
    """Where the posting begins in the other file, in bytes."""
    second: str = ""
    """The function or family that is as close as makes no decision; nothing where one is made."""

    @property
    def needs_a_look(self) -> bool:
        """Whether a person should look at it."""
        return self.decision not in (SURE, "out_of_scope") or bool(set(self.flags) - MILD)

    @property
    def certainty(self) -> str:
        """How sure the rules were; ``tie`` where two are too close together."""
        return TIE if self.second else self.decision


@dataclass(frozen=True, slots=True)
class View:
    """What somebody wants to see of a table."""

    show: str = ""
    function: str = ""
    sought: str = ""
    """Words of the title or the place."""
    sort: str = "place"
    down: bool = False

    def query(self, **other: Any) -> dict[str, str]:
        """The same as the query of an address, with *other* in its place; defaults are left out."""
        values = asdict(replace(self, **other))
        return {
            name: "1" if value is True else value
            for name, value in values.items()
            if value and value != "place"
        }


class Writer:
    """Writes both files while a batch is worked through."""

    def __init__(self, folder: Path, rules: PostingRules) -> None:
        self._folder, self._rules = folder, rules
        self._postings: IO[bytes] = (folder / f"{ROWS}.new").open("wb")
        self._table: IO[bytes] = (folder / f"{TABLE}.new").open("wb")
        self._number = 0

    def add(self, result: Result) -> None:
        """One more row."""
        self._number += 1
        at = self._postings.tell()
        self._postings.write(_json(_row_to(result.row)))
        self._table.write(_json(asdict(_line(result, self._number, at, self._rules))))

    def close(self, done: bool) -> None:
        """Both files are complete, if *done*; else there is none."""
        for file, name in ((self._postings, ROWS), (self._table, TABLE)):
            file.close()
            path = self._folder / f"{name}.new"
            if done:
                path.replace(self._folder / name)
            else:
                path.unlink(missing_ok=True)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _line(result: Result, number: int, at: int, rules: PostingRules) -> Line:
    row, verdict = result.row, result.verdict
    place = f"{row.file}:{row.number}"
    title = job_title(row.posting).strip()[:MAX_TITLE] if row.posting else ""
    if verdict is None:
        return Line(number, place, title, "", 0.0, "", (), "", at)
    share = verdict.shares.get(verdict.function, 0.0)
    flags = tuple(dict.fromkeys(flag.kind for flag in verdict.flags))
    return Line(
        number, place, title, verdict.family or verdict.function, share, str(verdict.decision),
        flags, verdict.stamp.input, at, "".join(tied_functions(verdict, rules)[1:]),
    )  # fmt: skip


def _row_to(row: Row) -> dict[str, Any]:
    posting, problem = row.posting, row.problem
    return {
        "file": row.file, "number": row.number, "cells": row.cells, "id": row.id,
        "posting": [posting.description, posting.title, posting.language] if posting else None,
        "problem": [problem.key, {k: str(v) for k, v in problem.values.items()}]
        if problem else None,
    }  # fmt: skip


def _row_from(value: Mapping[str, Any]) -> Row:
    posting, problem = value["posting"], value["problem"]
    return Row(
        value["file"], value["number"], value["cells"], Posting(*posting) if posting else None,
        value["id"], Unreadable(problem[0], **problem[1]) if problem else None,
    )  # fmt: skip


def lines(folder: Path) -> tuple[Line, ...]:
    """Every row of the table. Raises NotFound where there is none."""
    path = folder / TABLE
    try:
        return _lines(path, os.stat(path).st_mtime_ns)
    except (OSError, ValueError):
        raise NotFound(TABLE) from None


@lru_cache(AT_ONCE)
def _lines(path: Path, _changed: int) -> tuple[Line, ...]:
    with path.open(encoding="utf-8") as file:
        values = (json.loads(text) for text in file)
        return tuple(Line(**value | {"flags": tuple(value["flags"])}) for value in values)


def rows(folder: Path) -> Iterator[Row]:
    """Every row with its posting, as it was read. Raises NotFound where there is none."""
    try:
        with (folder / ROWS).open(encoding="utf-8") as file:
            for text in file:
                yield _row_from(json.loads(text))
    except OSError:
        raise NotFound(ROWS) from None


def row(folder: Path, line: Line) -> Row:
    """The row of one line, with its posting. Raises NotFound."""
    try:
        with (folder / ROWS).open("rb") as file:
            file.seek(line.at)
            return _row_from(json.loads(file.readline()))
    except (OSError, ValueError):
        raise NotFound(ROWS) from None


def looked_at(all_: Iterable[Line], view: View, corrected: Mapping[str, Correction]) -> list[Line]:
    """The lines of a view, in its order; what was corrected needs no look any more."""
    found = [line for line in all_ if _is_shown(line, view, corrected)]
    keys = {
        "place": lambda line: line.number,
        "title": lambda line: line.title.casefold(),
        "function": lambda line: effective_function(line, corrected),
        "share": lambda line: line.share,
        "decision": lambda line: (line.input in corrected, URGENCY.get(line.decision, 0)),
    }
    return sorted(found, key=keys.get(view.sort, keys["place"]), reverse=view.down)


def count_shown(all_: Iterable[Line], corrected: Mapping[str, Correction]) -> dict[str, int]:
    """How many rows each of `SHOWS` shows."""
    views = {show: View(show) for show in SHOWS}
    counts = dict.fromkeys(SHOWS, 0)
    for line in all_:
        for show, view in views.items():
            counts[show] += _is_shown(line, view, corrected)
    return counts


def _is_shown(line: Line, view: View, corrected: Mapping[str, Correction]) -> bool:
    is_corrected = line.input in corrected
    if view.show == LOOK and (is_corrected or not line.input or not line.needs_a_look):
        return False
    if view.show == CORRECTED and not is_corrected:
        return False
    if view.show == BROKEN and line.input:
        return False
    if view.function and effective_function(line, corrected) != view.function:
        return False
    sought = view.sought.casefold()
    return not sought or sought in line.title.casefold() or sought in line.place.casefold()


def effective_function(line: Line, corrected: Mapping[str, Correction]) -> str:
    """The function a person decided for, else that of the verdict."""
    return corrected[line.input].decided if line.input in corrected else line.function


def summed_up(
    all_: Iterable[Line], corrected: Mapping[str, Correction], rules: PostingRules
) -> Summary:
    """What the batch came to, with everything that was decided since."""
    summary = Summary()
    for line in all_:
        if not line.decision:
            summary.total += 1
            summary.broken += 1
            continue
        held = of_name(line.function, line.certainty, rules)
        if line.input in corrected:
            held = of_name(corrected[line.input].decided, DECIDED, rules)
        summary.count(held, line.function, line.flags)
    return summary


def fingerprint(all_: Iterable[Line], corrected: Mapping[str, Correction]) -> list[int]:
    """The numbers of the decisions that hold about a table."""
    return sorted({corrected[line.input].id for line in all_ if line.input in corrected})
