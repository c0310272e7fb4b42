"""How sure a verdict is: its score, its lead, and whether the duties alone say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rules.postings.evidence import Gathered
from rules.postings.model import OUT_OF_SCOPE, Decision, Signal
from rules.postings.pack import Pack, are_neighbours
from rules.postings.shapes import Certainty, Threshold

OPTIONS = 3
Ranked = list[tuple[str, float]]


def class_of(name: str, pack: Pack) -> str:
    """A function, or that something is none of ours."""
    return OUT_OF_SCOPE if name in pack.families else name


def rival(ranked: Ranked, pack: Pack) -> tuple[str, float] | None:
    """The best of another class than the first."""
    first = class_of(ranked[0][0], pack)
    return next((row for row in ranked[1:] if class_of(row[0], pack) != first), None)


def decide(ranked: Ranked, found: Gathered, pack: Pack) -> tuple[Decision, tuple[str, ...]]:
    """How sure the verdict is, and for a question the functions to pick from."""
    rule = pack.verdict
    options = tuple(dict.fromkeys(class_of(name, pack) for name, _ in ranked))[:OPTIONS]
    if not ranked or ranked[0][1] * 100 < rule.ask_score:
        return Decision.ASK, options
    (first, score), second = ranked[0], rival(ranked, pack)
    lead = 1.0 if second is None else (score - second[1]) / score
    other = first in pack.families
    limit = threshold(rule.sure, other, bool(found.title.text))
    if score * 100 >= limit.score and lead * 100 >= limit.lead:
        if (
            is_backed(first, found.signals, rule.sure)
            and pack.rules[first].status != "experimental"
        ):
            return (Decision.OUT_OF_SCOPE if other else Decision.AUTO), ()
        return Decision.REVIEW, ()
    if second and lead * 100 < rule.ask_margin and are_neighbours(first, second[0], pack):
        return Decision.ASK, options[:2]
    return Decision.REVIEW, ()


def threshold(sure: Certainty, other: bool, titled: bool) -> Threshold:
    """What a sure verdict needs: on another trade or on one of ours, with a title or without."""
    if other:
        return sure.other_titled if titled else sure.other_bare
    return sure.titled if titled else sure.bare


def is_backed(first: str, signals: Iterable[Signal], sure: Certainty) -> bool:
    """Whether the description alone, without the title, says the same or nearly so."""
    described: defaultdict[str, float] = defaultdict(float)
    for signal in signals:
        if signal.where != "title":
            described[signal.function] += signal.weight
    own = described[first]
    return own > 0 and own * 100 >= sure.agree * max(described.values())
