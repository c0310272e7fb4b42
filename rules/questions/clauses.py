"""A message with several questions in it -> its clauses, each with a question of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MARKS = re.compile(r"(?<!\d)[,.]+|[,.]+(?!\d)|[，、;；。．!！?？…\n]+|\s[-–—]\s")
"""A stop or comma between figures is part of a number."""
MOST = 6
"""Clauses that are looked at; a longer message is no row of questions."""
FEWEST_LETTERS = 2
ENDS = "~"
"""Before a word that ends a question and stays with it."""


@dataclass(frozen=True, slots=True)
class Splitter:
    """The words at which one question ends and the next begins."""

    pattern: re.Pattern[str]
    joins: re.Pattern[str]
    """Words that join two things asked of one: "duties and salary"."""
    questions: re.Pattern[str]
    """Words that make a clause a question."""

    def split(self, text: str) -> list[tuple[int, int]]:
        """The spans of the clauses of *text* in order; one alone if there is nothing to part."""
        edges = [(0, 0), *(match.span() for match in self.pattern.finditer(text))]
        ends = [*(start for start, _ in edges[1:]), len(text)]
        spans = [(begin, end) for (_, begin), end in zip(edges, ends, strict=True)]
        return [(a, b) for a, b in spans if _letters(text[a:b]) >= FEWEST_LETTERS]

    def split_span(
        self, text: str, span: tuple[int, int], edges: Iterable[int]
    ) -> list[tuple[int, int]]:
        """The parts of *span* that words join which begin at one of *edges*; *span* if none do."""
        start, end = span
        parts = []
        for edge in sorted(set(edges)):
            join = self.joins.match(text, edge, end) if start < edge < end else None
            if join:
                parts.append((start, edge))
                start = join.end()
        return [*parts, (start, end)]

    def asks(self, text: str) -> bool:
        """Whether a word in *text* makes it a question."""
        return self.questions.search(text) is not None


def splitter(
    connectors: Iterable[str], joins: Iterable[str] = (), questions: Iterable[str] = ()
) -> Splitter:
    """A splitter at sentence marks, commas and *connectors*; see `Splitter` for the others."""
    asked = (
        rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in _longest_first(questions)
    )
    return Splitter(
        _any_pattern([MARKS.pattern, *map(_pattern, _longest_first(connectors))]),
        _any_pattern([rf"\s*{re.escape(word)}\s*" for word in _longest_first(joins)]),
        _any_pattern(asked),
    )


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(set(words), key=lambda word: (-len(word), word))


def _any_pattern(patterns: Iterable[str]) -> re.Pattern[str]:
    """Any of these patterns, the first that fits; nothing if there is none."""
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def _pattern(word: str) -> str:
    """English and Korean words stand apart; an ending stays with what it ends."""
    if word.startswith(ENDS):
        return rf"(?<={re.escape(word.removeprefix(ENDS))})\s+"
    plain = re.escape(word)
    if word.isascii():
        return rf"\b{plain}\b"
    return rf"(?:^|(?<=\s)){plain}(?=\s)" if "\uac00" <= word[0] <= "\ud7a3" else plain


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)
