"""A message of which a part is held: that part is answered, and what is missing told by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rules.book import RuleBook
from rules.questions.clauses import MOST
from rules.questions.decide import asked_in_vain
from rules.questions.model import Answer, Band, Clause, Utterance

SURE = 0.9
"""How sure a clause must be that asks nothing by itself, beside words that set the scene."""
NAMED = 0.4
"""How sure a guess must be that asks something of a thing it names."""


def held_part(
    utterance: Utterance, whole: Answer, book: RuleBook, one: Callable[[str], Clause]
) -> Answer | None:
    """The answer to the clauses of *utterance* that are held, where *whole* is refused for others.

    *one* reads and answers a clause by itself. None where no clause stands by itself.
    """
    if whole.limit is None:
        return None
    scene = all(book.limits[e.value].aside for e in utterance.limits)
    clauses = (
        one(utterance.raw[start:end]) for start, end in _clauses_without_limit(utterance, book)
    )
    fits = [clause.answer for clause in clauses if _stands_alone(clause, scene, book)]
    if not fits:
        return None
    best = max(fits, key=lambda answer: (not answer.guess, answer.score))
    return replace(best, missing=asked_in_vain(utterance, book), evidence=whole.evidence)


def _clauses_without_limit(utterance: Utterance, book: RuleBook) -> list[tuple[int, int]]:
    """The clauses without a limit in them; none where they are not parted from it, or too many."""
    limits = [(e.start, e.end) for e in utterance.limits]
    edges = [cue.end for cue in utterance.cues if any(cue.end < start for start, _ in limits)]
    spans = [
        span
        for clause in book.clauses.split(utterance.raw)
        for span in book.clauses.split_span(utterance.raw, clause, edges)
    ]
    if len(spans) > MOST:
        return []
    return [(a, b) for a, b in spans if not any(start < b and a < end for start, end in limits)]


def _stands_alone(clause: Clause, scene: bool, book: RuleBook) -> bool:
    """Whether a clause is a question by itself, and its answer sure enough.

    *scene*: whether what is not held merely says whose case it is.
    """
    answer, utterance = clause.answer, clause.utterance
    if answer.band is not Band.ANSWER or not answer.entry or clause.intent.name in book.talk:
        return False
    asks = bool(clause.intent.evidence) or book.clauses.asks(utterance.raw)
    if not answer.guess:
        return asks or (scene and answer.score >= SURE)
    return asks and bool(utterance.mentions) and answer.score >= NAMED
