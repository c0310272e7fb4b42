"""How an entry is asked for: in questions that it must win, and in everyday words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from knowledge.engine.marks import FieldName, Structure


@dataclass(frozen=True, slots=True)
class Example:
    """A question this entry must win, and the section that should answer it."""

    ask: str
    section: FieldName | None = None


Frame = Annotated[
    str, Structure(r"[a-z_|&]*:[a-z_|&]*(@[a-z_|]+)?", "thing:state, e.g. cart:abandons")
]
"""A situation in everyday words: things, what is with them and what is wanted (`rules/everyday`).
``|`` or, ``&`` and; an empty side stands for anything."""


@dataclass(frozen=True, slots=True)
class Help:
    """The situations in which a section of this entry is what a person needs."""

    section: FieldName
    when: tuple[Frame, ...]
