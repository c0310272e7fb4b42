"""Tables of phrases as they are kept: what phrases stand for, once, and which is whose."""

from __future__ import annotations

from typing import Any

from rules.postings.automaton import Row, Rows


def pack(table: Rows) -> tuple[list[list[Row]], dict[str, int]]:
    """A table as what is kept of it: tens of thousands of phrases stand for a few things only."""
    numbers: dict[tuple[Row, ...], int] = {}
    places = {
        phrase: numbers.setdefault(tuple(rows), len(numbers)) for phrase, rows in table.items()
    }
    return [list(rows) for rows in numbers], places


def unpack(packed: tuple[list[list[list[Any]]], dict[str, int]]) -> Rows:
    """The table again; phrases that stand for the same share their rows."""
    kept, places = packed
    distinct = [[Row(*row) for row in rows] for rows in kept]
    return {phrase: distinct[number] for phrase, number in places.items()}
