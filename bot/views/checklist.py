"""A checklist as it is answered with: its head, and its items ready to be folded."""

from __future__ import annotations

from dataclasses import replace

from bot import sections
from bot.model import Block, Bullets, Paragraph
from bot.texts import say
from knowledge.base import KnowledgeBase
from knowledge.model import Checklist


def told(entry: Checklist, base: KnowledgeBase, language: str) -> tuple[Block, ...]:
    """How many items in how many pause points, how many must pass; then the items."""
    drawn = sections.blocks(entry, "pause_points", base, language)
    folded = (replace(b, folds=True) if isinstance(b, Bullets) else b for b in drawn)
    return (head(entry, language), *folded)


def head(entry: Checklist, language: str) -> Paragraph:
    """What one wants to know before starting it."""
    items = [item for pause in entry.pause_points for item in pause.items]
    return Paragraph(
        say(
            language, "checklist.head", items=len(items), pauses=len(entry.pause_points),
            killers=sum(item.killer for item in items), mode=say(language, f"mode.{entry.mode}"),
        )
    )  # fmt: skip
