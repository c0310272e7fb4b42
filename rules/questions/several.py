"""Two questions in one message: each is answered, and what is not held is told beside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from rules.book import RuleBook
from rules.questions.clauses import MOST
from rules.questions.model import Answer, Band, Utterance

ANSWERS = 3
"""Answers to one message at most."""


def several(
    utterance: Utterance, whole: Answer, book: RuleBook, one: Callable[[str], Answer]
) -> Answer:
    """The answer to *utterance* with those to its further questions; *whole* if it has only one.

    *one* answers a clause by itself.
    """
    clauses = book.clauses.split(utterance.raw)
    if not 2 <= len(clauses) <= MOST or any(e.kind == "example" for e in whole.evidence):
        return whole
    asking = [span for span in clauses if _asks(utterance, span)]
    if len(asking) < 2:
        return whole
    told = [one(utterance.raw[start:end]) for start, end in asking]
    held = _different(a for a in told if a.band is Band.ANSWER and a.entry)
    sure = [answer for answer in held if not answer.guess]
    missing = tuple(dict.fromkeys(key for a in told for key in a.missing))
    if missing and held:
        return _joined(sure or held, missing, whole)
    if not missing and len(sure) > 1 and not whole.compared:
        return _joined(sure, (), whole)
    return whole


def _asks(utterance: Utterance, span: tuple[int, int]) -> bool:
    """Whether words that ask something stand in that span of the message."""
    start, end = span
    return any(start <= e.start and e.end <= end for e in (*utterance.cues, *utterance.limits))


def _joined(held: list[Answer], missing: tuple[str, ...], whole: Answer) -> Answer:
    first, *rest = held[:ANSWERS]
    return replace(first, also=tuple(rest), missing=missing, evidence=whole.evidence)


def _different(answers: Iterable[Answer]) -> list[Answer]:
    """Those that tell something else than the ones before."""
    kept: dict[tuple[str | None, str], Answer] = {}
    for answer in answers:
        kept.setdefault((answer.entry, answer.section), answer)
    return list(kept.values())
