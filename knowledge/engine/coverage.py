"""How far the content is told in each language, and what is missing where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.engine.load import Loaded
from knowledge.engine.model import LANGUAGES

TRIED = ("examples", "near_misses")
"""What every entry should have in each language, besides its prose."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of the active entries of one language."""

    language: str
    entries: int
    """Active entries in the primary language."""
    told: int
    """Of these, told in this language at all."""
    whole: int
    """Of these, with no passage that falls back to the primary language."""
    examples: int
    """Questions that an entry must win."""
    near_misses: int
    """Questions that an entry must not win."""


def coverage(loaded: Loaded) -> tuple[Coverage, ...]:
    """One row a language."""
    return tuple(_coverage_of(language, loaded) for language in LANGUAGES)


def gaps(loaded: Loaded) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(entry, language, what is missing there) of every entry that is not told whole and tried.

    An entry that is not told at all misses ``title``.
    """
    for id_ in _active_ids(loaded):
        texts = loaded.texts[id_]
        for language in LANGUAGES:
            if language not in texts:
                yield id_, language, ("title",)
                continue
            missing = tuple(loaded.missing.get((id_, language), ()))
            missing += tuple(name for name in TRIED if not getattr(texts[language], name))
            if missing:
                yield id_, language, missing


def _active_ids(loaded: Loaded) -> list[str]:
    rows = loaded.texts.items()
    return sorted(id_ for id_, texts in rows if next(iter(texts.values())).status == "active")


def _coverage_of(language: str, loaded: Loaded) -> Coverage:
    ids = _active_ids(loaded)
    told = [id_ for id_ in ids if language in loaded.texts[id_]]
    entries = [loaded.texts[id_][language] for id_ in told]
    return Coverage(
        language,
        len(ids),
        len(told),
        sum(not loaded.missing.get((id_, language)) for id_ in told),
        sum(len(entry.examples) for entry in entries),
        sum(len(entry.near_misses) for entry in entries),
    )
