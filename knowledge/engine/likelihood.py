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
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from knowledge.engine import compiled
from knowledge.engine.held import Held
from knowledge.engine.tokens import grams_of, heard, words_of
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
    _entries: dict[str, int]
    _ratios: list[float]

    def behind(self, entry: str) -> float:
        """How far *entry* is behind the likeliest one, in natural logarithms; 0 for that one."""
        number = self._entries.get(entry)
        return self.most - (self._ratios[number] if number is not None else 0.0)

    def first(self, count: int) -> list[str]:
        """The *count* likeliest entries, ties by name."""
        rows = zip(self._ratios, self._entries, strict=True)
        return [id_ for _, id_ in sorted(rows, key=lambda row: (-row[0], row[1]))[:count]]


UNKNOWN = Likelihood(0.0, 0.0, {}, [])
"""Of a question no example shares a word with."""


class Likelihoods:
    """The counts of all examples, read on demand; safe for several threads."""

    def __init__(self, path: Path, words: Words) -> None:
        """*path*: a file that `write` made."""
        compiled.hold(self, path.parent)
        self._file = Held(path)
        self._words = words
        rows = self._file.all("SELECT entry, size FROM entry ORDER BY number")
        self._entries = {entry: number for number, (entry, _) in enumerate(rows)}
        self._sizes = [size for _, size in rows]
        self._counts: dict[str, tuple[float, array[int], array[float]] | None] = {}

    def of(self, text: str) -> Likelihood:
        """How likely each entry makes a normalised text (`normal.fold`)."""
        said = Counter(_tokens(text, self._words))
        known = self._known(said)
        weights = {token: _times(said[token]) * known[token][0] for token in known}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        if not length:
            return UNKNOWN
        ratios = [0.0] * len(self._sizes)
        counted = 0.0
        for token in sorted(known):
            _, entries, gains = known[token]
            if entries:
                weight = weights[token] / length
                counted += weight
                for entry, gain in zip(entries, gains, strict=True):
                    ratios[entry] += weight * gain
        ratios = [ratio - counted * size for ratio, size in zip(ratios, self._sizes, strict=True)]
        return Likelihood(max(ratios), counted, self._entries, ratios)

    def _known(self, tokens: Iterable[str]) -> dict[str, tuple[float, array[int], array[float]]]:
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
    yield from (f"g{token.text}" for token in grams_of(text))


def _times(count: int) -> float:
    """How much a token counts that is said so often."""
    return 1 + math.log(heard(count))


def write(path: Path, examples: Iterable[Example], words: Words) -> None:
    """Write the counts of *examples*, cut with *words*, where `Likelihoods` finds them."""
    rows = [(one.entry, Counter(_tokens(one.text, words))) for one in examples]
    users = Counter(token for _, said in rows for token in said)
    rarity = {token: 1 + math.log((1 + len(rows)) / (1 + n)) for token, n in users.items()}
    entries = {entry: number for number, entry in enumerate(sorted({entry for entry, _ in rows}))}
    counts: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for entry, said in rows:
        weights = {token: _times(count) * rarity[token] for token, count in said.items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values()))
        for token, weight in weights.items():
            at = counts[token]
            at[entries[entry]] = at.get(entries[entry], 0.0) + weight / length
    _write(path, entries, counts, rarity)


def _write(
    path: Path,
    entries: dict[str, int],
    counts: dict[str, dict[int, float]],
    rarity: dict[str, float],
) -> None:
    telling = {token: by for token, by in counts.items() if len(by) <= COMMON}
    smoothing = SMOOTHING * max(1, len(telling))
    sizes = [0.0] * len(entries)
    for by in telling.values():
        for entry, count in by.items():
            sizes[entry] += count
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
        db.executemany(
            "INSERT INTO count VALUES (?, ?, ?, ?)",
            ((token, rarity[token], *_packed(telling.get(token, {}))) for token in sorted(counts)),
        )
    db.close()


def _packed(by: dict[int, float]) -> tuple[bytes, bytes]:
    """(entries, log of how much likelier each makes the token than one that never uses it)."""
    numbers = sorted(by)
    gains = array("f", (math.log1p(by[number] / SMOOTHING) for number in numbers))
    return array("I", numbers).tobytes(), gains.tobytes()
