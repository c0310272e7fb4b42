"""Today's thresholds: three a language, by a grid; `confidence` has the one for all languages."""

from __future__ import annotations

from bot.evaluation.questions.model import Judged, Wanted
from rules.questions.model import Band

LOWEST = 8
"""Below this a suggestion rests on nothing a person would see."""
MAX_ANSWERED = 0.05
"""Share of what should be declined that may be answered."""


def fit(rows: list[Judged]) -> tuple[int, int, int]:
    """(answer, suggest, margin) thresholds in hundredths that lose least on these rows.

    A wrong answer costs three, an answer to what should be declined four, a covered question
    declined two, one merely suggested one, a suggestion where there is nothing a quarter. Before
    all that, at most one in twenty of what should be declined may be answered. The scores of *rows*
    must have been made with all thresholds at zero.
    """
    best = (True, float("inf"), 0, 0, 0)
    empty = [row for row in rows if row.key.wanted is Wanted.DECLINE]
    for answer in range(20, 100, 2):
        for suggest in range(LOWEST, answer, 2):
            for margin in (0, 2, 4, 6, 8):
                cost = sum(_cost(row, answer, suggest, margin) for row in rows)
                answered = sum(_cost(row, answer, suggest, margin) >= 4 for row in empty)
                best = min(
                    best, (answered > MAX_ANSWERED * len(empty), cost, answer, suggest, margin)
                )
    return best[2:]


def _cost(row: Judged, answer: int, suggest: int, margin: int) -> float:
    if (
        row.answer.limit
        or row.answer.score >= 1.0
        or not row.answer.others
        or row.answer.band is Band.DECLINE
    ):
        return 0.0
    accepted = {entry for entry, _ in row.key.accept}
    score = row.answer.score * 100
    ranked = [row.answer.entry, *(c.entry for c in row.answer.others)]
    lead = score - row.answer.others[0].score * 100
    if score >= answer and lead >= margin:
        return 0.0 if ranked[0] in accepted else 3.0 if accepted else 4.0
    if score >= suggest:
        return 0.25 if not accepted else 1.0 if accepted.intersection(ranked[:3]) else 2.0
    return 2.0 if accepted else 0.0
