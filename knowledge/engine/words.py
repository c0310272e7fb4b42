"""Chinese words: the real jieba, with its dictionary looked up on disk instead of loaded.

jieba's stock dictionary takes a second or more to load, and its own cache is an unchecked file in
the shared temporary folder. A private tokenizer with a lazy mapping cuts identically and starts at
once; the mapping is built once from the dictionary that the package ships.

Words of ours are a value that whoever cuts with them owns: were they added to one tokenizer of the
process, whatever is opened beside would change how everything else is cut and weighed.
"""

from __future__ import annotations

import importlib.util
import math
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.engine import cache as cache_folder
from knowledge.engine.sqlite_file import SqliteFile

DOMAIN_FREQUENCY = 3_000
"""Given to words of ours, so that a name stays one word."""
REMEMBERED = 200_000
"""Looked-up words that are kept in memory."""
CUTS_KEPT = 10_000
"""Texts that need not be cut again."""


class Dictionary:
    """The words that jieba ships, read from SQLite on first use.

    Prefixes of words have frequency 0. It never changes, so that everything in a process may share
    it; threads may, too.
    """

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path)
        self._seen: dict[str, int | None] = {}
        """What the file said; thrown away when it grows too large."""
        (self.total,) = self._file.one("SELECT n FROM total")

    def find(self, word: str) -> int | None:
        """The frequency of *word*; None for a stranger."""
        try:
            return self._seen[word]
        except KeyError:
            return self._read(word)

    def _read(self, word: str) -> int | None:
        row = self._file.one("SELECT n FROM word WHERE w = ?", (word,))
        if len(self._seen) > REMEMBERED:
            self._seen = {}
        self._seen[word] = found = row[0] if row else None
        return found


class Frequencies(Mapping[str, int]):
    """word -> frequency, as jieba reads it: words of one's own over the shared dictionary."""

    def __init__(self, shipped: Dictionary, own: Mapping[str, int]) -> None:
        self._find = shipped.find
        self._own = dict(own)

    def __getitem__(self, word: str) -> int:
        found = self.get(word)
        if found is None:
            raise KeyError(word)
        return found  # type: ignore[no-any-return]

    def get(self, word: str, default: Any = None) -> Any:
        """The frequency of *word*, or *default*."""
        found = self._own.get(word)
        if found is None:
            found = self._find(word)
        return default if found is None else found

    def __contains__(self, word: object) -> bool:
        return word in self._own or self._find(str(word)) is not None

    def __iter__(self) -> Any:
        raise NotImplementedError("the dictionary is looked up, never listed")

    def __len__(self) -> int:
        raise NotImplementedError("the dictionary is looked up, never counted")


class Words:
    """Cuts Chinese and tells how rare a word is, by jieba's dictionary and words of one's own.

    It never changes, and threads may share it. The same own words give the same answers, whatever
    else the process has opened.
    """

    def __init__(self, own: Mapping[str, int] | None = None) -> None:
        """*own*: what `own_words` gave."""
        shipped, own = dictionary(), own or {}
        self._frequencies = Frequencies(shipped, own)
        self._total = shipped.total + sum(own.values())
        self._jieba = _import_jieba().Tokenizer()
        self._jieba.FREQ = self._frequencies
        self._jieba.total = self._total
        self._jieba.initialized = True
        self._cuts: dict[str, tuple[str, ...]] = {}
        """Texts that were cut before: the same runs of characters come again and again."""

    def cut(self, text: str) -> tuple[str, ...]:
        """The words that make up *text*, in order."""
        cut = self._cuts.get(text)
        if cut is None:
            if len(self._cuts) >= CUTS_KEPT:
                self._cuts = {}
            self._cuts[text] = cut = tuple(self._jieba.cut(text, HMM=False))
        return cut

    def rarity(self, word: str) -> float:
        """How much a Chinese word tells, from 0 (everyone says it) to 1 (nobody knows it).

        The negative logarithm of its relative frequency, scaled.
        """
        n = self._frequencies.get(word) or 0.5
        return min(1.0, max(0.0, -math.log10(n / self._total) / 8))


def own_words(names: Iterable[str]) -> dict[str, int]:
    """What `Words` needs to keep each of *names* whole: these and, as 0, how they begin.

    The same that jieba's `add_word` would write, without the words that are common already.
    """
    find = dictionary().find
    own: dict[str, int] = {}
    for name in sorted(set(names)):
        if (find(name) or 0) >= DOMAIN_FREQUENCY:
            continue
        own[name] = DOMAIN_FREQUENCY
        for end in range(1, len(name)):
            if find(name[:end]) is None:
                own.setdefault(name[:end], 0)
    return own


@cache
def dictionary() -> Dictionary:
    """The dictionary of the installed jieba; written to the cache folder on first use."""
    jieba = _import_jieba()
    path = cache_folder.folder() / f"jieba-{jieba.__version__}.db"
    if not path.exists():
        cache_folder.replace(path, lambda new: _write(Path(jieba.__file__).parent, new))
    return Dictionary(path)


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
