"""Load, check, index: the KnowledgeBase that answers are looked up in."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from knowledge import check, compiled, index, lexicon, load, shape, words
from knowledge.lexicon import Lexicon
from knowledge.load import PRIMARY, Loaded
from knowledge.model import KINDS, LANGUAGES, Entry, Example
from knowledge.normal import compact, fold
from knowledge.source import ContentError, Problem
from knowledge.tokens import words_of

ROOT = Path(__file__).parent
_BRACKETS = re.compile(r"[()（）\[\]]")  # noqa: RUF001
UNTOLD = frozenset({"id", "status", "origin", "sources", "general", "related", "near_misses"})
"""Fields that are no section of an answer."""


@dataclass(frozen=True, slots=True)
class Name:
    """A title or alias, normalised, and the entry it names."""

    text: str
    entry: str
    language: str
    is_title: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage an entry relies on, ready to be shown."""

    id: str
    states: str
    title: str
    author: str


def problems(root: Path = ROOT) -> list[Problem]:
    """Every problem of the content below *root*: shape first, then links, names and coverage."""
    loaded = load.load(root)
    found = list(loaded.problems)
    lexicon.load(root, found)
    return sorted(found + check.check(loaded))


def open_base(root: Path = ROOT) -> KnowledgeBase:
    """The knowledge below *root*, compiled on first use. Raises ContentError for broken content."""
    paths = [*load.files(root), *lexicon.paths(root)]
    folder = compiled.folder(
        f"knowledge-{compiled.stamp(paths)}", lambda new: _compile(root, paths, new)
    )
    return KnowledgeBase(folder)


class KnowledgeBase:
    """Checked entries in every language, their names, and the index over them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._values = compiled.Values(folder / "values.db")
        meta = self._values.get("meta")
        self.version: str = meta["version"]
        self.languages: dict[str, list[str]] = meta["languages"]
        """id -> languages in which the entry is told in full."""
        words.add(meta["words"])

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Every name of every active entry, longest first."""
        return tuple(Name(*row) for row in self._values.get("names"))

    @cached_property
    def asked(self) -> dict[str, tuple[str, str]]:
        """Example questions, normalised: the entry that must answer, and its section ("": any)."""
        return {text: (entry, section) for text, entry, section in self._values.get("asked")}

    @cached_property
    def not_asked(self) -> dict[str, frozenset[str]]:
        """Near misses, normalised: the entries that must not answer."""
        return {text: frozenset(ids) for text, ids in self._values.get("not_asked").items()}

    @cached_property
    def lexicon(self) -> Lexicon:
        """Stop words, subject words and synonyms of all languages."""
        stop, subject, synonyms = self._values.get("lexicon")
        return Lexicon(frozenset(stop), frozenset(subject), tuple(map(tuple, synonyms)))

    @cached_property
    def index(self) -> index.Index:
        """The index; a key is ``<entry id>|<language>``."""
        return index.open_index(self._folder / "index")

    def ids(self, kind: str | None = None) -> list[str]:
        """All entry ids in listing order, or those of one kind."""
        return [id_ for id_ in self.languages if kind is None or id_.startswith(kind + ".")]

    def told_in(self, id_: str, language: str) -> str:
        """The language in which the entry can be told to someone who speaks *language*."""
        told = self.languages[id_]
        return next((lang for lang in (language, "en", PRIMARY) if lang in told), PRIMARY)

    @lru_cache(maxsize=4_096)  # noqa: B019 - a base lives as long as its process
    def entry(self, id_: str, language: str = PRIMARY) -> Entry:
        """The entry in that language, prose it lacks in the primary one. Raises KeyError."""
        value = self._values.get(f"entry/{language}/{id_}")
        if value is None:
            value = self._values.get(f"entry/{PRIMARY}/{id_}")
        if value is None:
            raise KeyError(id_)
        cls, _ = KINDS[id_.partition(".")[0]]
        return typing.cast(Entry, _revive(cls, value))

    def title(self, id_: str, language: str) -> str:
        """The entry's name in that language."""
        return self.entry(id_, language).title

    @lru_cache(maxsize=4_096)  # noqa: B019
    def vocabulary(self, id_: str) -> frozenset[str]:
        """Every word of the entry, in all its languages."""
        return frozenset(self._values.get(f"words/{id_}") or ())

    def file(self, id_: str) -> str:
        """The file that holds the entry."""
        return f"knowledge/{KINDS[id_.partition('.')[0]][1]}/{id_.partition('.')[2]}.yaml"

    def citations(self, entry: Entry, language: str) -> tuple[Citation, ...]:
        """The passages the entry cites."""
        passages = self._values.get("passages")
        speak = language if language in ("zh", "en") else "en"
        return tuple(
            Citation(id_, *(said[speak] for said in passages[id_])) for id_ in entry.sources
        )


def _compile(root: Path, paths: list[Path], target: Path) -> None:
    loaded = load.load(root)
    found = list(loaded.problems)
    words_known = lexicon.load(root, found)
    errors = [p for p in found + check.check(loaded) if p.level == "error"]
    if errors:
        raise ContentError(errors)
    target.mkdir()
    names = sorted(_names(loaded), key=lambda name: (-len(name.text), name.text, name.entry))
    han = sorted({name.text for name in names if _is_han(name.text)})
    words.add(han)
    texts = list(_texts(loaded))
    index.build(texts, target / "index")
    values: dict[str, Any] = {
        "meta": {
            "version": compiled.version(paths, root),
            "languages": {id_: _languages(id_, loaded) for id_ in loaded.texts},
            "words": han,
        },
        "names": [dataclasses.astuple(name) for name in names],
        "lexicon": [
            sorted(words_known.stop),
            sorted(words_known.subject),
            words_known.synonyms,
        ],
        "asked": list(_asked(loaded)),
        "not_asked": _not_asked(loaded),
        "passages": {
            passage.id: [passage.states, source.title, source.author]
            for source in loaded.sources.values()
            for passage in source.passages
        },
    }
    for id_, by_language in loaded.texts.items():
        for language, entry in by_language.items():
            values[f"entry/{language}/{id_}"] = dataclasses.asdict(entry)
    for id_ in loaded.texts:
        mine = {w.text for t in texts if t.key.startswith(id_ + "|") for w in words_of(t.whole)}
        values[f"words/{id_}"] = sorted(mine)
    compiled.write_values(target / "values.db", values)


def _is_han(text: str) -> bool:
    return 1 < len(text) <= 8 and all("\u3400" <= char <= "\u9fff" for char in text)


def _languages(id_: str, loaded: Loaded) -> list[str]:
    """The primary language, and others in which at least the summary is written."""
    told = [PRIMARY]
    for language in LANGUAGES[1:]:
        missing = loaded.missing.get((id_, language))
        if missing is not None and "summary" not in missing:
            told.append(language)
    return told


def _names(loaded: Loaded) -> Iterator[Name]:
    """Titles and aliases; of a title with a bracket also its parts, unless another entry's."""
    told: dict[str, str] = {}
    parts: list[Name] = []
    for id_, by_language in loaded.texts.items():
        for language, entry in by_language.items():
            if entry.status == "retired":
                continue
            for i, name in enumerate((entry.title, *entry.aliases)):
                told.setdefault(compact(name).text, id_)
                yield Name(compact(name).text, id_, language, i == 0)
                pieces = [compact(piece).text for piece in _BRACKETS.split(name) if piece.strip()]
                if len(pieces) > 1:
                    parts += (Name(piece, id_, language, False) for piece in pieces)
    for part in parts:
        if told.setdefault(part.text, part.entry) == part.entry and len(part.text) > 1:
            yield part


def _asked(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    for id_, by_language in loaded.texts.items():
        for entry in by_language.values():
            for example in entry.examples:
                yield question_key(example.ask), id_, example.section or ""


def _not_asked(loaded: Loaded) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id_, by_language in loaded.texts.items():
        for entry in by_language.values():
            for question in entry.near_misses:
                found.setdefault(question_key(question), []).append(id_)
    return found


def question_key(question: str) -> str:
    """What two spellings of the same question have in common."""
    return "".join(char for char in compact(question).text if char.isalnum() or char == "+")


def _texts(loaded: Loaded) -> Iterator[index.Text]:
    for id_, by_language in loaded.texts.items():
        for language, entry in by_language.items():
            if entry.status == "active":
                partial = loaded.missing.get((id_, language), ())
                lines = tuple(_lines(entry, partial, _titles(loaded, language)))
                whole = "\n".join(line for _, line in lines)
                yield index.Text(f"{id_}|{language}", whole, lines)


def _titles(loaded: Loaded, language: str) -> dict[str, str]:
    return {
        id_: by_language.get(language, by_language[PRIMARY]).title
        for id_, by_language in loaded.texts.items()
    }


def _lines(
    entry: Entry, partial: tuple[str, ...], titles: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """(section, text): the names, each section, and each example under the section it asks for."""
    yield "summary", fold(" ".join((entry.title, *entry.aliases)))
    for field in shape.fields_of(type(entry)):
        if field.key in UNTOLD or field.key in partial or field.key in ("title", "aliases"):
            continue
        value = getattr(entry, field.name)
        if field.key == "examples":
            for example in value:
                yield example.section or "summary", fold(example.ask)
        elif shape.has_prose(field.hint):
            if text := " ".join(prose(value)):
                yield field.key, fold(f"{entry.title} {text}")
        elif isinstance(value, tuple) and value:
            yield field.key, fold(" ".join((entry.title, *(titles[id_] for id_ in value))))


def prose(value: Any) -> Iterator[str]:
    """Every piece of text inside a section's value that is not an id."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from prose(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, Example):
        for field in shape.fields_of(typing.cast(type, type(value))):
            if shape.is_prose(field.hint) or typing.get_origin(shape.unwrap(field.hint)[0]):
                yield from prose(getattr(value, field.name))


def _revive(hint: Any, value: Any) -> Any:
    """A value of the model from its plain JSON form."""
    plain, _ = shape.unwrap(hint)
    if value is None:
        return None
    if typing.get_origin(plain) is tuple:
        inner = typing.get_args(plain)[0]
        return tuple(_revive(inner, item) for item in value)
    if dataclasses.is_dataclass(plain):
        return typing.cast(type, plain)(
            **{f.name: _revive(f.hint, value[f.name]) for f in shape.fields_of(typing.cast(type, plain))}
        )
    return value
