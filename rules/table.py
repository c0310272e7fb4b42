"""The table of phrases: where each literal of names, rules and words stands in a text.

A command that asks one question must not wait for tens of thousands of phrases: the first texts are
looked up in the file, piece by piece; from then on everything is in memory, in one automaton.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import ahocorasick_rs

from knowledge.engine import compiled
from knowledge.engine.sqlite_file import SqliteFile
from rules.phrases import Phrase, Table

FIRST = 40
"""Texts that are looked up in the file; who asks more stays longer, and loads the table."""
LONGEST_LOOKED_UP = 300
"""Characters of a text that is looked up piece by piece."""
AT_ONCE = 900
"""Pieces in one query; SQLite takes 999 values."""


class PhraseTable:
    """Literals and the phrases that each stands for; safe for several threads."""

    def __init__(self, path: Path) -> None:
        """*path*: a file that `write` made; its folder is in use while the table lives."""
        compiled.hold(self, path.parent)
        self._file = SqliteFile(path)
        self._asked = 0

    def find(self, text: str) -> Iterator[tuple[int, int, tuple[Phrase, ...]]]:
        """(start, end, phrases) of every literal in a compact text, overlapping ones included."""
        self._asked += 1
        if self._asked <= FIRST and len(text) <= LONGEST_LOOKED_UP:
            return iter(sorted(self._lookups(text), key=lambda hit: hit[:2]))
        return iter(sorted(self._matches(text), key=lambda hit: hit[:2]))

    def phrases(self, literal: str) -> tuple[Phrase, ...]:
        """What one literal stands for."""
        row = self._file.one("SELECT rows FROM phrase WHERE literal = ?", (literal,))
        return _phrases(row[0]) if row else ()

    def literals(self, value: str) -> list[str]:
        """Every literal one of whose phrases stands for that *value*, an entry's id or another."""
        query = "SELECT literal FROM phrase WHERE instr(rows, ?) ORDER BY literal"
        return [literal for (literal,) in self._file.all(query, (json.dumps(value),))]

    def _matches(self, text: str) -> Iterator[tuple[int, int, tuple[Phrase, ...]]]:
        automaton, rows = self._automaton
        for number, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            yield start, end, _phrases(rows[number])

    def _lookups(self, text: str) -> Iterator[tuple[int, int, tuple[Phrase, ...]]]:
        places: dict[str, list[tuple[int, int]]] = {}
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self._longest_length) + 1):
                places.setdefault(text[start:end], []).append((start, end))
        pieces = iter(places)
        while some := list(islice(pieces, AT_ONCE)):
            marks = ",".join("?" * len(some))
            query = f"SELECT literal, rows FROM phrase WHERE literal IN ({marks})"
            for literal, rows in self._file.all(query, some):
                yield from ((*place, _phrases(rows)) for place in places[literal])

    @cached_property
    def _automaton(self) -> tuple[ahocorasick_rs.AhoCorasick, list[str]]:
        found = self._file.all("SELECT literal, rows FROM phrase ORDER BY literal")
        # Many literals stand for the same, such as all names of an entry.
        rows = [sys.intern(row) for _, row in found]
        return ahocorasick_rs.AhoCorasick([literal for literal, _ in found]), rows

    @cached_property
    def _longest_length(self) -> int:
        (length,) = self._file.one("SELECT length FROM longest")
        return int(length)


@lru_cache(maxsize=32_768)
def _phrases(rows: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(*row) for row in json.loads(rows))


def write(path: Path, phrases: dict[str, list[Any]]) -> None:
    """Write the table (`phrases.rule_table`) where `PhraseTable` finds it."""
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE phrase (literal TEXT PRIMARY KEY, rows TEXT) WITHOUT ROWID")
        db.execute("CREATE TABLE longest (length INTEGER)")
        rows = ((text, json.dumps(values, ensure_ascii=False)) for text, values in phrases.items())
        db.executemany("INSERT INTO phrase VALUES (?, ?)", rows)
        db.execute("INSERT INTO longest VALUES (?)", (max(map(len, phrases), default=0),))
    db.close()


def extend(path: Path, source: Path, first: Table, last: Table) -> None:
    """Write the table of the file *source* to *path*, and more of a literal before and after."""
    shutil.copyfile(source, path)
    with sqlite3.connect(path) as db:
        (longest,) = db.execute("SELECT length FROM longest").fetchone()
        rows = []
        for text in dict.fromkeys((*first, *last)):
            found = db.execute("SELECT rows FROM phrase WHERE literal = ?", (text,)).fetchone()
            between = json.loads(found[0]) if found else []
            merged: list[Any] = []
            for row in (*first.get(text, ()), *between, *last.get(text, ())):
                if row not in merged:
                    merged.append(row)
            rows.append((text, json.dumps(merged, ensure_ascii=False)))
        db.executemany("INSERT OR REPLACE INTO phrase VALUES (?, ?)", sorted(rows))
        db.execute("UPDATE longest SET length = ?", (max((longest, *map(len, (*first, *last)))),))
    db.close()
