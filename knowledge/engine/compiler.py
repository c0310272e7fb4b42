"""Loaded entries -> the compiled folder: values, names and index. Refuses content with errors."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.engine import check, compiled, index, lexicon, likelihood, load, shape
from knowledge.engine.asking import Example
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import KINDS, LANGUAGES, Entry
from knowledge.engine.normal import compact, fold, question_key
from knowledge.engine.source import ContentError
from knowledge.engine.tokens import words_of
from knowledge.engine.words import Words, own_words

_BRACKETED = re.compile(r"([^()（）\[\]]+)[(（\[]([^()（）\[\]]+)[)）\]]")
"""A name with its other form in brackets behind it."""
UNTOLD = frozenset(
    {
        "id",
        "status",
        "restricted_to",
        "origin",
        "sources",
        "general",
        "related",
        "helps",
        "near_misses",
    }
)
"""Fields that are no section of an answer."""


@dataclass(frozen=True, slots=True)
class Name:
    """A title or alias, normalised, and the entry it names."""

    text: str
    entry: str
    language: str
    is_title: bool


def compile_content(
    root: Path, target: Path, hidden: frozenset[str] = frozenset(), own: Path | None = None
) -> None:
    """Write the compiled form of the content below *root* to *target*, as if there were no entry
    of those *hidden*; *own*: an organization's content laid over it. Raises ContentError.
    """
    loaded = load.load(root, own)
    found = list(loaded.problems)
    words_known = lexicon.load(root, found, own)
    errors = [p for p in found + check.check(loaded) if p.level == "error"]
    if errors:
        raise ContentError(errors)
    target.mkdir()
    # Every audience cuts text with the same words, so that what is hidden changes no answer.
    kept_whole = own_words(name.text for name in _names(loaded) if _is_han(name.text))
    words = Words(kept_whole)
    _leave_out(hidden, loaded)
    names = sorted(_names(loaded), key=lambda name: (-len(name.text), name.text, name.entry))
    texts = list(_texts(loaded))
    index.build(texts, words, target / "index")
    likelihood.write(target / "likelihood.db", _examples(loaded), words)
    values: dict[str, Any] = {
        "meta": {
            "version": _version(root, own, hidden),
            "own": {id_: _shown(id_, loaded) for id_ in sorted(loaded.own) if id_ in loaded.texts},
            "languages": {id_: _languages(id_, loaded) for id_ in loaded.texts},
            "restricted": [
                id_ for id_, told in loaded.texts.items() if told[PRIMARY].restricted_to
            ],
            "hidden": sorted(hidden),
            "words": kept_whole,
        },
        "names": [dataclasses.astuple(name) for name in names],
        "helps": list(_helps(loaded)),
        "lexicon": [
            sorted(words_known.stop),
            sorted(words_known.subject),
            words_known.synonyms,
            words_known.short,
        ],
        "passages": {
            passage.id: [passage.states, source.title, source.author]
            for source in loaded.sources.values()
            for passage in source.passages
        },
    }
    values |= {f"asked/{key}": [id_, section] for key, id_, section in _asked(loaded)}
    values |= {f"not_asked/{key}": ids for key, ids in _not_asked(loaded).items()}
    for id_, by_language in loaded.texts.items():
        for language, entry in by_language.items():
            values[f"entry/{language}/{id_}"] = dataclasses.asdict(entry)
    for id_ in loaded.texts:
        mine = {
            word.text
            for text in texts
            if text.key.startswith(id_ + "|")
            for word in words_of(text.whole, words)
        }
        values[f"words/{id_}"] = sorted(mine)
    compiled.write_values(target / "values.db", values)


def _leave_out(hidden: frozenset[str], loaded: Loaded) -> None:
    """Take the *hidden* entries away, also out of lists of links; no other entry leans on them."""
    for id_ in hidden:
        loaded.texts.pop(id_, None)
    for told in loaded.texts.values():
        for language, entry in told.items():
            kept: dict[str, Any] = {
                name: tuple(id_ for id_ in getattr(entry, name) if id_ not in hidden)
                for name in check.SEE_ALSO
                if not hidden.isdisjoint(getattr(entry, name, ()))
            }
            if kept:
                told[language] = dataclasses.replace(entry, **kept)


def _version(root: Path, own: Path | None, hidden: frozenset[str]) -> str:
    """The hash of everything that may be seen, so that what is hidden leaves no trace in it."""
    parts = []
    for folder in (root, own):
        if folder is not None:
            paths = [*load.files(folder), *lexicon.paths(folder)]
            unseen = _files(hidden, folder)
            parts.append(compiled.version([p for p in paths if p not in unseen], folder))
    return "-".join(parts)


def _shown(id_: str, loaded: Loaded) -> str:
    """The file of an organization's entry, as problems name it."""
    return loaded.documents[id_, PRIMARY].file


def _files(ids: frozenset[str], root: Path) -> set[Path]:
    """The files of these entries, translations included."""
    places = {f"{KINDS[id_.partition('.')[0]][1]}/{id_.partition('.')[2]}.yaml" for id_ in ids}
    told = ["", *(f"translations/{language}/" for language in LANGUAGES[1:])]
    return {root / f"{folder}{place}" for folder in told for place in places}


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
    """Titles and aliases; of a title with a bracket also its parts, unless another entry's.

    The products of a tool stand for it, unless they are named elsewhere or belong to two tools.
    """
    told: dict[str, str] = {}
    parts: list[Name] = []
    makers: dict[str, set[str]] = {}
    for id_, by_language in loaded.texts.items():
        for language, entry in by_language.items():
            if entry.status == "retired":
                continue
            for product in getattr(entry, "products", ()):
                plain = compact(_BRACKETED.sub(r"\1", product)).text
                makers.setdefault(plain, set()).add(id_)
                parts.append(Name(plain, id_, language, False))
            for i, name in enumerate((entry.title, *entry.aliases)):
                told.setdefault(compact(name).text, id_)
                yield Name(compact(name).text, id_, language, i == 0)
                if match := _BRACKETED.fullmatch(name.strip()):
                    parts += (Name(compact(p).text, id_, language, False) for p in match.groups())
    for part in parts:
        shared = len(makers.get(part.text, ())) > 1
        mine = told.setdefault(part.text, part.entry) == part.entry
        if mine and not shared and len(part.text) > 1:
            yield part


def _helps(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """(entry, section, situation) of everything that active entries help with."""
    for id_, told in loaded.texts.items():
        entry = told[PRIMARY]
        if entry.status == "active":
            yield from ((id_, one.section, frame) for one in entry.helps for frame in one.when)


def _examples(loaded: Loaded) -> Iterator[likelihood.Example]:
    """What is asked of active entries, in every language: their examples and their names."""
    for id_, by_language in loaded.texts.items():
        if by_language[PRIMARY].status == "active":
            asked = [one.ask for entry in by_language.values() for one in entry.examples]
            asked += [n for entry in by_language.values() for n in (entry.title, *entry.aliases)]
            for text in dict.fromkeys(map(fold, asked)):
                yield likelihood.Example(id_, text)


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
