"""What an answer holds: frozen values that can be compared, pickled and sent between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple


class Candidate(NamedTuple):
    """An entry that was considered."""

    entry: str
    score: float
    """0 to 1; comparable within one answer."""


class Section(NamedTuple):
    """A section of an entry, such as ``metrics`` of ``role.brand``."""

    entry: str | None
    section: str


class Choice(NamedTuple):
    """What the next message of a chat can call by its number."""

    kind: Literal["choice", "line"]
    """A choice that is offered, or a line of the list that is told."""
    number: int
    """From 1, within its kind."""
    text: str
    entry: str | None


class Source(NamedTuple):
    """Where an answer comes from."""

    id: str
    """Of a passage, such as ``brand-not-confused#1.2``; or where the entry comes from instead, such
    as ``general``."""
    title: str
    """Of the article; empty where it is none."""
    states: str
    """What the passage says; empty where there is none."""


class Evidence(NamedTuple):
    """Something in the question that counted."""

    kind: str
    """name, near, sound, cue, signal, example, …"""
    text: str
    start: int
    end: int
    """Characters of the question, from 0, as in ``question[start:end]``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and why."""

    text: str
    """The reply as plain text, its choices numbered."""
    language: str
    """zh, en, ja or ko."""
    band: Literal["answer", "suggest", "decline"]
    """How it was met: answered, asked back with suggestions, or declined."""
    intent: str
    """What was wanted, such as ``define``, ``owner`` or ``compare``; empty if that is unknown."""
    entry: str | None
    """The entry that is told, such as ``role.brand``; None unless *band* is ``answer``."""
    section: str
    score: float
    """0 to 1: how sure the rules are."""
    guess: bool
    """Whether it is told only as the best guess."""
    alternatives: tuple[Candidate, ...]
    compared: tuple[str, ...]
    """Entries that are set side by side."""
    missing: tuple[str, ...]
    """What is asked and held nowhere."""
    about: str
    """The entry of the conversation so far that the answer leans on, or an empty text."""
    asks_for: str
    """The intent for which a thing is asked back."""
    also: tuple[Section, ...]
    """Further questions of the same message."""
    shown: tuple[Choice, ...]
    sources: tuple[Source, ...]
    evidence: tuple[Evidence, ...]
    version: str
    """Of the content and rules; the same question on the same version has the same answer."""
    elapsed_ms: float = field(compare=False)
    """Milliseconds; takes no part in comparing answers."""


def answer_of(row: Mapping[str, Any]) -> Answer:
    """The answer that the fixed JSON object *row* describes (docs/commands.md)."""
    return Answer(
        text=row["text"],
        language=row["lang"],
        band=row["band"],
        intent=row["intent"],
        entry=row["entry"],
        section=row["section"],
        score=row["score"],
        guess=row["guess"],
        alternatives=tuple(Candidate(**other) for other in row["alternatives"]),
        compared=tuple(row["compared"]),
        missing=tuple(row["missing"]),
        about=row["about"],
        asks_for=row["asks_for"],
        also=tuple(Section(**other) for other in row["also"]),
        shown=tuple(Choice(**choice) for choice in row["shown"]),
        sources=tuple(
            Source(cited["id"], cited.get("title", ""), cited.get("states", ""))
            for cited in row["sources"]
        ),
        evidence=tuple(Evidence(**fact) for fact in row["evidence"]),
        version=row["knowledge_version"],
        elapsed_ms=row["elapsed_ms"],
    )
