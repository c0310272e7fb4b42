"""A verdict as HR defends it: duties by function with their words, what contradicts, what lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.postings.output import duty_name, flag_text, name_of
from rules.postings.model import Verdict
from rules.postings.posting_rules import PostingRules

FUNCTIONS, WORDS = 4, 6
CONTRADICTING = ("title_mismatch", "mixed", "several_openings")


@dataclass(frozen=True, slots=True)
class Line:
    """One duty and the words that show it."""

    duty: str
    words: tuple[str, ...]
    weight: float


def by_function(
    verdict: Verdict, rules: PostingRules, language: str
) -> Iterator[tuple[str, list[Line]]]:
    """(function, its duties, the weightiest first) of the functions that come first."""
    for function in list(verdict.scores)[:FUNCTIONS]:
        duties: dict[str, list[tuple[str, float]]] = {}
        for signal in verdict.evidence:
            if signal.function == function:
                duties.setdefault(signal.signal, []).append((signal.text, signal.weight))
        lines = [
            Line(
                duty_name(function, duty, rules, language),
                tuple(dict.fromkeys(text for text, _ in told))[:WORDS],
                round(sum(weight for _, weight in told), 1),
            )
            for duty, told in duties.items()
        ]
        if lines:
            yield name_of(function, rules, language), sorted(lines, key=lambda row: -row.weight)


def contradicts(verdict: Verdict, rules: PostingRules, language: str) -> Iterator[str]:
    """What speaks against the verdict."""
    for flag in verdict.flags:
        if flag.kind in CONTRADICTING:
            yield flag_text(flag, verdict, rules, language)


def missing_duties(verdict: Verdict, rules: PostingRules, language: str) -> Iterator[str]:
    """The core duties of the function that the posting never mentions."""
    if verdict.function not in rules.functions:
        return
    told = {signal.signal for signal in verdict.evidence if signal.function == verdict.function}
    for duty in rules.by_name[verdict.function].duties:
        if duty.core and duty.duty not in told:
            yield duty_name(verdict.function, duty.duty, rules, language)
