"""A checklist as it is answered with: its head, and its items ready to be folded."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.model import Block, Bullets, Paragraph
from bot.texts import say
from bot.views import sections
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import Checklist

MOST = 5
"""Items that are shown of a checklist which is only a guess."""
ALL = 12
"""Items that are shown where something is to be prepared, and no list is asked for."""
_SENTENCE = re.compile(r"[^\u3002.]+[\u3002.]?")
_ANCHOR = re.compile(r"(?<![A-Za-z])T(?![A-Za-z])")
"""The day from which the items of a checklist are counted."""


def checklist_blocks(entry: Checklist, base: KnowledgeBase, language: str) -> tuple[Block, ...]:
    """How many items in how many pause points, how many must pass; then the items."""
    drawn = sections.blocks(entry, "pause_points", base, language)
    folded = (replace(b, folds=True) if isinstance(b, Bullets) else b for b in drawn)
    return (head(entry, language), *folded)


def brief_blocks(
    entry: Checklist, base: KnowledgeBase, language: str, most: int = MOST
) -> tuple[Block, ...]:
    """The head, and the first *most* items that must pass."""
    items = [item for pause in entry.pause_points for item in pause.items]
    must = [item for item in items if item.killer]
    shown = tuple(sections.item(one, base, language) for one in (must or items)[:most])
    key = "checklist.must" if must else "checklist.first"
    title = say(language, key, shown=len(shown), all=len(must or items))
    return (head(entry, language), Bullets(shown, title))


def head(entry: Checklist, language: str) -> Paragraph:
    """What one wants to know before starting it, and from which day it counts."""
    items = [item for pause in entry.pause_points for item in pause.items]
    numbers = say(
        language, "checklist.head", items=len(items), pauses=len(entry.pause_points),
        killers=sum(item.killer for item in items), mode=say(language, f"mode.{entry.mode}"),
    )  # fmt: skip
    if not any(item.due for item in items):
        return Paragraph(numbers)
    return Paragraph(
        say(language, "checklist.dated", head=numbers, anchor=_anchor(entry, language))
    )


def _anchor(entry: Checklist, language: str) -> str:
    """The sentence of its summary that says what T is; else what T is everywhere."""
    sentences = (match[0].strip() for match in _SENTENCE.finditer(entry.summary))
    found = next((one for one in sentences if _ANCHOR.search(one)), "")
    return found or say(language, "checklist.anchor")
