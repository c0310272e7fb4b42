"""The figures that sum verdicts up: right first, offered, declined well, answered, precision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from bot.evaluation.figures import share
from bot.evaluation.questions.model import GOOD, OF_HELD, OF_NOT_HELD, PLAIN, Judged, Verdict


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts of verdicts, and the shares they come to."""

    count: Counter[Verdict]

    HEAD: ClassVar[tuple[str, ...]] = (
        "held", "right first", "or offered", "to decline", "declined well", "answered",
        "answers right", "guesses right",
    )  # fmt: skip

    @classmethod
    def from_verdicts(cls, verdicts: Iterable[Verdict]) -> Rates:
        """The rates of these verdicts."""
        return cls(Counter(verdicts))

    def sum(self, *verdicts: Verdict) -> int:
        """How many got one of these verdicts."""
        return sum(self.count[verdict] for verdict in verdicts)

    @property
    def answerable_count(self) -> int:
        """Messages that ought to be answered."""
        return self.sum(*OF_HELD)

    @property
    def not_held(self) -> int:
        """Messages that ought to be declined."""
        return self.sum(*OF_NOT_HELD)

    @property
    def plain_answers(self) -> int:
        """Messages that were answered and not as a guess."""
        return self.sum(*PLAIN)

    def cells(self) -> tuple[str, ...]:
        """The figures under HEAD; a guess that is right counts as right first."""
        first = self.sum(Verdict.RIGHT, Verdict.GUESSED)
        guesses = self.sum(Verdict.GUESSED, Verdict.MISGUESSED, Verdict.NOISE_GUESSED)
        return (
            str(self.answerable_count),
            share(first, self.answerable_count),
            share(first + self.count[Verdict.OFFERED], self.answerable_count),
            str(self.not_held),
            share(self.count[Verdict.DECLINED], self.not_held),
            share(self.count[Verdict.ANSWERED], self.not_held),
            share(self.count[Verdict.RIGHT], self.plain_answers),
            share(self.count[Verdict.GUESSED], guesses),
        )


def rates(rows: Iterable[Judged]) -> Rates:
    """The rates of judged messages."""
    return Rates.from_verdicts(row.verdict for row in rows)


def good_conversations(rows: Iterable[Judged]) -> tuple[int, int]:
    """(conversations of two turns or more that are good to the end, all of them)."""
    good: dict[int, bool] = {}
    for row in rows:
        if len(row.conversation.turns) > 1:
            key = id(row.conversation)
            good[key] = good.get(key, True) and row.verdict in GOOD
    return sum(good.values()), len(good)
