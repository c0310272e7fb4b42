"""Loaded entries -> the compiled folder: values, names and index. Refuses content with errors."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from knowledge.engine import (
    check,
    compiled,
    lexicon,
    likelihood,
    load,
    not_held,
    pieces,
    search_texts,
)
from knowledge.engine.garbage import collection_paused
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import KINDS, LANGUAGES
from knowledge.engine.normal import compact_text, fold, question_key
from knowledge.engine.source import ContentError
from knowledge.engine.words import Words, own_words

_BRACKETED = re.compile(r"([^()（）\[\]]+)[(（\[]([^()（）\[\]]+)[)）\]]")
"""A name with its other form in brackets behind it."""
SHORT = 8
"""Characters of a question that is short enough to be recognised by how it is spelt."""


@dataclass(frozen=True, slots=True)
class Name:
    """A title or alias, normalised, and the entry it names."""

    text: str
    entry: str
    language: str
    is_title: bool

    @property
    def is_question(self) -> bool:
        """Whether it is no name of a thing, but a question that an organization answers."""
        return self.is_title and self.entry.startswith("faq.")

    @property
    def is_long(self) -> bool:
        """Whether it is a question too long to be told by its letters or sounds alone."""
        return self.is_question and len(self.text) > SHORT


@collection_paused()
def compile_content(
    root: Path,
    target: Path,
    hidden: frozenset[str] = frozenset(),
    own: Path | None = None,
    read: Loaded | None = None,
) -> None:
    """Write the compiled form of the content below *root* to *target*, as if there were no entry
    of those *hidden*; *own*: an organization's content laid over it; *read*: both, if they have
    been read and checked. Raises ContentError.
    """
    loaded = read or load.load(root, own)
    found = list(loaded.problems)
    words_known = lexicon.load(root, found, own)
    problems = found if read else found + check.check(loaded)
    if errors := [problem for problem in problems if problem.level == "error"]:
        raise ContentError(errors)
    target.mkdir()
    # Every audience cuts text with the same words, so that what is hidden changes no answer.
    kept_whole = own_words(
        name.text for name in _names(loaded) if _is_han(name.text) and not name.is_question
    )
    seen = _leave_out(hidden, loaded)
    said = pieces.write(
        _parts(seen), _questions_not_held(seen), Words(kept_whole), kept_whole, target
    )
    meta = _meta(seen, hidden) | {"version": _version(root, own, hidden), "words": kept_whole}
    lists = [words_known.stop, words_known.subject]
    values = {
        "meta": meta,
        "names": sorted(map(list, map(dataclasses.astuple, _names(seen))), key=_longest_first),
        "helps": list(_help_situations(seen)),
        "lexicon": [*map(sorted, lists), words_known.synonyms, words_known.short],
        "passages": {
            passage.id: [passage.states, source.title, source.author]
            for source in seen.sources.values()
            for passage in source.passages
        },
    }
    told = ((f"words/{id_}", said.get(id_, [])) for id_ in seen.texts)
    notes = ((f"markets/{id_}", notes) for id_, notes in _markets(seen).items())
    refused = (
        (f"refused/{question_key(one.ask)}", one.kind)
        for _, questions in seen.not_held
        for one in questions
    )
    more = chain(notes, _settled_questions(seen), refused, _entries(seen), told)
    compiled.write_values(target / "values.db", values, more)


def _longest_first(name: list[Any]) -> tuple[int, str, str]:
    text, entry, *_ = name
    return -len(text), text, entry


def _meta(loaded: Loaded, hidden: frozenset[str]) -> dict[str, Any]:
    return {
        "own": {id_: _file_name(id_, loaded) for id_ in sorted(loaded.own) if id_ in loaded.texts},
        "languages": {id_: _languages(id_, loaded) for id_ in loaded.texts},
        "restricted": [id_ for id_, told in loaded.texts.items() if told[PRIMARY].restricted_to],
        "hidden": sorted(hidden),
    }


def _entries(loaded: Loaded) -> Iterator[tuple[str, Any]]:
    for id_, by_language in loaded.texts.items():
        for language, entry in by_language.items():
            yield f"entry/{language}/{id_}", entry


def _parts(loaded: Loaded) -> Iterator[pieces.Part]:
    titles = {language: search_texts.titles(loaded, language) for language in LANGUAGES}
    for ids in pieces.groups(loaded.texts, loaded.own):
        texts = [text for id_ in ids for text in search_texts.texts(id_, loaded, titles)]
        yield pieces.Part(texts, [one for id_ in ids for one in _examples(id_, loaded)])


def _leave_out(hidden: frozenset[str], loaded: Loaded) -> Loaded:
    """*loaded* without the *hidden* entries, also in lists of links; nothing else leans on them."""
    if not hidden:
        return loaded
    texts = {id_: dict(told) for id_, told in loaded.texts.items() if id_ not in hidden}
    for told in texts.values():
        for language, entry in told.items():
            kept: dict[str, Any] = {
                name: tuple(id_ for id_ in getattr(entry, name) if id_ not in hidden)
                for name in check.SEE_ALSO
                if not hidden.isdisjoint(getattr(entry, name, ()))
            }
            if kept:
                told[language] = dataclasses.replace(entry, **kept)
    return dataclasses.replace(loaded, texts=texts)


def _version(root: Path, own: Path | None, hidden: frozenset[str]) -> str:
    """The hash of everything that may be seen, so that what is hidden leaves no trace in it."""
    parts = []
    for folder in (root, own):
        if folder is not None:
            paths = [*load.files(folder), *lexicon.paths(folder)]
            unseen = _files(hidden, folder)
            parts.append(compiled.version([p for p in paths if p not in unseen], folder))
    return "-".join(parts)


def _file_name(id_: str, loaded: Loaded) -> str:
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
                plain = compact_text(_BRACKETED.sub(r"\1", product))
                makers.setdefault(plain, set()).add(id_)
                parts.append(Name(plain, id_, language, False))
            for i, name in enumerate((entry.title, *entry.aliases)):
                text = compact_text(name)
                told.setdefault(text, id_)
                yield Name(text, id_, language, i == 0)
                if match := _BRACKETED.fullmatch(name.strip()):
                    parts += (Name(compact_text(p), id_, language, False) for p in match.groups())
    for part in parts:
        shared = len(makers.get(part.text, ())) > 1
        mine = told.setdefault(part.text, part.entry) == part.entry
        if mine and not shared and len(part.text) > 1:
            yield part


def _help_situations(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """(entry, section, situation) of everything that active entries help with."""
    for id_, told in loaded.texts.items():
        entry = told[PRIMARY]
        if entry.status == "active":
            yield from ((id_, one.section, frame) for one in entry.helps for frame in one.when)


def _examples(id_: str, loaded: Loaded) -> Iterator[likelihood.Example]:
    """What is asked of an active entry, in every language: its examples and its names."""
    told = loaded.texts[id_]
    if told[PRIMARY].status == "active":
        asked = [one.ask for entry in told.values() for one in entry.examples]
        asked += [name for entry in told.values() for name in (entry.title, *entry.aliases)]
        for text in dict.fromkeys(map(fold, asked)):
            yield likelihood.Example(id_, text)


def _questions_not_held(loaded: Loaded) -> Iterator[likelihood.Example]:
    """What is asked in vain, under the kind of ask it is."""
    for _, questions in loaded.not_held:
        for one in questions:
            yield likelihood.Example(f"{not_held.MARK}{one.kind}", fold(one.ask))


def _settled_questions(loaded: Loaded) -> Iterator[tuple[str, Any]]:
    """Who must answer each example, and who must not answer each near miss."""
    banned: dict[str, list[str]] = {}
    for id_, by_language in loaded.texts.items():
        for entry in by_language.values():
            for example in entry.examples:
                yield f"asked/{question_key(example.ask)}", [id_, example.section or ""]
            for question in entry.near_misses:
                banned.setdefault(question_key(question), []).append(id_)
    yield from ((f"not_asked/{key}", ids) for key, ids in banned.items())


def _markets(loaded: Loaded) -> dict[str, list[dict[str, Any]]]:
    """Entry -> the notes on single markets that belong to it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for _, notes in loaded.markets:
        for note in notes:
            plain = dataclasses.asdict(dataclasses.replace(note, entries=()))
            for id_ in (id_ for id_ in note.entries if id_ in loaded.texts):
                found.setdefault(id_, []).append(plain)
    return found
