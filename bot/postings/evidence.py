"""A verdict as HR defends it: duties by function with their words, what contradicts, what lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.postings.output import duty_name, name_of, oddity_text
from rules.postings.model import Verdict
from rules.postings.pack import Pack

FUNCTIONS, WORDS = 4, 6
CONTRADICTING = ("title_mismatch", "mixed", "several_openings")


@dataclass(frozen=True, slots=True)
class Line:
    """One duty and the words that show it."""

    duty: str
    words: tuple[str, ...]
    weight: float


def by_function(verdict: Verdict, pack: Pack, language: str) -> Iterator[tuple[str, list[Line]]]:
    """(function, its duties, the weightiest first) of the functions that come first."""
    for function in list(verdict.scores)[:FUNCTIONS]:
        duties: dict[str, list[tuple[str, float]]] = {}
        for signal in verdict.evidence:
            if signal.function == function:
                duties.setdefault(signal.signal, []).append((signal.text, signal.weight))
        lines = [
            Line(
                duty_name(function, duty, pack, language),
                tuple(dict.fromkeys(text for text, _ in told))[:WORDS],
                round(sum(weight for _, weight in told), 1),
            )
            for duty, told in duties.items()
        ]
        if lines:
            yield name_of(function, pack, language), sorted(lines, key=lambda row: -row.weight)


def contradicts(verdict: Verdict, pack: Pack, language: str) -> Iterator[str]:
    """What speaks against the verdict."""
    for odd in verdict.oddities:
        if odd.kind in CONTRADICTING:
            yield oddity_text(odd, verdict, pack, language)


def missing(verdict: Verdict, pack: Pack, language: str) -> Iterator[str]:
    """The core duties of the function that the posting never mentions."""
    if verdict.function not in pack.functions:
        return
    told = {signal.signal for signal in verdict.evidence if signal.function == verdict.function}
    for duty in pack.rules[verdict.function].duties:
        if duty.core and duty.duty not in told:
            yield duty_name(verdict.function, duty.duty, pack, language)
