"""An entry as it is searched: its names, each section and each example, in every language."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from typing import Any

from knowledge.engine import index, shape
from knowledge.engine.asking import Example
from knowledge.engine.load import PRIMARY, Loaded
from knowledge.engine.model import Entry
from knowledge.engine.normal import fold

UNTOLD = frozenset(
    {
        "id",
        "status",
        "restricted_to",
        "origin",
        "sources",
        "general",
        "cites",
        "reviewed_on",
        "owner",
        "related",
        "helps",
        "near_misses",
    }
)
"""Fields that are no section of an answer."""
UNSEARCHED = frozenset({"moved_by", "comes_from", "period", "not_for"})
"""Sections that are told and not searched: they name other figures, systems and days, and would
draw the questions about those."""


def texts(id_: str, loaded: Loaded, told: dict[str, dict[str, str]]) -> Iterator[index.Text]:
    """One entry as it is searched, in each language; *told*: language -> id -> title."""
    for language, entry in loaded.texts[id_].items():
        if entry.status == "active":
            partial = loaded.missing.get((id_, language), ())
            lines = tuple(_lines(entry, partial, told[language]))
            yield index.Text(f"{id_}|{language}", "\n".join(line for _, line in lines), lines)


def titles(loaded: Loaded, language: str) -> dict[str, str]:
    """Id -> title, in that language or in the primary one."""
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
        if field.key in UNTOLD | UNSEARCHED or field.key in partial:
            continue
        if field.key in ("title", "aliases"):
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
