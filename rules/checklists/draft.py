"""A checklist that somebody wrote, as YAML or as a Markdown list of tasks -> a Draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from knowledge.engine import shape, source
from knowledge.engine.model import Checklist, Item, PausePoint
from knowledge.engine.source import ContentError, Document, Place
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


@cache
def vocabulary() -> Vocabulary:
    """The words. Raises ContentError if their file is broken."""
    document = source.read(WORDS, f"rules/checklists/{WORDS.name}")
    built = shape.build(Vocabulary, document, document.value)
    if document.problems or not isinstance(built, Vocabulary):
        raise ContentError(document.problems)
    return built


def is_yaml(text: str) -> bool:
    """Whether a text looks like our YAML rather than Markdown."""
    return re.search(r"^(pause_points|items):", text, re.MULTILINE) is not None


def read(text: str) -> Draft:
    """The draft in *text*, whichever of the two forms it has."""
    return from_yaml(text) if is_yaml(text) else from_markdown(text)


def from_yaml(text: str) -> Draft:
    """The YAML of ``knowledge/checklists``, of which only the items are needed."""
    draft = Draft()
    document = source.parse(text.encode("utf-8", "replace"), "")
    for problem in document.problems:
        draft.findings.append(
            Finding(problem.line, "error", "unreadable", {"message": problem.message})
        )
    if isinstance(document.value, dict):
        _whole(document, document.value, draft)
    return draft


def _whole(document: Document, value: dict[str, Any], draft: Draft) -> None:
    _unknown(document, value, (), {f.key for f in shape.fields_of(Checklist)} | {"items"}, draft)
    if isinstance(value.get("items"), list):
        draft.points.append(DraftPoint(document.line(("items",)), ""))
        _items(document, value["items"], ("items",), draft)
    points = value.get("pause_points")
    for i, point in enumerate(points if isinstance(points, list) else []):
        place: Place = ("pause_points", i)
        if not isinstance(point, dict):
            continue
        _unknown(document, point, place, {f.key for f in shape.fields_of(PausePoint)}, draft)
        draft.points.append(DraftPoint(document.line(place), _text(point.get("name"))))
        items = point.get("items")
        _items(document, items if isinstance(items, list) else [], (*place, "items"), draft)


def _items(document: Document, values: list[Any], place: Place, draft: Draft) -> None:
    known = {f.key for f in shape.fields_of(Item)}
    for i, value in enumerate(values):
        here = (*place, i)
        line = document.line(here)
        if isinstance(value, str):
            draft.points[-1].items.append(DraftItem(line, value.strip()))
        elif isinstance(value, dict):
            _unknown(document, value, here, known, draft)
            draft.points[-1].items.append(
                DraftItem(
                    line,
                    _text(value.get("text")),
                    _text(value.get("done_when")),
                    _text(value.get("due")),
                    value.get("killer") is True,
                )
            )


def _unknown(
    document: Document, value: dict[str, Any], place: Place, known: set[str], draft: Draft
) -> None:
    for key in value:
        if key not in known:
            line = document.line((*place, key))
            draft.findings.append(Finding(line, "warning", "unknown_key", {"key": key}))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)[\s#]*$")
_TASK = re.compile(r"(\s*)(?:(?:[-*+]|[0-9]+[.)])\s+\[[ xX-]\]|[☐☑☒□■])\s*(.*)$")
_BULLET = re.compile(r"(\s*)(?:[-*+]|[0-9]+[.)、])\s+(.*)$")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_GROUP = re.compile(r"\s*(?:\*\*([^*]+)\*\*|[\[(（【]([^\[\]()（）【】]*)[\])）】])\s*$")
_PARTS = re.compile(r"[·,，、;；/|]")
_OFFSET = re.compile(r"\bT\s*[+-]\s*[0-9]+\s*[a-zA-Z]*|^T$")


def from_markdown(text: str) -> Draft:
    """Tasks below headings; where no line has a box, the bullets are taken for the tasks."""
    lines = list(_prose(text.removeprefix("\ufeff")))
    boxed = any(_TASK.match(line) for _, line in lines)
    task = _TASK if boxed else _BULLET
    draft, last = Draft([DraftPoint(1, "")]), -1
    for number, line in lines:
        heading, found = _HEADING.match(line), task.match(line)
        if heading:
            draft.points.append(DraftPoint(number, heading[1]))
            last = -1
        elif found and (boxed or last < 0 or len(found[1]) <= last):
            draft.points[-1].items.append(_task(number, found[2]))
            last = len(found[1])
        elif last >= 0 and draft.points[-1].items:
            bullet = _BULLET.match(line)
            _detail(draft.points[-1].items[-1], bullet[2] if bullet else line.strip())
    draft.points = [point for point in draft.points if point.items]
    return draft


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """(number, line) of every line that says something outside of blocks of code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and line.strip():
            yield number, line[:MAX_LINE].expandtabs(4)


def _task(line: int, text: str) -> DraftItem:
    """An item, with what is said about it in brackets or in bold at its end."""
    item = DraftItem(line, text.strip())
    while group := _GROUP.search(item.text):
        parts = [part.strip() for part in _PARTS.split(group[1] or group[2] or "")]
        known = [part for part in parts if _said(item, part)]
        if not known:
            break
        item.text = item.text[: group.start()]
    item.text = item.text.strip().strip("*").strip()
    return item


def _said(item: DraftItem, part: str) -> bool:
    """Whether a part in brackets is a mark, a date or a standard; the item takes it."""
    if part.casefold() in (word.casefold() for _, word in vocabulary().killer.all()):
        item.killer = True
        return True
    return _labelled(item, part) or (bool(_OFFSET.fullmatch(part)) and _due(item, part))


def _detail(item: DraftItem, text: str) -> None:
    """What a line below an item says about it."""
    if not _labelled(item, text):
        _said(item, text.strip("*").strip())


def _labelled(item: DraftItem, text: str) -> bool:
    label, colon, rest = text.replace("：", ":").partition(":")
    name = label.strip().strip("*").strip().casefold()
    words = vocabulary()
    if not colon or not rest.strip():
        return False
    if name in (word.casefold() for _, word in words.done_when.all()):
        item.done_when = rest.strip()
        return True
    if name in (word.casefold() for _, word in words.due.all()):
        return _due(item, rest.strip())
    return False


def _due(item: DraftItem, text: str) -> bool:
    """Take the offset from T, if there is one; a plain date needs no judging."""
    found = _OFFSET.search(text)
    item.due = re.sub(r"\s", "", found[0]) if found else ""
    return True
