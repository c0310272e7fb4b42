"""Finds phrases in a text: the longest that begins first wins, whoever it belongs to.

So a longer word of another trade protects the shorter one inside it. One automaton holds all
phrases; its cost does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import ahocorasick_rs

from knowledge.engine.normal import is_latin

SIGNAL, TITLE, BLOCK, LIFT = "signal", "title", "block", "lift"
HEADING, CUE, FLAG, RANK = "heading", "cue", "flag", "rank"
NAMED, CONTEST = "named", "contest"
LATIN = frozenset(char for char in map(chr, range(0x250)) if is_latin(char))
SHORT = 300
FIRST, LAST = 1, 2
FEW = 10
"""The first few texts of up to that many characters are looked through phrase by phrase: building
the automaton takes longer, and a command often asks no more.
"""


KINDS = {kind: 1 << i for i, kind in enumerate((LIFT, HEADING, CUE, FLAG, NAMED, SIGNAL))}
"""A bit for each kind that is looked for among hundreds of hits."""


class Row(NamedTuple):
    """What a phrase stands for. A phrase may stand for several things."""

    kind: str
    owner: str
    """Function or family; for headings and cues the place they open."""
    duty: str
    weight: float
    language: str = ""
    """For two Han characters, which mean something else in the other language: zh or ja."""


class Hit(NamedTuple):
    """A phrase found in a normalized text."""

    rows: tuple[Row, ...]
    start: int
    end: int
    phrase: str
    kinds: int
    """The bits (`KINDS`) of all its rows."""


Known = tuple[list[tuple[Row, ...] | None], bytearray]
"""Of every phrase, as far as that was asked: its rows, and the bits of their kinds."""
Rows = dict[str, list[Row]]


class Automaton:
    """Finds the phrases of a table in a normalized text, leftmost and longest."""

    def __init__(
        self,
        table: Rows,
        factors: dict[str, float] | None = None,
        times: dict[tuple[str, str], float] | None = None,
    ) -> None:
        """*factors*: by how much the weights of some owners are multiplied; *times*: those of
        single phrases of an owner.
        """
        self._times = times or {}
        self._table = table
        self._factors = factors or {}
        self._phrases = list(table)
        self._longest = max(map(len, self._phrases), default=0)
        self._by: dict[str, Known] = {}
        self._short = 0

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every phrase, made comparable."""
        return tuple(self._phrases)

    def rows(self, phrase: str) -> tuple[Row, ...]:
        """What a phrase stands for, in whatever language."""
        return self._make(phrase, "")

    def find(self, text: str, language: str = "") -> list[Hit]:
        """The phrases of *text* in order, none overlapping; Latin ones only as whole words.

        *language*: that of the text, where it is known.
        """
        self._short += len(text) <= SHORT
        if len(text) > SHORT or self._short > FEW:
            found: Iterable[tuple[int, int, int]] = self._search.find_matches_as_indexes(text)
        else:
            found = self._scan(text)
        spoken = language and ("ja" if language == "ja" else "zh")
        known, kinds = self._rows_by_phrase(spoken)
        edges, phrases, size = self._edges, self._phrases, len(text)
        hits, new = [], tuple.__new__  # thousands a second: skips what a NamedTuple checks
        for i, start, end in found:
            edge = edges[i]
            if edge:
                if edge & FIRST and start and text[start - 1] in LATIN:
                    continue
                if (
                    edge & LAST
                    and end < size
                    and text[end] in LATIN
                    and not _is_plural_end(text, end)
                ):
                    continue
            rows = known[i]
            if rows is None:
                rows = self._make(phrases[i], spoken)
                kinds[i] = sum({KINDS.get(row.kind, 0) for row in rows})
                known[i] = rows
            if rows:
                hits.append(new(Hit, (rows, start, end, phrases[i], kinds[i])))
        return hits

    def _rows_by_phrase(self, spoken: str) -> Known:
        """What the phrases stand for in a language, as far as that was asked already."""
        known = self._by.get(spoken)
        if known is None:
            size = len(self._phrases)
            known = self._by[spoken] = ([None] * size, bytearray(size))
        return known

    @cached_property
    def _search(self) -> ahocorasick_rs.AhoCorasick:
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        return ahocorasick_rs.AhoCorasick(self._phrases, matchkind=kind)

    @cached_property
    def _edges(self) -> bytes:
        """For each phrase, which of its ends is a Latin letter or digit."""
        return bytes((p[0] in LATIN) * FIRST | (p[-1] in LATIN) * LAST for p in self._phrases)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {phrase: i for i, phrase in enumerate(self._phrases)}

    def _scan(self, text: str) -> Iterator[tuple[int, int, int]]:
        """The same for a short text, without building an automaton first, which takes a while."""
        table, at, size = self._places, 0, len(text)
        while at < size:
            for end in range(min(size, at + self._longest), at, -1):
                if text[at:end] in table:
                    yield table[text[at:end]], at, end
                    at = end
                    break
            else:
                at += 1

    def _make(self, phrase: str, spoken: str) -> tuple[Row, ...]:
        by, times = self._factors, self._times
        return tuple(
            Row(
                kind,
                owner,
                duty,
                weight * _factor(by, times, owner, phrase),
                language,
            )
            for kind, owner, duty, weight, language in self._table[phrase]
            if not (spoken and language and language != spoken)
        )


def _factor(
    by: dict[str, float], times: dict[tuple[str, str], float], owner: str, phrase: str
) -> float:
    return by.get(owner, 1.0) * (times.get((owner, phrase), 1.0) if times else 1.0)


def _is_plural_end(text: str, end: int) -> bool:
    """Whether only a plural s follows before the word ends."""
    return text[end] == "s" and (end + 1 == len(text) or not is_latin(text[end + 1]))
