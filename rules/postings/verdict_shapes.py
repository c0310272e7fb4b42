"""What ``verdict.yaml`` holds: weights of places, thresholds of certainty and of flags."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlaceWeights:
    """What a signal counts by the part it stands in, in hundredths."""

    duties: int
    requirements: int
    company: int
    benefits: int
    application: int


@dataclass(frozen=True, slots=True)
class Certainty:
    """When a verdict is sure: how clear its lead is, in hundredths of `clearness`.

    Ours and other trades apart, with a title and without.
    """

    agree: int
    """Percent of the description's first that the function must have there, too."""
    words: int
    """How many different words of the function there must be."""
    titled: int
    bare: int
    other_titled: int
    other_bare: int


@dataclass(frozen=True, slots=True)
class MismatchRule:
    """When the duties contradict a title."""

    named: int
    """Percent of the strongest title weight from which on a function counts as named, too."""
    enough: int
    times: int
    near_enough: int
    near_times: int
    """For neighbours, whose titles are often given for one another."""
    other_enough: int
    other_times: int
    other_own: int
    """What the duties may at most show of ours, where they are another trade's."""


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """``verdict.yaml``; all numbers in hundredths."""

    places: PlaceWeights
    title_name: int
    title_word: int
    title_general: int
    """What the bare word "operations" keeps of a title's weight where no manager is wanted."""
    contradicted: int
    contradicted_from: int
    contradicted_under: int
    named: int
    experience: int
    repeat: int
    others: int
    sure: Certainty
    mismatch: MismatchRule
    ask_score: int
    ask_margin: int
    tie: int
    """Lead in percent under which a verdict that is not sure is told as undecided."""
    contest: int
    """Lead in percent under which neighbours are told apart by ``contests.yaml``."""
