"""The nouns of ownership: tasks with their owner, and work that two roles divide."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.engine.marks import FieldName
from knowledge.engine.model import EntryId
from rules.cues import Phrases


@dataclass(frozen=True, slots=True)
class TaskRule:
    """A task that several roles speak of, and the role or department that owns it."""

    task: FieldName
    owner: EntryId
    words: Phrases
    why: str
    also: tuple[EntryId, ...] = ()
    """Roles with a part in it."""

    @property
    def parties(self) -> frozenset[str]:
        """Everyone whose lines may speak of the task."""
        return frozenset((self.owner, *self.also))


@dataclass(frozen=True, slots=True)
class SharedWork:
    """Words of which two roles have each a part, and how it is divided."""

    roles: tuple[EntryId, ...]
    words: tuple[str, ...]
    why: str
