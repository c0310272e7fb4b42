"""Which of a set of words occur in a text at all: one look at the text, however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import ahocorasick_rs


class Occurring:
    """Finds the keys of words that occur anywhere in a text, as parts of other words, too."""

    def __init__(self, words: Mapping[str, Iterable[int]]) -> None:
        """*words*: each with the numbers of what it stands for."""
        self._numbers = [frozenset(numbers) for numbers in words.values()]
        self._search = ahocorasick_rs.AhoCorasick(list(words)) if words else None

    def numbers(self, text: str) -> frozenset[int]:
        """The numbers of all words that occur in *text*."""
        if self._search is None:
            return frozenset()
        hits = self._search.find_matches_as_indexes(text, overlapping=True)
        return frozenset().union(*(self._numbers[i] for i in {hit[0] for hit in hits}))
