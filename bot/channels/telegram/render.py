"""A reply -> marked text as it reads well on a phone: no wide tables, sources set apart."""

from __future__ import annotations

from collections.abc import Iterable

from bot.channels.telegram.split import Run, Runs, clean, merge_runs
from bot.model import Block, Bullets, Footnote, Heading, Paragraph, Table
from bot.texts import say

BOLD, QUOTE = "b", "blockquote"
"""A quotation for what is small print: slanted Chinese is hard to read."""
MINOR = "minor"
"""The note of a heading below another."""
BOXES = ("\u2610", "\u2611", "\u2796")
"""An item that begins with one of these needs no bullet."""


def render(blocks: Iterable[Block], language: str = "en") -> Runs:
    """All blocks in one text; a heading stands close to what it heads."""
    runs: list[Run] = []
    before: Block | None = None
    for block in blocks:
        drawn = [run for run in _draw(block, language) if run.text]
        if not drawn:
            continue
        if isinstance(before, Footnote) and isinstance(block, Footnote):
            # One quotation, not one below the other.
            runs.append(Run("\n", QUOTE))
        elif before is not None:
            runs.append(Run("\n" if _heads(before, block) else "\n\n"))
        runs += drawn
        before = block
    return merge_runs(Run(clean(run.text), run.tag) for run in runs)


def _heads(before: Block, block: Block) -> bool:
    return isinstance(before, Heading) and not isinstance(block, Heading)


def _draw(block: Block, language: str) -> list[Run]:
    match block:
        case Heading(text=title, note=note):
            return [Run(title, BOLD), Run(f" \u00b7 {note}" if note and note != MINOR else "")]
        case Paragraph(text=body):
            return [Run(body)]
        case Footnote(text=body):
            return [Run(body, QUOTE)]
        case Bullets():
            return _bullets(block)
        case Table():
            return _table(block, language)


def _bullets(block: Bullets) -> list[Run]:
    runs = [Run(block.title, BOLD), Run("\n")] if block.title else []
    lines = []
    for number, item in enumerate(block.items, 1):
        mark = f"{number}. " if block.numbered else "" if item.startswith(BOXES) else "\u2022 "
        lines.append(mark + item)
    # Items of several lines are told apart by an empty one.
    gap = "\n\n" if any("\n" in item for item in block.items) else "\n"
    return [*runs, Run(gap.join(lines))]


def _table(table: Table, language: str) -> list[Run]:
    """Row by row: its name, and below it a line for each column."""
    runs: list[Run] = []
    for name, cells in table.rows:
        lines = [
            say(language, "pair.line", left=head, right=cell) if head else cell
            for head, cell in zip(table.heads, cells, strict=True)
            if cell
        ]
        gap = "\n\n" if runs else ""
        runs += [Run(gap), Run(name, BOLD), Run("\n" + "\n".join(lines) if lines else "")]
    return runs
