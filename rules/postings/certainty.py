"""How sure a verdict is: how clear its lead, and whether the duties alone say the same."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from rules.postings.evidence import Gathered
from rules.postings.model import OUT_OF_SCOPE, Decision, Signal, Verdict
from rules.postings.posting_rules import PostingRules, are_neighbours
from rules.postings.verdict_shapes import Certainty

OPTIONS = 3
Ranked = list[tuple[str, float]]


def class_of(name: str, rules: PostingRules) -> str:
    """A function, or that something is none of ours."""
    return OUT_OF_SCOPE if name in rules.families else name


def best_rival(ranked: Ranked, rules: PostingRules) -> tuple[str, float] | None:
    """The best of another class than the first."""
    first = class_of(ranked[0][0], rules)
    return next((row for row in ranked[1:] if class_of(row[0], rules) != first), None)


def decide(
    ranked: Ranked, found: Gathered, rules: PostingRules
) -> tuple[Decision, tuple[str, ...]]:
    """How sure the verdict is, and for a question the functions to pick from."""
    rule = rules.verdict
    options = tuple(dict.fromkeys(class_of(name, rules) for name, _ in ranked))[:OPTIONS]
    if not ranked or ranked[0][1] * 100 < rule.ask_score:
        return Decision.ASK, options
    (first, score), second = ranked[0], best_rival(ranked, rules)
    lead = 1.0 if second is None else (score - second[1]) / score
    other = first in rules.families
    behind = 0.0 if second is None else second[1]
    if clearness(score, behind) * 100 >= threshold(rule.sure, other, bool(found.title.text)):
        if (
            is_backed(first, found.signals, rule.sure)
            and rules.by_name[first].status != "experimental"
        ):
            return (Decision.OUT_OF_SCOPE if other else Decision.AUTO), ()
        return Decision.REVIEW, ()
    if second and lead * 100 < rule.ask_margin and are_neighbours(first, second[0], rules):
        return Decision.ASK, options[:2]
    return Decision.REVIEW, ()


def tied_functions(verdict: Verdict, rules: PostingRules) -> tuple[str, ...]:
    """The first two functions or families, where they are so close that nothing is decided."""
    second = verdict.runner_up
    if second is None or verdict.decision not in (Decision.REVIEW, Decision.ASK):
        return ()
    first = verdict.family or verdict.function
    if second.behind * 100 >= rules.verdict.tie * verdict.scores[first]:
        return ()
    return first, second.function


def clearness(score: float, second: float) -> float:
    """How far *score* stands clear of the *second* one: the lead by the root of the score.

    Evidence adds up like counts, whose chance spread grows with their root: a lead of 4 is much
    over 2 and little over 60.
    """
    return (score - second) / math.sqrt(score) if score > 0 else 0.0


def threshold(sure: Certainty, other: bool, titled: bool) -> int:
    """How clear a sure verdict is: on another trade or on one of ours, titled or not."""
    if other:
        return sure.other_titled if titled else sure.other_bare
    return sure.titled if titled else sure.bare


def is_backed(first: str, signals: Iterable[Signal], sure: Certainty) -> bool:
    """Whether different words say it, and the description alone says the same or nearly so."""
    described: defaultdict[str, float] = defaultdict(float)
    words = set()
    for signal in signals:
        if signal.function == first:
            words.add(signal.text.casefold())
        if signal.where != "title":
            described[signal.function] += signal.weight
    own = described[first]
    return (
        len(words) >= sure.words and own > 0 and own * 100 >= sure.agree * max(described.values())
    )
