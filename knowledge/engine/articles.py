"""The nouns of citing: a source and its numbered passages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A numbered place in a source and, in one sentence a language, what it states."""

    id: str
    states: dict[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """An article the knowledge was taken from."""

    id: str
    author: dict[str, str]
    title: dict[str, str]
    outlet: dict[str, str]
    passages: tuple[Passage, ...]
