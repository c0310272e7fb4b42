"""A message with several questions in it -> its clauses, each with a question of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MARKS = re.compile(r"[,，、;；。．.!！?？…\n]+|\s[-–—]\s")
MOST = 6
"""Clauses that are looked at; a longer message is no row of questions."""
FEWEST_LETTERS = 2
ENDS = "~"
"""Before a word that ends a question and stays with it."""


@dataclass(frozen=True, slots=True)
class Splitter:
    """The words at which one question ends and the next begins."""

    pattern: re.Pattern[str]

    def split(self, text: str) -> list[tuple[int, int]]:
        """The spans of the clauses of *text* in order; one alone if there is nothing to part."""
        edges = [(0, 0), *(match.span() for match in self.pattern.finditer(text))]
        ends = [*(start for start, _ in edges[1:]), len(text)]
        spans = [(begin, end) for (_, begin), end in zip(edges, ends, strict=True)]
        return [(a, b) for a, b in spans if _letters(text[a:b]) >= FEWEST_LETTERS]


def splitter(connectors: Iterable[str]) -> Splitter:
    """A splitter at sentence marks, commas and these words."""
    words = sorted(set(connectors), key=lambda word: (-len(word), word))
    return Splitter(re.compile("|".join([MARKS.pattern, *map(_pattern, words)]), re.IGNORECASE))


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
