"""The rule pack: every phrase of every function and family compiled into one automaton.

At each place of a text the longest phrase that begins first wins, whoever it belongs to, so that a
longer word of another trade protects the shorter one inside it. Cost does not grow with the rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import ahocorasick_rs

from knowledge.normal import is_latin
from rules.load import Phrases
from rules.posting.flat import flatten
from rules.posting.load import FunctionRule, PostingRules, phrases

SIGNAL, TITLE, BLOCK, LIFT, HEADING, CUE = "signal", "title", "block", "lift", "heading", "cue"
TITLE_WEIGHT = 4.0
"""A job title as it is usually posted."""


class Row(NamedTuple):
    """What a phrase stands for. A phrase may stand for several things."""

    kind: str
    owner: str
    """Function or family; for headings and cues the place they open."""
    duty: str
    weight: float


class Hit(NamedTuple):
    """A phrase found in a flat text."""

    rows: tuple[Row, ...]
    start: int
    end: int
    phrase: str


@dataclass(frozen=True, slots=True)
class Table:
    """Phrase -> what it stands for, for descriptions and for titles."""

    body: dict[str, list[Row]]
    title: dict[str, list[Row]]


class Automaton:
    """Finds the phrases of a table in a flat text, leftmost and longest."""

    def __init__(self, table: dict[str, list[Row]]) -> None:
        self._phrases = list(table)
        self._rows = [tuple(Row(*row) for row in rows) for rows in table.values()]
        self._edges = [(is_latin(p[0]), is_latin(p[-1])) for p in self._phrases]
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._search = ahocorasick_rs.AhoCorasick(self._phrases, matchkind=kind)

    def find(self, text: str) -> Iterator[Hit]:
        """The phrases of *text* in order, none overlapping; Latin ones only as whole words."""
        size = len(text)
        for i, start, end in self._search.find_matches_as_indexes(text):
            first, last = self._edges[i]
            if first and start and is_latin(text[start - 1]):
                continue
            if last and end < size and is_latin(text[end]):
                if text[end] != "s" or (end + 1 < size and is_latin(text[end + 1])):
                    continue
            yield Hit(self._rows[i], start, end, self._phrases[i])


def table_of(rules: PostingRules) -> Table:
    """Every phrase of *rules*, made comparable."""
    body: defaultdict[str, list[Row]] = defaultdict(list)
    title: defaultdict[str, list[Row]] = defaultdict(list)
    for place in rules.structure.headings:
        _add(body, place.words, Row(HEADING, place.place, "", 0.0))
    for place in rules.structure.cues:
        _add(body, place.words, Row(CUE, place.place, "", 0.0))
    for rule in rules.all:
        _add(title, rule.titles, Row(TITLE, rule.function, "title", TITLE_WEIGHT))
        for table in (body, title):
            _add(table, rule.blocked_by, Row(BLOCK, rule.function, "", 0.0))
            _add(table, rule.lifts, Row(LIFT, rule.function, "", 0.0))
        for duty, signals, _, phrase in phrases(rule):
            row = Row(SIGNAL, rule.function, duty.duty, float(signals.weight))
            for table in (body, title):
                _put(table, phrase, row)
    return Table(dict(body), dict(title))


def _add(table: dict[str, list[Row]], words: Phrases, row: Row) -> None:
    for _, phrase in words.all():
        _put(table, phrase, row)


def _put(table: dict[str, list[Row]], phrase: str, row: Row) -> None:
    """Within a table the first row of an owner stands; a signal goes before a blocker."""
    key = flatten(phrase).text.strip()
    rows: Any = table.setdefault(key, []) if key else []
    if not any(row.owner == other.owner and row.kind == other.kind for other in rows):
        rows.append(row)
