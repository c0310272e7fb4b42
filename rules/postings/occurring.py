"""Which of a set of words occur in a text at all: one look at the text, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import ahocorasick_rs


class Occurring:
    """Words that count wherever they stand, as parts of other words, too."""

    def __init__(self, rows: Iterable[tuple[int, Iterable[str]]]) -> None:
        """*rows*: (number, words that stand for it); a word may stand for several."""
        numbers: defaultdict[str, set[int]] = defaultdict(set)
        for number, words in rows:
            for word in words:
                numbers[word].add(number)
        self._numbers = list(numbers.values())
        self._search = ahocorasick_rs.AhoCorasick(list(numbers)) if numbers else None

    def numbers(self, text: str) -> set[int]:
        """The numbers of all words that occur in *text*, which has no half surrogates."""
        if self._search is None:
            return set()
        hits = self._search.find_matches_as_indexes(text, overlapping=True)
        return set().union(*(self._numbers[i] for i in {hit[0] for hit in hits}))
