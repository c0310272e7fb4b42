"""Blocks cut to what is read at a glance."""

from __future__ import annotations

from dataclasses import replace

from bot.model import Block, Bullets, Paragraph, Table

ITEMS, CHARS = 5, 500
"""Of a list, and of everything together."""
STOPS = "\u3002\uff01\uff1f.!?"
ELLIPSIS = "\u2026"


def shorten(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], bool]:
    """The first items or sentences, and whether anything was left out."""
    short_blocks: list[Block] = []
    room = CHARS
    for block in blocks:
        short = _short(block, room)
        if room <= 0 or short is None:
            return tuple(short_blocks), True
        short_blocks.append(short)
        room -= _size(short)
    return tuple(short_blocks), tuple(short_blocks) != blocks


def _short(block: Block, room: int) -> Block | None:
    """The block as it fits into so many characters, at least its first item."""
    match block:
        case Paragraph(text=body) if len(body) > room:
            return Paragraph(_sentences(body, room))
        case Bullets(folds=True):
            return None
        case Bullets(items=items):
            return replace(block, items=_fit(items, room))
        case Table(rows=rows):
            return replace(block, rows=rows[:ITEMS])
    return block


def _fit(items: tuple[str, ...], room: int) -> tuple[str, ...]:
    first = items[:1]
    for item in items[1:ITEMS]:
        if sum(map(len, (*first, item))) > room:
            break
        first += (item,)
    return first


def _sentences(body: str, room: int) -> str:
    """Whole sentences, or the beginning of the first one."""
    end = max(body.rfind(stop, 0, room) for stop in STOPS)
    return body[: end + 1] if end > 0 else body[: max(1, room - 1)].rstrip() + ELLIPSIS


def _size(block: Block) -> int:
    match block:
        case Bullets(items=items):
            return sum(map(len, items))
        case Table(rows=rows):
            return sum(len(name) + sum(map(len, cells)) for name, cells in rows)
    return len(block.text)
