"""Chinese words: the real jieba, with its dictionary looked up on disk instead of loaded.

jieba's stock dictionary takes a second or more to load, and its own cache is an unchecked file in
the shared temporary folder. A private tokenizer with a lazy mapping cuts identically and starts at
once; the mapping is built once from the dictionary that the package ships.
"""

from __future__ import annotations

import importlib.util
import math
import sqlite3
import sys
import threading
from collections.abc import Iterable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any

from knowledge import cache as cache_folder

DOMAIN_FREQUENCY = 3_000
"""Given to words of ours, so that a name stays one word."""
REMEMBERED = 200_000
"""Looked-up words that are kept in memory."""
_adding = threading.Lock()


class LazyFrequencies(MutableMapping[str, int]):
    """word -> frequency, read from SQLite on first use; prefixes of words have frequency 0.

    Threads may share it: what was written stays, what was read is only remembered.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._own: dict[str, int | None] = {}
        """What was set or, as None, deleted; never forgotten."""
        self._seen: dict[str, int | None] = {}
        """What the file said; thrown away when it grows too large."""

    def _find(self, word: str) -> int | None:
        for known in (self._own, self._seen):
            try:
                return known[word]
            except KeyError:
                pass
        if not hasattr(self._local, "db"):
            self._local.db = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)
        row = self._local.db.execute("SELECT n FROM word WHERE w = ?", (word,)).fetchone()
        if len(self._seen) > REMEMBERED:
            self._seen = {}
        self._seen[word] = found = row[0] if row else None
        return found

    def __getitem__(self, word: str) -> int:
        found = self._find(word)
        if found is None:
            raise KeyError(word)
        return found

    def get(self, word: str, default: Any = None) -> Any:
        """The frequency of *word*, or *default*."""
        found = self._find(word)
        return default if found is None else found

    def __contains__(self, word: object) -> bool:
        return self._find(str(word)) is not None

    def __setitem__(self, word: str, n: int) -> None:
        self._own[word] = n

    def update_own(self, own: dict[str, int]) -> None:
        """Set all of *own* at once."""
        self._own.update(own)

    def __delitem__(self, word: str) -> None:
        self._own[word] = None

    def __iter__(self) -> Any:
        raise NotImplementedError("the dictionary is looked up, never listed")

    def __len__(self) -> int:
        return len(self._seen)


@cache
def tokenizer() -> Any:
    """The one private jieba tokenizer of this process."""
    jieba = _import_jieba()
    path, total = _dictionary(jieba)
    private = jieba.Tokenizer()
    private.FREQ = LazyFrequencies(path)
    private.total = total
    private.initialized = True
    return private


def add(words: Iterable[str]) -> None:
    """Make jieba keep each of *words* whole."""
    private = tokenizer()
    with _adding:
        for word in words:
            if private.FREQ.get(word, 0) < DOMAIN_FREQUENCY:
                private.add_word(word, DOMAIN_FREQUENCY)


def learnt(words: Iterable[str]) -> dict[str, int]:
    """What `add` would write for these words, so that a later start needs no look-ups."""
    private = tokenizer()
    own: dict[str, int] = {}
    for word in words:
        if (private.FREQ.get(word) or 0) <= DOMAIN_FREQUENCY:
            own[word] = DOMAIN_FREQUENCY
        for end in range(1, len(word)):
            if word[:end] not in own and not private.FREQ.get(word[:end]):
                own[word[:end]] = 0
    return own


def relearn(own: dict[str, int]) -> None:
    """Put back what `learnt` gave."""
    private = tokenizer()
    with _adding:
        private.FREQ.update_own(own)
        private.total += sum(own.values())


def forget() -> None:
    """Start anew, without any words of ours; what is open must be opened again."""
    tokenizer.cache_clear()


def rarity(word: str) -> float:
    """How much a Chinese word tells, from 0 (everyone says it) to 1 (not in the dictionary).

    The negative logarithm of its relative frequency in jieba's dictionary, scaled.
    Not remembered, because `add` changes it.
    """
    private = tokenizer()
    n = private.FREQ.get(word) or 0.5
    return min(1.0, max(0.0, -math.log10(n / private.total) / 8))


def _import_jieba() -> Any:
    # jieba asks for pkg_resources and does without it; importing it costs more than jieba itself.
    hidden = sys.modules.get("pkg_resources", ...)
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    _postpone("jieba", "finalseg")
    try:
        import jieba
    finally:
        if hidden is ...:
            del sys.modules["pkg_resources"]
        else:
            sys.modules["pkg_resources"] = hidden
    jieba.setLogLevel(60)
    return jieba


def _postpone(package: str, part: str) -> None:
    """Have *package*.*part* loaded only when something of it is used.

    jieba always imports its tables for guessing unknown words, which we switch off (HMM=False).
    """
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        return
    name, folder = f"{package}.{part}", Path(found.submodule_search_locations[0]) / part
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def _dictionary(jieba: Any) -> tuple[Path, int]:
    path = cache_folder.folder() / f"jieba-{jieba.__version__}.db"
    if not path.exists():
        cache_folder.replace(path, lambda new: _write(Path(jieba.__file__).parent, new))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        (total,) = db.execute("SELECT n FROM total").fetchone()
    db.close()
    return path, total


def _write(package: Path, target: Path) -> None:
    frequencies: dict[str, int] = {}
    total = 0
    with (package / "dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, n, *_ = line.split(" ")
            frequencies[word] = int(n)
            total += int(n)
    for word in list(frequencies):
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    with sqlite3.connect(target) as db:
        db.execute("CREATE TABLE word (w TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")
        db.execute("CREATE TABLE total (n INTEGER)")
        db.executemany("INSERT INTO word VALUES (?, ?)", sorted(frequencies.items()))
        db.execute("INSERT INTO total VALUES (?)", (total,))
    db.close()
