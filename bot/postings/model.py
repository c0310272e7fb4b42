"""The nouns of batch work: Row, Result, Unreadable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import BadInput
from bot.texts import say
from rules.postings.model import Posting, Verdict


class Unreadable(BadInput):
    """A file or row that cannot be used: the key of the sentence that says why, and its values."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(self.message("en"))

    def __reduce__(self) -> tuple[Callable[..., Unreadable], tuple[str, dict[str, object]]]:
        """Sent between processes as what it was made of."""
        return _rebuild_unreadable, (self.key, self.values)

    def message(self, language: str) -> str:
        """Why, and what to do about it."""
        return say(language, self.key, **self.values)


def _rebuild_unreadable(key: str, values: dict[str, object]) -> Unreadable:
    return Unreadable(key, **values)


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody decided about a posting, whatever the verdict says."""

    id: int
    function: str
    """A function, a family or ``out_of_scope``."""
    was: str
    """What the verdict was then."""
    reason: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class Row:
    """One posting of a file, or the reason why there is none."""

    file: str
    number: int
    """The line or row as the person counts it, from 1."""
    cells: dict[str, str] = field(default_factory=dict)
    """The original columns."""
    posting: Posting | None = None
    id: object = None
    problem: Unreadable | None = None
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A row and its verdict; none for a row with a problem."""

    row: Row
    verdict: Verdict | None
    elapsed_ms: float = 0.0
    line: str | None = None
    """What is written for it, where the process that classified it has made that too."""
