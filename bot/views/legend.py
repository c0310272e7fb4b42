"""What the marks of lines mean, said once, and only where a line carries the mark."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.model import Block, Footnote, Reply
from bot.texts import say
from bot.views.sources import BEYOND, GENERAL

MARKS = {"source.mark.general": GENERAL.strip(), "source.mark.beyond": BEYOND.strip()}


def tidy_legends(reply: Reply) -> Reply:
    """The reply without legends of marks that no line has, or that were explained before.

    What is shown of an entry is often a part of it, and several parts explain their marks each.
    """
    legends = {say(reply.language, key): mark for key, mark in MARKS.items()}
    told = [block for block in reply.blocks if not isinstance(block, Footnote)]
    shown = "".join(_texts((tuple(told), reply.card)))
    open_ = {line for line, mark in legends.items() if mark in shown}
    blocks: list[Block] = []
    for block in reply.blocks:
        if isinstance(block, Footnote):
            kept = [line for line in block.text.split("\n") if line in open_ or line not in legends]
            open_ -= set(kept)
            if kept:
                blocks.append(replace(block, text="\n".join(kept)))
        else:
            blocks.append(block)
    return replace(reply, blocks=tuple(blocks))


def _texts(value: Any) -> Iterator[str]:
    """Every text inside a block or a card."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))
