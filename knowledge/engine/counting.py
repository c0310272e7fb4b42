"""The counts of all examples that `likelihood` reads: those of each piece of the content by itself,
and what they come to together.

Which word is rare goes by all examples there are, so that one more moves every number a little;
what is cut and counted of a piece stays as it is.
"""

from __future__ import annotations

import json
import math
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from operator import mul, truediv
from pathlib import Path

from knowledge.engine.likelihood import Example, times, tokens
from knowledge.engine.tokens import OFTEN, damped_count
from knowledge.engine.words import Words

SMOOTHING = 0.05
"""What a token counts in the examples of an entry that never use it."""
COMMON = 150
"""A token that more entries use than this tells them apart no longer, and costs the most time."""
TIMES = [0.0, *map(times, range(1, OFTEN + 1))]
"""How much a token counts, by how often it is heard."""
By = dict[int, float]
"""Number of an entry -> how much its examples use a token."""


@dataclass(slots=True)
class Told:
    """The examples of some entries, cut and counted; tokens and entries are told by number."""

    entries: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    used: array[int] = field(default_factory=lambda: array("I"))
    """In how many examples each token is."""
    users: array[int] = field(default_factory=lambda: array("I"))
    """How many entries have one of them."""
    of: array[int] = field(default_factory=lambda: array("I"))
    """The entry of each example."""
    ends: array[int] = field(default_factory=lambda: array("I"))
    """Where each example ends among those that follow."""
    said: array[int] = field(default_factory=lambda: array("I"))
    """The tokens of all examples, one after the other."""
    heard: array[int] = field(default_factory=lambda: array("B"))
    """How often each of them is heard there."""

    def write(self, path: Path) -> None:
        """Write all of it where `read` finds it."""
        rows = (self.used, self.users, self.of, self.ends, self.said, self.heard)
        head = {"entries": self.entries, "tokens": self.tokens, "rows": list(map(len, rows))}
        with path.open("wb") as file:
            file.write(json.dumps(head).encode() + b"\n")
            file.writelines(row.tobytes() for row in rows)

    @classmethod
    def read(cls, path: Path) -> Told:
        """What `write` left in a file."""
        with path.open("rb") as file:
            head = json.loads(file.readline())
            told = cls(head["entries"], head["tokens"])
            rows = (told.used, told.users, told.of, told.ends, told.said, told.heard)
            for row, many in zip(rows, head["rows"], strict=True):
                row.fromfile(file, many)
        return told


def count(examples: Iterable[Example], words: Words) -> Told:
    """Cut *examples* with *words* and count them."""
    told = Told()
    entries: dict[str, int] = {}
    numbers: dict[str, int] = {}
    used: Counter[int] = Counter()
    pairs: set[tuple[int, int]] = set()
    for one in examples:
        found = tokens(one.text, words)
        entry = entries.setdefault(one.entry, len(entries))
        said = [numbers.setdefault(token, len(numbers)) for token in found]
        used.update(said)
        pairs.update(zip(said, repeat(entry)))
        told.of.append(entry)
        told.said.extend(said)
        told.heard.extend(map(damped_count, found.values()))
        told.ends.append(len(told.said))
    users = Counter(token for token, _ in pairs)
    told.entries, told.tokens = list(entries), list(numbers)
    told.used.extend(used[number] for number in range(len(numbers)))
    told.users.extend(users[number] for number in range(len(numbers)))
    return told


class Counts:
    """Gathers what was counted piece by piece; no entry stands in two of them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        """Token -> its number: there are millions of uses of some ten thousand tokens."""
        self._told: list[tuple[Told, list[int]]] = []
        """Each piece, and the number of each of its tokens."""

    def add(self, told: Told) -> None:
        """Count the examples of a piece."""
        known = self._numbers
        numbers = [known.setdefault(token, len(known)) for token in told.tokens]
        self._told.append((told, numbers))

    def write(self, path: Path) -> None:
        """Write the counts where `Likelihoods` finds them."""
        names = sorted(name for told, _ in self._told for name in told.entries)
        many = sum(len(told.of) for told, _ in self._told)
        used, users = self._sums()
        rarity = [1 + math.log((1 + many) / (1 + count)) for count in used]
        counts: list[By | None] = [{} if count <= COMMON else None for count in users]
        numbers = {name: number for number, name in enumerate(names)}
        for told, known in self._told:
            _weigh(told, [numbers[name] for name in told.entries], known, rarity, counts)
        _write(path, names, counts, dict(zip(self._numbers, rarity, strict=True)))

    def _sums(self) -> tuple[list[int], list[int]]:
        """In how many examples each token is, and how many entries have one of them."""
        used, users = ([0] * len(self._numbers) for _ in range(2))
        for told, numbers in self._told:
            for number, examples, entries in zip(numbers, told.used, told.users, strict=True):
                used[number] += examples
                users[number] += entries
        return used, users


def write(path: Path, examples: Iterable[Example], words: Words) -> None:
    """Write the counts of *examples*, cut with *words*, where `Likelihoods` finds them."""
    counts = Counts()
    counts.add(count(examples, words))
    counts.write(path)


def _weigh(
    told: Told, entries: list[int], numbers: list[int], rarity: list[float], counts: list[By | None]
) -> None:
    """Add to *counts* how much the examples of a piece use each token that tells entries apart.

    *entries* and *numbers*: those of its entries and tokens.
    """
    rare = [rarity[number] for number in numbers]
    rows = [counts[number] for number in numbers]
    begin = 0
    for entry, end in zip(map(entries.__getitem__, told.of), told.ends, strict=True):
        said = told.said[begin:end]
        heard = map(TIMES.__getitem__, told.heard[begin:end])
        weights = list(map(mul, heard, map(rare.__getitem__, said)))
        length = math.sqrt(sum(map(mul, weights, weights)))
        for by, weight in zip(map(rows.__getitem__, said), weights, strict=True):
            if by is not None:
                by[entry] = by.get(entry, 0.0) + weight / length
        begin = end


def _write(path: Path, names: list[str], counts: list[By | None], rarity: dict[str, float]) -> None:
    """*counts*: by the number of a token; *rarity*: of each token, in the order of the numbers."""
    told = [by for by in counts if by is not None]
    smoothing = SMOOTHING * max(1, len(told))
    sizes = [0.0] * len(names)
    for by in told:
        for entry, count in by.items():
            sizes[entry] += count
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY, entry TEXT, size REAL)")
        logs = [math.log1p(size / smoothing) for size in sizes]
        entries = zip(range(len(names)), names, logs, strict=True)
        db.executemany("INSERT INTO entry VALUES (?, ?, ?)", entries)
        db.execute(
            "CREATE TABLE count (token TEXT PRIMARY KEY, rarity REAL, entries BLOB, gains BLOB)"
            " WITHOUT ROWID"
        )
        db.executemany("INSERT INTO count VALUES (?, ?, ?, ?)", _rows(counts, rarity))
    db.close()


def _rows(
    counts: list[By | None], rarity: dict[str, float]
) -> Iterator[tuple[str, float, bytes, bytes]]:
    """(token, rarity, entries, log of how much likelier each makes the token than one that never
    uses it)."""
    for (token, rare), by in sorted(zip(rarity.items(), counts, strict=True), key=lambda r: r[0]):
        numbers = sorted(by or ())
        uses = map((by or {}).__getitem__, numbers)
        gains = array("f", map(math.log1p, map(truediv, uses, repeat(SMOOTHING))))
        yield token, rare, array("I", numbers).tobytes(), gains.tobytes()
