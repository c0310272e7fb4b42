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
    hours: Phrases
    days: Phrases
    weeks: Phrases
    the_day: Phrases
    owners: Phrases
    not_owners: Phrases


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


@dataclass(frozen=True, slots=True)
class Aside:
    """Words alone in brackets that end an item, and whether they were taken for its owner."""

    words: str
    is_owner: bool


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
    owners: tuple[str, ...] = ()
    """What stands before the list as names of owners, wherever it stands alone in brackets."""
    not_owners: tuple[str, ...] = ()
    """The same for what is none."""
    asides: tuple[Aside, ...] = ()
    """What stood alone in brackets at the end of items, and how it was taken."""

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
_OFFSET = re.compile(r"\b[TD]\s*[-+\u2013\u2212]\s*[0-9]+\s*[a-zA-Z]*|^T$")
"""What is meant for an offset from T, right or wrong."""
_AT = re.compile(
    "[@\uff20]([^\\s@\uff20()\uff08\uff09\\[\\]\u3010\u3011,\uff0c;\uff1b:\uff1a/|\u3001\u3002]{1,40})"
)
"""A name behind an @."""
_DAY = re.compile(
    "(20[0-9]{2})\\s*[-/.\u5e74]\\s*([0-9]{1,2})\\s*[-/.\u6708]\\s*([0-9]{1,2})(?![0-9])"
)
"""Year, month and day, with the signs between them that any of the four languages has."""
_LABELS = ("done_when", "due", "owner", "detail")
"""What may stand before a colon."""


@cache
def offsets() -> re.Pattern[str]:
    """An offset from T as people write it: sign, number, unit; days where no unit is said."""
    units = {unit: "|".join(_longest_first(unit)) for unit in ("hours", "days", "weeks")}
    sign = "(?P<sign>[-+\u2013\u2212])"
    unit = "".join(f"(?P<{name}>{words})|" for name, words in units.items())
    tail = "(?![A-Za-z0-9])"
    return re.compile(
        rf"(?<![A-Za-z0-9])(?:[TD]\s*{sign}\s*(?P<number>[0-9]{{1,4}})\s*(?:{unit}){tail})",
        re.IGNORECASE,
    )


def _longest_first(name: str) -> list[str]:
    return sorted(map(re.escape, _words(name)), key=lambda word: -len(word))


def offset_of(found: re.Match[str]) -> str:
    """``T-3d`` for what `offsets` has found."""
    number = int(found["number"])
    if not number:
        return "T"
    unit = "h" if found["hours"] else "w" if found["weeks"] else "d"
    return f"T{'+' if found['sign'] == '+' else '-'}{number}{unit}"


def is_word(text: str, name: str) -> bool:
    """Whether a text is one of the words of that name, in whatever language."""
    plain = text.strip().strip("*").strip().casefold()
    return plain in _words(name)


@cache
def _words(name: str) -> frozenset[str]:
    phrases: Phrases = getattr(vocabulary(), name)
    return frozenset(word.casefold() for _, word in phrases.all())


def split_label(text: str) -> tuple[str, str]:
    """What stands before the first colon of either width, and behind it: (text, "") without one."""
    name, *rest = _COLON.split(text, maxsplit=1)
    return name, "".join(rest).strip()


def at_name(text: str) -> str:
    """The name in a text that is an @ with a name; "" for any other text."""
    found = _AT.fullmatch(text.strip())
    return found[1].rstrip(".") if found else ""


def take(item: DraftItem, text: str) -> bool:
    """Whether *text* is a mark, a date, an @ with a name or has a label; then the item takes it."""
    if is_word(text, "killer"):
        item.killer = True
        return True
    name, rest = split_label(text)
    if rest:
        for label in _LABELS:
            if is_word(name, label):
                fill(item, label, rest)
                return True
    if at_name(text):
        return fill(item, "owner", text)
    is_due = _OFFSET.fullmatch(text) or offsets().fullmatch(text) or is_word(text, "the_day")
    return bool(is_due) and fill(item, "due", text)


def fill(item: DraftItem, label: str, text: str) -> bool:
    """Set what the label names; a second time it is added."""
    if label == "due":
        item.due = _normalize_due(text)
        item.day = None if item.due else day_in(text)
    elif label == "killer":
        item.killer = is_word(text, "yes") or is_word(text, "killer")
    elif label == "owner":
        name = at_name(text) or text
        item.owner = f"{item.owner}, {name}" if item.owner else name
    else:
        before = getattr(item, label)
        setattr(item, label, f"{before}\n{text}" if before else text)
    return True


def _normalize_due(text: str) -> str:
    """The offset in a text, as it was written where it is none that can be counted."""
    if found := offsets().search(text):
        return offset_of(found)
    if is_word(text, "the_day"):
        return "T"
    meant = _OFFSET.search(text)
    return re.sub(r"\s", "", meant[0]) if meant else ""


def day_in(text: str) -> datetime.date | None:
    """The date in a text, year first; None for none, or one that no calendar has."""
    found = _DAY.search(text)
    try:
        return datetime.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
