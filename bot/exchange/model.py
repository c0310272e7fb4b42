"""The nouns of exchange: Pair, Note, Found, and the bounds of what is taken."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE_BYTES, MAX_BYTES = 20_000_000, 200_000_000
"""Of a text that is read as a whole, longer ones are read row by row; and of a file of another
format. A YAML file may have a million."""
MAX_QUESTION, MAX_ANSWER = 300, 8_000
"""Characters."""
MAX_TITLE = 60


@dataclass(frozen=True, slots=True)
class Pair:
    """One answer and the ways in which it is asked for, as a file has them."""

    place: str
    """Where it stands: ``faq.csv:3``."""
    questions: tuple[str, ...]
    answer: str
    """With the marks (Markdown, HTML) it has in the file."""
    id: str | None = None
    """What the file calls it; a slug is made of it."""
    title: str | None = None
    language: str | None = None
    has_own_slug: bool = False
    """Whether *id* is a slug that our own export wrote."""


@dataclass(frozen=True, slots=True)
class Note:
    """What became of a piece of a file, or why nothing did."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds."""

    pairs: tuple[Pair, ...]
    skipped: tuple[Note, ...] = ()
    """What could not be read, and why."""
