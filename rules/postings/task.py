"""A task in a few words -> whose it is, by the same signals that classify postings."""

from __future__ import annotations

from dataclasses import dataclass

from rules.postings.evidence import gather
from rules.postings.model import Posting, Signal
from rules.postings.posting_rules import PostingRules

ENOUGH = 2.0
"""Evidence from which on a task has an owner."""
LEAD = 1.0
"""By how much the owner must be ahead of the next."""
COVERED = 0.7
"""Share of a message that signals must make up for it to be nothing but a task."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The function that a task belongs to, and the words that say so."""

    function: str
    score: float
    signals: tuple[Signal, ...]
    covered: float
    """Share of the message's letters that lie in these or other signals."""


def owner(text: str, rules: PostingRules) -> Owner | None:
    """The function that owns the task in *text*, where one is clearly ahead."""
    found = gather(Posting(text), rules)
    ranked = sorted(found.scores.items(), key=lambda row: (-row[1], row[0]))
    if not ranked or ranked[0][1] < ENOUGH or ranked[0][0] in rules.families:
        return None
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < LEAD:
        return None
    function, score = ranked[0]
    letters = sum(char.isalnum() for char in text) or 1
    inside = {i for s in found.signals for i in range(s.start, s.end) if text[i].isalnum()}
    signals = tuple(s for s in found.signals if s.function == function)
    return Owner(function, score, signals, len(inside) / letters)


def is_task(found: Owner) -> bool:
    """Whether the message is nothing but a task."""
    return found.covered >= COVERED
