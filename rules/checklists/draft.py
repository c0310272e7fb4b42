"""The nouns of a checklist that somebody wrote, and the words by which its lines are told apart."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from knowledge.engine import shape, source
from knowledge.engine.source import ContentError
from rules.cues import Phrases

WORDS = Path(__file__).with_name("words.yaml")
MAX_LINE = 500
"""Characters of a line that are looked at."""
Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words a checklist is read and judged by; ``words.yaml`` explains each."""

    done_when: Phrases
    due: Phrases
    killer: Phrases
    vague: Phrases
    not_openers: Phrases
    not_endings: Phrases
    verbs: Phrases
    verb_endings: Phrases
    owner: Phrases
    detail: Phrases
    item: Phrases
    section: Phrases
    title: Phrases
    order: Phrases
    ordered: Phrases
    yes: Phrases
    anchor: Phrases


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a checklist that will get in the way of those who work through it."""

    line: int
    level: Level
    kind: str
    """What it is; ``lint.<kind>`` in the locales is the sentence."""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class DraftItem:
    """One line of the list, as far as it could be read."""

    line: int
    text: str
    done_when: str = ""
    due: str = ""
    killer: bool = False
    owner: str = ""
    """Who does it: a role or a name, as it was written."""
    day: datetime.date | None = None
    """The day on which it is due, where a date was written and no offset from T."""
    detail: str = ""


@dataclass(slots=True)
class DraftPoint:
    """A pause point, or the part of a list below one heading."""

    line: int
    name: str
    items: list[DraftItem] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """The whole list, and what was wrong with how it is written."""

    points: list[DraftPoint] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    title: str = ""
    ordered: bool = False
    """One item after the other, instead of in any order."""
    anchor: datetime.date | None = None
    """The date T, where it stands in the text."""

    @property
    def items(self) -> list[DraftItem]:
        """The items that say something, in order."""
        return [item for point in self.points for item in point.items if item.text]


@cache
def vocabulary() -> Vocabulary:
    """The words. Raises ContentError if their file is broken."""
    document = source.read(WORDS, f"rules/checklists/{WORDS.name}")
    built = shape.build(Vocabulary, document, document.value)
    if document.problems or not isinstance(built, Vocabulary):
        raise ContentError(document.problems)
    return built


_COLON = re.compile("[:\uff1a]")
_OFFSET = re.compile(r"\bT\s*[+-]\s*[0-9]+\s*[a-zA-Z]*|^T$")
_DAY = re.compile(
    "(20[0-9]{2})\\s*[-/.\u5e74]\\s*([0-9]{1,2})\\s*[-/.\u6708]\\s*([0-9]{1,2})(?![0-9])"
)
"""Year, month and day, with the signs between them that any of the four languages has."""
_LABELS = ("done_when", "due", "owner", "detail")
"""What may stand before a colon."""


def is_word(text: str, name: str) -> bool:
    """Whether a text is one of the words of that name, in whatever language."""
    plain = text.strip().strip("*").strip().casefold()
    return plain in _words(name)


@cache
def _words(name: str) -> frozenset[str]:
    phrases: Phrases = getattr(vocabulary(), name)
    return frozenset(word.casefold() for _, word in phrases.all())


def labelled(text: str) -> tuple[str, str]:
    """What stands before the first colon of either width, and behind it: (text, "") without one."""
    name, *rest = _COLON.split(text, maxsplit=1)
    return name, "".join(rest).strip()


def take(item: DraftItem, text: str) -> bool:
    """Whether *text* is a mark, a date or has a label; then the item takes it."""
    if is_word(text, "killer"):
        item.killer = True
        return True
    name, rest = labelled(text)
    if rest:
        for label in _LABELS:
            if is_word(name, label):
                fill(item, label, rest)
                return True
    return bool(_OFFSET.fullmatch(text)) and fill(item, "due", text)


def fill(item: DraftItem, label: str, text: str) -> bool:
    """Set what the label names; a second time it is added."""
    if label == "due":
        found = _OFFSET.search(text)
        item.due = re.sub(r"\s", "", found[0]) if found else ""
        item.day = None if found else day_in(text)
    elif label == "killer":
        item.killer = is_word(text, "yes") or is_word(text, "killer")
    else:
        before = getattr(item, label)
        setattr(item, label, f"{before}\n{text}" if before else text)
    return True


def day_in(text: str) -> datetime.date | None:
    """The date in a text, year first; None for none, or one that no calendar has."""
    found = _DAY.search(text)
    try:
        return datetime.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
