"""A checklist as people type it -> a Draft: boxes, bullets, numbers, nested lines, bare lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.checklists.draft import Draft, DraftItem, DraftPoint, fill, is_word, take
from rules.checklists.item_form import item_of

MAX_LINE = 500
"""Characters of a line that are looked at."""
FEWEST = 2
"""Bare lines that make a list; one alone is a sentence."""
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)[\s#]*$")
_NUMBER = r"(?:[0-9]+[.)、．](?![0-9])|[(（][0-9]+[)）]|[①-⑳])"
_TASK = re.compile(rf"(\s*)(?:(?:[-*+]|{_NUMBER})\s+\[[ xX-]\]|[☐☑☒□■])\s*(.*)$")
_BULLET = re.compile(rf"(\s*)(?:[-*+•·]\s+|{_NUMBER}\s*)(.*)$")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_TITLED = re.compile(r"\S.*[:：]$")
"""A line that announces what stands below it."""


def from_markdown(text: str, first: int = 1) -> Draft:
    """Tasks below headings; where no line has a box the bullets are taken for them, and where there
    are no bullets either the bare lines. *first*: the number of the first line.
    """
    lines = list(_prose(text.removeprefix("\ufeff"), first))
    boxed = any(_TASK.match(line) for _, line in lines)
    bulleted = boxed or any(_BULLET.match(line) for _, line in lines)
    if not bulleted:
        return _plain_lines(lines)
    draft, last = Draft([DraftPoint(first, "")]), -1
    task = _TASK if boxed else _BULLET
    loose = not boxed and not any(_HEADING.match(line) for _, line in lines)
    levels = []
    for number, line in lines:
        heading, found = _HEADING.match(line), task.match(line)
        if heading:
            levels.append((len(heading[1]), len(draft.points)))
            draft.points.append(DraftPoint(number, heading[2]))
            last = -1
        elif found and (boxed or last < 0 or len(found[1]) <= last):
            draft.points[-1].items.append(item_of(number, found[2]))
            last = len(found[1])
        elif _announces(line):
            draft.points.append(DraftPoint(number, line.strip().rstrip(":：").strip("*")))
            last = -1
        elif loose and not line[0].isspace():
            # People put a bullet before some lines and none before others.
            if not (last >= 0 and take(draft.points[-1].items[-1], line.strip())):
                draft.points[-1].items.append(item_of(number, line))
                last = 0
        elif last >= 0 and draft.points[-1].items:
            bullet = _BULLET.match(line)
            _detail(draft.points[-1].items[-1], bullet[2] if bullet else line.strip())
    draft.title = _title(draft, levels)
    draft.points = [point for point in draft.points if point.items]
    return draft


def _prose(text: str, first: int) -> Iterator[tuple[int, str]]:
    """(number, line) of every line that says something outside of blocks of code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), first):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and line.strip():
            yield number, line[:MAX_LINE].expandtabs(4)


def _plain_lines(lines: list[tuple[int, str]]) -> Draft:
    """Every line is an item, unless there are headings: then it is prose."""
    headed = any(_HEADING.match(line) for _, line in lines)
    draft = Draft([DraftPoint(1, "")])
    if headed or len(lines) < FEWEST:
        return draft
    for number, line in lines:
        if _announces(line):
            draft.points.append(DraftPoint(number, line.strip().rstrip(":：")))
        elif not (draft.points[-1].items and take(draft.points[-1].items[-1], line.strip())):
            draft.points[-1].items.append(item_of(number, line))
    draft.points = [point for point in draft.points if point.items]
    return draft


def _announces(line: str) -> bool:
    """Whether the line stands over those below it, as "Before:" does and "Done when:" does not."""
    if not _TITLED.match(line) or _BULLET.match(line):
        return False
    name = line.strip().rstrip(":：")
    return not any(is_word(name, label) for label in ("done_when", "due", "owner", "detail"))


def _title(draft: Draft, levels: list[tuple[int, int]]) -> str:
    """The one heading that stands above all others, and has no items of its own."""
    if not levels or draft.points[0].items:
        return ""
    level, place = levels[0]
    alone = all(other > level for other, _ in levels[1:])
    return draft.points[place].name if alone and not draft.points[place].items else ""


def _detail(item: DraftItem, text: str) -> None:
    """What a line below an item says about it."""
    if text.strip() and not take(item, text) and not take(item, text.strip("*").strip()):
        fill(item, "detail", text.strip())
