"""What holds about a posting: a person's decision where there is one, else what the rules say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.postings.model import Decided
from bot.texts import say
from rules.postings.certainty import tied_functions
from rules.postings.model import OUT_OF_SCOPE, Verdict
from rules.postings.posting_rules import PostingRules

DECIDED, TIE = "decided", "tie"
"""Decisions beside those of a verdict: a person's, and one between two that are close together."""


@dataclass(frozen=True, slots=True)
class Held:
    """What holds about a posting."""

    function: str
    """A function, or ``out_of_scope``."""
    family: str | None
    decision: str
    """``decided``, ``tie``, or the decision of the verdict."""
    tie: tuple[str, ...] = ()
    """The two functions or families between which nothing is decided."""

    @property
    def name(self) -> str:
        """The function or family, whichever says more."""
        return self.family or self.function


def effective_answer(verdict: Verdict, decided: Decided | None, rules: PostingRules) -> Held:
    """The person's decision, if there is one; else the verdict, a tie told as one."""
    if decided:
        return of_name(decided.function, DECIDED, rules)
    tie = tied_functions(verdict, rules)
    return Held(verdict.function, verdict.family, TIE if tie else str(verdict.decision), tie)


def of_name(name: str, decision: str, rules: PostingRules) -> Held:
    """An answer told by its function or family."""
    is_family = name in rules.families
    return Held(OUT_OF_SCOPE if is_family else name, name if is_family else None, decision)


def decision_text(decision: str, language: str) -> str:
    """How sure it is, in words."""
    return say(language, f"classify.decision.{decision}")
