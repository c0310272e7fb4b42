"""What is wrong with an entry that is being written, found at once: no other file is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from bot.editing import forms
from knowledge.engine import check, cites, shape, source
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import KINDS, Entry
from knowledge.engine.normal import compact, question_key
from knowledge.engine.source import Document, Problem


def lint(entry: str, made: Mapping[str, str | None], base: KnowledgeBase) -> list[Problem]:
    """The problems of the files that a form makes: shape, links, names and examples of others.

    *base*: the content in use. What the rest of the content says to it, the trial finds.
    """
    loaded, own, tolds = Loaded(), [], []
    nowhere = Document("", None)
    loaded.documents = {(id_, PRIMARY): nowhere for id_ in base.languages}
    loaded.passages = {passage: (nowhere, ()) for passage in base.passages}
    for language, path in forms.paths(entry).items():
        text = made.get(path)
        if text is None:
            continue
        document = source.parse(text.encode("utf-8"), path)
        own.append(document)
        told = _read_entry(entry, language, document, loaded)
        loaded.documents[entry, language] = document
        if told is not None:
            tolds.append((told, document))
            if not document.problems:
                loaded.texts.setdefault(entry, {})[language] = told
    found = [problem for document in own for problem in document.problems]
    files = {document.file for document in own}
    found += [problem for problem in check.check(loaded) if problem.file in files]
    found += _duplicate_problems(entry, tolds, base)
    return sorted(set(found))


def _read_entry(entry: str, language: str, document: Document, loaded: Loaded) -> Entry | None:
    """The entry as one file tells it; None where it cannot be read."""
    cls, _ = KINDS[entry.partition(".")[0]]
    if document.value is None:
        return None
    if language == PRIMARY:
        claims = cites.take(document)
        built: Entry | None = shape.build(cls, document, document.value)
        return None if built is None else dataclasses.replace(built, cites=claims)
    known = loaded.texts.get(entry, {}).get(PRIMARY)
    if known is None or not isinstance(document.value, dict):
        return None
    if "title" not in document.value:
        document.problems.append(document.problem((), "missing key 'title'"))
    told: Entry | None = shape.translate(known, document, document.value)
    return told


def _duplicate_problems(
    entry: str, tolds: Iterable[tuple[Entry, Document]], base: KnowledgeBase
) -> Iterator[Problem]:
    """Names and examples that another entry has already."""
    names = {name.text.replace(" ", ""): name.entry for name in base.names}
    for told, document in tolds:
        for i, name in enumerate((told.title or "", *told.aliases)):
            owner = names.get(compact(name).text.replace(" ", ""), entry)
            if owner != entry:
                place: source.Place = ("aliases", i - 1) if i else ("title",)
                yield document.problem(place, f"'{name}' is already a name of {owner}")
        for i, example in enumerate(told.examples):
            asked = base.entry_of_example(question_key(example.ask or ""))
            if asked and asked[0] != entry:
                message = f"'{example.ask}' is an example of {asked[0]} already"
                yield document.problem(("examples", i), message)
