"""Load, check, index: the KnowledgeBase that answers are looked up in."""

from __future__ import annotations

import sys
import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.engine import (
    check,
    cites,
    compiled,
    compiler,
    index,
    lexicon,
    likelihood,
    load,
    shape,
)
from knowledge.engine.compiler import Name
from knowledge.engine.lexicon import Lexicon
from knowledge.engine.load import PRIMARY
from knowledge.engine.markets import MarketNote
from knowledge.engine.method_cache import OF_A_MESSAGE, method_cache
from knowledge.engine.model import KINDS, LANGUAGES, Entry
from knowledge.engine.source import Problem
from knowledge.engine.words import Words

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage an entry relies on, ready to be shown."""

    id: str
    states: str
    title: str
    author: str


def problems(
    root: Path = ROOT,
    own: Path | None = None,
    loaded: load.Loaded | None = None,
    touched: Collection[str] | None = None,
) -> list[Problem]:
    """Every problem of the content below *root*: shape first, then links, names and coverage.

    *own*: an organization's content, laid over it. *loaded*: what was read of both, if at hand.
    *touched*: what is new or changed since there was no problem, None for all.
    """
    loaded = loaded or load.load(root, own)
    found = list(loaded.problems)
    lexicon.load(root, found, own)
    return sorted(found + check.check(loaded, touched))


def open_base(
    root: Path = ROOT,
    on_build: Callable[[], None] = lambda: None,
    into: Path | None = None,
    hidden: frozenset[str] = frozenset(),
    own: Path | None = None,
    read: load.Loaded | None = None,
) -> KnowledgeBase:
    """The knowledge below *root*, compiled on first use.

    *on_build* is called before a compilation, which takes seconds. *into*: a folder to compile in,
    for content that is only tried, so that it displaces nothing in the cache. *hidden*: entries to
    leave out (`KnowledgeBase.hidden_from`). *own*: an organization's content, laid over ours.
    *read*: what `read` gave of it, checked and without errors. Raises ContentError for broken
    content.
    """

    def build(new: Path) -> None:
        on_build()
        compiler.compile_content(root, new, hidden, own, read)

    if into is not None:
        build(into / "knowledge")
        return KnowledgeBase(into / "knowledge")
    name = f"knowledge-{read.stamp if read else compiled.stamp(files(root, own))}"
    if hidden:
        name += f"-{compiled.short(sorted(hidden))}"
    folder = compiled.folder(name, build)
    return KnowledgeBase(folder)


def read(root: Path = ROOT, own: Path | None = None) -> load.Loaded:
    """The content as read, under the stamp that its files had before."""
    stamp = compiled.stamp(files(root, own))
    loaded = load.load(root, own)
    loaded.stamp = stamp
    return loaded


def files(root: Path = ROOT, own: Path | None = None) -> list[Path]:
    """Every file that the content is made of."""
    both = (root, own)
    return [path for folder in both for path in (*load.files(folder), *lexicon.paths(folder))]


class KnowledgeBase:
    """Checked entries in every language, their names, and the index over them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._values = compiled.Values(folder / "values.db")
        meta = self._values.get("meta")
        self.version: str = meta["version"]
        self.languages: dict[str, list[str]] = meta["languages"]
        """id -> languages in which the entry is told in full."""
        self.hidden: frozenset[str] = frozenset(meta["hidden"])
        """What has been left out for those who may not see it."""
        self.own: dict[str, str] = meta["own"]
        """An organization's entries, and the file of each."""
        self._restricted: list[str] = meta["restricted"]
        self.words = Words(meta["words"])
        """Cuts and weighs Chinese as it was when this content was compiled."""

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Every name of every active entry, longest first."""
        return tuple(Name(*row) for row in self._values.get("names"))

    @cached_property
    def help_situations(self) -> tuple[tuple[str, str, str], ...]:
        """(entry, section, situation) of everything that entries help with."""
        return tuple((id_, section, frame) for id_, section, frame in self._values.get("helps"))

    def entry_of_example(self, key: str) -> tuple[str, str] | None:
        """For an example (`normal.question_key`): who must answer, and in which section."""
        found = self._values.get(f"asked/{key}")
        return (found[0], found[1]) if found else None

    def not_asked(self, key: str) -> frozenset[str]:
        """For a near miss (`normal.question_key`): the entries that must not answer."""
        return frozenset(self._values.get(f"not_asked/{key}") or ())

    def refused_kind(self, key: str) -> str | None:
        """For a question that is to be refused (`normal.question_key`): the kind of ask it is."""
        kind: str | None = self._values.get(f"refused/{key}")
        return kind

    @cached_property
    def lexicon(self) -> Lexicon:
        """Stop words, subject words, synonyms and short forms of all languages."""
        stop, subject, *pairs = self._values.get("lexicon")
        synonyms, short = (tuple(map(tuple, rows)) for rows in pairs)
        return Lexicon(frozenset(stop), frozenset(subject), synonyms, short)

    @cached_property
    def index(self) -> index.Index:
        """The index; a key is ``<entry id>|<language>``."""
        return index.open_index(self._folder / "index", self.words)

    @method_cache(OF_A_MESSAGE)
    def found(self, text: str, limit: int, kind: str | None) -> Mapping[str, float]:
        """Entry -> how well it matches a normalised text: of all, or of one kind, the best."""
        among = None if kind is None else self._keys(kind)
        scores: dict[str, float] = {}
        for hit in self.index.search(text, limit, among, by_line=False):
            id_ = hit.key.partition("|")[0]
            if hit.score > scores.get(id_, 0.0):
                scores[id_] = hit.score
        return scores

    @method_cache(len(KINDS))
    def _keys(self, kind: str) -> frozenset[str]:
        """The keys of the index for the entries of one kind."""
        return frozenset(f"{id_}|{lang}" for id_ in self.ids(kind) for lang in LANGUAGES)

    @cached_property
    def likelihoods(self) -> likelihood.Likelihoods:
        """Which entry's examples use the words of a question."""
        return likelihood.Likelihoods(self._folder / "likelihood.db", self.words)

    def ids(self, kind: str | None = None) -> list[str]:
        """All entry ids in listing order, or those of one kind."""
        return list(self.languages if kind is None else self._kinds.get(kind, ()))

    @cached_property
    def _kinds(self) -> dict[str, list[str]]:
        """Kind -> the ids of its entries: there may be a hundred thousand answers beside them."""
        found: dict[str, list[str]] = {}
        for id_ in self.languages:
            found.setdefault(id_.partition(".")[0], []).append(id_)
        return found

    def hidden_from(self, roles: Collection[str]) -> frozenset[str]:
        """The entries that someone with these roles may not see."""
        restricted = (self.entry(id_) for id_ in self._restricted)
        return frozenset(entry.id for entry in restricted if not entry.admits(roles))

    def told_in(self, id_: str, language: str) -> str:
        """The language in which the entry can be told to someone who speaks *language*."""
        told = self.languages[id_]
        return next((lang for lang in (language, "en", PRIMARY) if lang in told), PRIMARY)

    @method_cache(4_096)
    def entry(self, id_: str, language: str = PRIMARY) -> Entry:
        """The entry in that language, prose it lacks in the primary one. Raises KeyError."""
        value = self._values.get(f"entry/{language}/{id_}")
        if value is None:
            value = self._values.get(f"entry/{PRIMARY}/{id_}")
        if value is None:
            raise KeyError(id_)
        cls, _ = KINDS[id_.partition(".")[0]]
        return typing.cast(Entry, shape.revive(cls, value))

    def title(self, id_: str, language: str) -> str:
        """The entry's name in that language."""
        return self.entry(id_, language).title

    @method_cache(4_096)
    def vocabulary(self, id_: str) -> frozenset[str]:
        """Every word of the entry, in all its languages."""
        # Kept once: the entries share most of their words.
        return frozenset(map(sys.intern, self._values.get(f"words/{id_}") or ()))

    def markets(self, id_: str) -> tuple[MarketNote, ...]:
        """What holds in one market only, of all that the entry tells."""
        found = self._values.get(f"markets/{id_}") or ()
        return tuple(shape.revive(MarketNote, value) for value in found)

    def file(self, id_: str) -> str:
        """The file that holds the entry."""
        if id_ in self.own:
            return self.own[id_]
        return f"knowledge/{KINDS[id_.partition('.')[0]][1]}/{id_.partition('.')[2]}.yaml"

    @cached_property
    def _passages(self) -> typing.Any:
        """What each passage of an article says, by its id, part and language."""
        return self._values.get("passages")

    @property
    def passages(self) -> frozenset[str]:
        """The ids of all passages that an entry may cite."""
        return frozenset(self._passages)

    def citations(self, entry: Entry, language: str, section: str = "") -> tuple[Citation, ...]:
        """The passages the entry cites, or one section of it, in English where they are not told
        in *language*."""
        return tuple(
            Citation(id_, *(said.get(language) or said["en"] for said in self._passages[id_]))
            for id_ in cites.passages(entry, section)
        )
