"""From which score and lead on a verdict is sure: fitted on labels, tried source by source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules.load import ROOT
from rules.postings.certainty import is_backed
from rules.postings.model import OUT_OF_SCOPE, Verdict
from rules.postings.pack import Pack

LEAST = 0.97
"""Share right that is wanted among the verdicts that nobody looks at."""
SCORES, LEADS = range(600, 2_200, 200), range(0, 95, 5)
STRICTEST = (2_000, 90)
SPARE = 1
"""Mistakes more than were seen that the promise must survive: other boards have their own."""
CELLS = ("titled", "bare", "other_titled", "other_bare")


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled posting's verdict, as far as certainty goes."""

    cell: str
    score: float
    lead: float
    """Both in hundredths."""
    right: bool
    source: str


Pairs = dict[str, tuple[int, int]]
"""Cell of ``verdict.yaml`` -> score and lead."""


def case_of(verdict: Verdict, titled: bool, right: bool, source: str, pack: Pack) -> Case | None:
    """The case of a verdict; None for one that no threshold could make sure."""
    first = verdict.family or verdict.function
    if first not in pack.rules or not is_backed(first, verdict.evidence, pack.verdict.sure):
        return None
    kind = "titled" if titled else "bare"
    cell = f"other_{kind}" if verdict.function == OUT_OF_SCOPE else kind
    return Case(cell, *sureness(verdict), right, source)


def sureness(verdict: Verdict) -> tuple[float, float]:
    """Score and lead of the first, in hundredths."""
    first = max(verdict.scores.values(), default=0.0)
    behind = verdict.runner_up.behind if verdict.runner_up else first
    return first * 100, (100 * behind / first if first else 0.0)


def fit(cases: Iterable[Case], least: float = LEAST) -> Pairs:
    """The pair of each cell that makes most verdicts sure at *least* right.

    The lowest pair of a grid that does; with nothing to be had the strictest.
    """
    cases = list(cases)
    return {cell: _pair([case for case in cases if case.cell == cell], least) for cell in CELLS}


def _pair(cases: Sequence[Case], least: float) -> tuple[int, int]:
    best = (0, -STRICTEST[0], -STRICTEST[1])
    for score in SCORES:
        for lead in LEADS:
            inside = [case.right for case in cases if case.score >= score and case.lead >= lead]
            if inside and sum(inside) - SPARE >= least * len(inside):
                best = max(best, (len(inside), -score, -lead))
    return -best[1], -best[2]


def is_sure(case: Case, pairs: Pairs) -> bool:
    """Whether the thresholds call it sure."""
    score, lead = pairs[case.cell]
    return case.score >= score and case.lead >= lead


def tried(cases: Sequence[Case], total: int) -> str:
    """What thresholds fitted on all other sources would have called sure, source by source."""
    sure = [
        case
        for source in sorted({case.source for case in cases})
        for pairs in [fit(case for case in cases if case.source != source)]
        for case in cases
        if case.source == source and is_sure(case, pairs)
    ]
    right = sum(case.right for case in sure)
    return (
        f"thresholds fitted on the other sources: {100 * len(sure) / max(1, total):.1f} % sure,"
        f" {100 * right / max(1, len(sure)):.1f} % of them right"
    )


def write(pairs: Pairs, root: Path = ROOT) -> None:
    """Put the pairs into ``verdict.yaml``; the rest of it stays as it is."""
    path = root / "verdict.yaml"
    text = path.read_text(encoding="utf-8")
    for cell, (score, lead) in pairs.items():
        row = f"  {cell}: {{score: {score}, lead: {lead}}}"
        text = re.sub(rf"^  {cell}: .*$", row, text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
