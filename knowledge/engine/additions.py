"""Names, examples and near misses that an organization adds to entries, without replacing them.

Below ``additions/<language>/<folder>/<slug>.yaml`` stand ``aliases``, ``examples`` and
``near_misses``, each behind what the entry has in that language.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from knowledge.engine import shape
from knowledge.engine.asking import Example
from knowledge.engine.marks import PerLanguage
from knowledge.engine.model import KINDS, LANGUAGES, Entry, Words
from knowledge.engine.source import Document

FOLDER = "additions"


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added to one entry in one language."""

    aliases: Words = ()
    examples: Annotated[tuple[Example, ...], PerLanguage()] = ()
    near_misses: Words = ()


def folders() -> Iterator[str]:
    """Where additions may stand, below an organization's content."""
    for language in LANGUAGES:
        for _, folder in KINDS.values():
            yield f"{FOLDER}/{language}/{folder}"


def paths(own: Path) -> Iterator[tuple[str, str, Path]]:
    """(language, kind, file) of every addition below an organization's content."""
    kinds = {folder: kind for kind, (_, folder) in KINDS.items()}
    for folder in folders():
        _, language, name = folder.split("/")
        for path in sorted((own / folder).glob("*.y*ml")):
            yield language, kinds[name], path


def lay(document: Document, told: dict[str, Entry] | None, id_: str, language: str) -> None:
    """Add what *document* says to the entry in that language, in place.

    *told*: the entry by language, None where there is none. Problems are added to the document's.
    """
    if document.value is None:
        return
    added = shape.build(Addition, document, document.value)
    if language not in (told or {}):
        why = f"is not told in '{language}'" if told else "is not there"
        document.problems.append(document.problem((), f"the entry {id_} {why}"))
    if added is None or told is None or document.problems:
        return
    entry = told[language]
    told[language] = dataclasses.replace(
        entry,
        aliases=entry.aliases + added.aliases,
        examples=entry.examples + added.examples,
        near_misses=entry.near_misses + added.near_misses,
    )
