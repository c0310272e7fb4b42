"""Which entry's examples use the words of a question: multinomial naive Bayes over all examples.

Counts are weighted by TF-IDF and normalised per example (Rennie et al., Tackling the Poor
Assumptions of Naive Bayes Text Classifiers, ICML 2003); the model is that of Manning, Raghavan and
Schütze, Introduction to Information Retrieval, chapter 13. It is counted, not trained: the same
examples give the same numbers, and every word that tells one entry from another can be named.
"""

from __future__ import annotations

import math
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from knowledge.engine import compiled
from knowledge.engine.memory import OF_A_MESSAGE, method_cache
from knowledge.engine.not_held import MARK
from knowledge.engine.sqlite_file import SqliteFile
from knowledge.engine.tokens import damped_count, grams_of, words_of
from knowledge.engine.words import Words

SMOOTHING = 0.05
"""What a token counts in the examples of an entry that never use it."""
COMMON = 150
"""A token that more entries use than this tells them apart no longer, and costs the most time."""
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
        """*path*: a file that `write` made."""
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
        said = Counter(_tokens(text, self._words))
        known = self._token_counts(said)
        weights = {token: _times(said[token]) * known[token][0] for token in known}
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


def _tokens(text: str, words: Words) -> Iterable[str]:
    """Words, and characters and their pairs of scripts without spaces, told apart."""
    yield from (f"w{token.text}" for token in words_of(text, words))
    yield from (f"g{gram}" for gram in grams_of(text))


def _times(count: int) -> float:
    """How much a token counts that is said so often."""
    return 1 + math.log(damped_count(count))


def weighted_tokens(text: str, words: Words) -> tuple[list[str], list[float]]:
    """The tokens of a normalised example, and how much each counts in it."""
    found = Counter(_tokens(text, words))
    return list(found), [_times(count) for count in found.values()]


@dataclass(slots=True)
class _Said:
    """The tokens of one example, by number, and how much each counts in it."""

    entry: str
    tokens: array[int]
    times: array[float]


class Counts:
    """Gathers what is counted, example by example."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        """Token -> its number: there are millions of uses of some ten thousand tokens."""
        self._rows: list[_Said] = []

    def add(self, entry: str, tokens: Iterable[str], times: Iterable[float]) -> None:
        """Count one example of an entry: what `weighted_tokens` gave of it."""
        numbers = self._numbers
        known = array("I", [numbers.setdefault(token, len(numbers)) for token in tokens])
        self._rows.append(_Said(entry, known, array("d", times)))

    def write(self, path: Path) -> None:
        """Write the counts where `Likelihoods` finds them."""
        names = sorted({row.entry for row in self._rows})
        entries = {entry: number for number, entry in enumerate(names)}
        users = Counter(chain.from_iterable(row.tokens for row in self._rows))
        many = len(self._rows)
        rarity = [1 + math.log((1 + many) / (1 + users[n])) for n in range(len(self._numbers))]
        counts = _count_tokens(self._rows, entries, rarity)
        _write(path, entries, counts, dict(zip(self._numbers, rarity, strict=True)))


def write(path: Path, examples: Iterable[Example], words: Words) -> None:
    """Write the counts of *examples*, cut with *words*, where `Likelihoods` finds them."""
    counts = Counts()
    for one in examples:
        counts.add(one.entry, *weighted_tokens(one.text, words))
    counts.write(path)


def _count_tokens(
    rows: list[_Said], entries: dict[str, int], rarity: list[float]
) -> dict[int, dict[int, float]]:
    """Number of each token that tells entries apart -> entry -> how much its examples use it."""
    apart: list[set[int]] = [set() for _ in rarity]
    for one in rows:
        entry = entries[one.entry]
        for token in one.tokens:
            if len(apart[token]) <= COMMON:
                apart[token].add(entry)
    counts: dict[int, dict[int, float]] = {n: {} for n, by in enumerate(apart) if len(by) <= COMMON}
    for one in rows:
        entry = entries[one.entry]
        weights = [count * rarity[n] for n, count in zip(one.tokens, one.times, strict=True)]
        length = math.sqrt(sum(weight**2 for weight in weights))
        for token, weight in zip(one.tokens, weights, strict=True):
            by = counts.get(token)
            if by is not None:
                by[entry] = by.get(entry, 0.0) + weight / length
    return counts


def _write(
    path: Path,
    entries: dict[str, int],
    counts: dict[int, dict[int, float]],
    tokens: dict[str, float],
) -> None:
    """*counts*: by the number of a token; *tokens*: their rarity, in the order of the numbers."""
    smoothing = SMOOTHING * max(1, len(counts))
    sizes = [0.0] * len(entries)
    for by in counts.values():
        for entry, count in by.items():
            sizes[entry] += count
    numbers = {token: number for number, token in enumerate(tokens)}
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY, entry TEXT, size REAL)")
        db.executemany(
            "INSERT INTO entry VALUES (?, ?, ?)",
            ((n, entry, math.log1p(sizes[n] / smoothing)) for entry, n in entries.items()),
        )
        db.execute(
            "CREATE TABLE count (token TEXT PRIMARY KEY, rarity REAL, entries BLOB, gains BLOB)"
            " WITHOUT ROWID"
        )
        rows = ((t, tokens[t], *_pack(counts.get(numbers[t], {}))) for t in sorted(tokens))
        db.executemany("INSERT INTO count VALUES (?, ?, ?, ?)", rows)
    db.close()


def _pack(by: dict[int, float]) -> tuple[bytes, bytes]:
    """(entries, log of how much likelier each makes the token than one that never uses it)."""
    numbers = sorted(by)
    gains = array("f", (math.log1p(by[number] / SMOOTHING) for number in numbers))
    return array("I", numbers).tobytes(), gains.tobytes()
