"""Which entry's examples use the words of a question: multinomial naive Bayes over all examples.

Counts are weighted by TF-IDF and normalised per example (Rennie et al., Tackling the Poor
Assumptions of Naive Bayes Text Classifiers, ICML 2003); the model is that of Manning, Raghavan and
Schütze, Introduction to Information Retrieval, chapter 13. It is counted, not trained: the same
examples give the same numbers, and every word that tells one entry from another can be named.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from knowledge.engine import compiled
from knowledge.engine.method_cache import OF_A_MESSAGE, method_cache
from knowledge.engine.not_held import MARK
from knowledge.engine.sqlite_file import SqliteFile
from knowledge.engine.tokens import damped_count, grams_of, words_of
from knowledge.engine.words import Words

KEPT = 20_000
"""Tokens whose counts stay in memory."""
AT_ONCE = 900
"""Tokens in one query; SQLite takes 999 values."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question that an entry must answer, normalised (`normal.fold`)."""

    entry: str
    text: str


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely each entry makes one question."""

    most: float
    """That of the likeliest entry, as a log ratio to an entry whose examples share no word."""
    weight: float
    """Length of the question as its words count: 0 if no example uses any of them."""
    not_held: float
    """The same of the likeliest kind of ask that nothing holds; *most* is of entries alone."""
    kind: str
    """That kind; "" where there is none."""
    _shelf: Shelf
    _ratios: dict[int, float]
    """Of the entries whose examples use a word of the question; the others differ by size alone."""

    def distance_from_best(self, entry: str) -> float:
        """How far *entry* is behind the likeliest one, in natural logarithms; 0 for that one."""
        number = self._shelf.numbers.get(entry)
        return self.most - (self._ratio(number) if number is not None else 0.0)

    def most_likely(self, count: int) -> list[str]:
        """The *count* likeliest entries, ties by name."""
        others = islice((n for n in self._shelf.smallest if n not in self._ratios), count)
        rows = [(-self._ratio(n), self._shelf.names[n]) for n in (*self._ratios, *others)]
        return [entry for _, entry in sorted(rows)[:count]]

    def _ratio(self, number: int) -> float:
        ratio = self._ratios.get(number)
        return 0.0 - self.weight * self._shelf.sizes[number] if ratio is None else ratio


@dataclass(frozen=True, slots=True)
class Shelf:
    """The entries that have examples, by number."""

    names: list[str]
    sizes: list[float]
    """How much each says in all its examples, as a logarithm."""
    numbers: dict[str, int]
    smallest: list[int]
    """Entries that say least first: what a question of no word of theirs prefers."""
    kinds: dict[int, str]
    """Not entries, but kinds of ask that nothing holds."""


UNKNOWN = Likelihood(0.0, 0.0, 0.0, "", Shelf([], [], {}, [], {}), {})
"""Of a question no example shares a word with."""


class Likelihoods:
    """The counts of all examples, read on demand; safe for several threads."""

    def __init__(self, path: Path, words: Words) -> None:
        """*path*: a file that `counting.write` made."""
        compiled.hold(self, path.parent)
        self._file = SqliteFile(path)
        self._words = words
        rows = self._file.all("SELECT entry, size FROM entry ORDER BY number")
        names, sizes = [entry for entry, _ in rows], [size for _, size in rows]
        numbers = {entry: number for number, entry in enumerate(names)}
        kinds = {n: name.removeprefix(MARK) for name, n in numbers.items() if name.startswith(MARK)}
        entries = (number for number in range(len(sizes)) if number not in kinds)
        smallest = sorted(entries, key=lambda number: (sizes[number], number))
        self._shelf = Shelf(names, sizes, numbers, smallest, kinds)
        self._counts: dict[str, tuple[float, array[int], array[float]] | None] = {}

    @method_cache(OF_A_MESSAGE)
    def likelihood_of(self, text: str) -> Likelihood:
        """How likely each entry makes a normalised text (`normal.fold`)."""
        said = tokens(text, self._words)
        known = self._token_counts(said)
        weights = {token: times(said[token]) * known[token][0] for token in known}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        if not length:
            return UNKNOWN
        sizes = self._shelf.sizes
        sums = [0.0] * len(sizes)  # a place is quicker to add to than a key: there are a thousand
        told: set[int] = set()
        counted = 0.0
        for token in sorted(known):
            _, entries, gains = known[token]
            if entries:
                weight = weights[token] / length
                counted += weight
                told.update(entries)
                for entry, gain in zip(entries, gains, strict=True):
                    sums[entry] += weight * gain
        ratios = {entry: sums[entry] - counted * sizes[entry] for entry in told}
        others = {n: ratios.pop(n) for n in self._shelf.kinds if n in ratios}
        other = next((n for n in self._shelf.smallest if n not in ratios), None)
        most = list(ratios.values()) + ([] if other is None else [0.0 - counted * sizes[other]])
        kind = max(others, key=lambda n: (others[n], -n), default=None)
        return Likelihood(
            max(most), counted, 0.0 if kind is None else others[kind],
            "" if kind is None else self._shelf.kinds[kind], self._shelf, ratios,
        )  # fmt: skip

    def _token_counts(
        self, tokens: Iterable[str]
    ) -> dict[str, tuple[float, array[int], array[float]]]:
        """(rarity, entries, gains) of the tokens that examples use."""
        missing = [token for token in tokens if token not in self._counts]
        if len(self._counts) + len(missing) > KEPT:
            self._counts.clear()
            missing = list(tokens)
        counts = self._counts
        counts.update(self._read(missing))
        found = ((token, counts.get(token)) for token in tokens)
        return {token: row for token, row in found if row is not None}

    def _read(self, tokens: list[str]) -> dict[str, tuple[float, array[int], array[float]] | None]:
        rows: dict[str, tuple[float, array[int], array[float]] | None] = dict.fromkeys(tokens)
        pieces = iter(tokens)
        while some := list(islice(pieces, AT_ONCE)):
            marks = ",".join("?" * len(some))
            query = f"SELECT token, rarity, entries, gains FROM count WHERE token IN ({marks})"
            for token, rarity, entries, gains in self._file.all(query, some):
                rows[token] = (rarity, array("I", entries), array("f", gains))
        return rows


def tokens(text: str, words: Words) -> Counter[str]:
    """How often a normalised text says each token: words, and characters and their pairs of scripts
    without spaces, told apart."""
    said = Counter(f"w{token.text}" for token in words_of(text, words))
    said.update(f"g{gram}" for gram in grams_of(text))
    return said


def times(count: int) -> float:
    """How much a token counts that is said so often."""
    return 1 + math.log(damped_count(count))
