"""The marks that annotations of the model carry: what a string or a list is besides text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True)
class Link:
    """Marks a string as the id of an entry of one of these kinds (none given: of any kind)."""

    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """Marks a string that is not prose: the same in every language."""

    pattern: str
    hint: str


@dataclass(frozen=True, slots=True)
class PerLanguage:
    """Marks a list that each language fills on its own; all others are translated line by line."""


FieldName = Annotated[str, Structure(r"[a-z_]+", "the name of one of this entry's fields")]
