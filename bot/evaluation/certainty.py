"""How clear a sure verdict must be: fitted on labels, tried source by source."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules.load import ROOT
from rules.postings.certainty import clearness, is_backed
from rules.postings.model import OUT_OF_SCOPE, Verdict
from rules.postings.posting_rules import PostingRules

LEAST = 0.97
"""Share right that is wanted among the verdicts that nobody looks at."""
STRICTEST = 1_000
"""What is asked where no labels show that less would do."""
FEWEST = 20
"""Verdicts from which on a threshold rests on something."""
EVEN = 1e-9
CELLS = ("titled", "bare", "other_titled", "other_bare")


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled posting's verdict, as far as certainty goes."""

    cell: str
    clear: float
    """`clearness`, in hundredths."""
    right: bool
    source: str
    trust: float = 1.0
    """How far a wrong verdict counts, where the label may be the one that is wrong."""


Thresholds = dict[str, int]
"""Cell of ``verdict.yaml`` -> from which clearness on a verdict is sure."""


def case_of(
    verdict: Verdict,
    titled: bool,
    right: bool,
    source: str,
    rules: PostingRules,
    trust: float = 1.0,
) -> Case | None:
    """The case of a verdict; None for one that no threshold could make sure."""
    first = verdict.family or verdict.function
    if first not in rules.by_name or not is_backed(first, verdict.evidence, rules.verdict.sure):
        return None
    kind = "titled" if titled else "bare"
    cell = f"other_{kind}" if verdict.function == OUT_OF_SCOPE else kind
    return Case(cell, sureness(verdict), right, source, trust)


def sureness(verdict: Verdict) -> float:
    """How clear the first is, in hundredths."""
    first = max(verdict.scores.values(), default=0.0)
    behind = verdict.runner_up.behind if verdict.runner_up else first
    return 100 * clearness(first, first - behind)


def fit(cases: Iterable[Case], least: float = LEAST) -> Thresholds:
    """The lowest threshold of each cell with *least* right from it on; else the strictest."""
    cases = list(cases)
    return {
        cell: _lowest_threshold([case for case in cases if case.cell == cell], least)
        for cell in CELLS
    }


def _lowest_threshold(cases: Sequence[Case], least: float) -> int:
    best, count, wrong = STRICTEST, 0, 0.0
    ranked = sorted(cases, key=_floor, reverse=True)
    for clear, alike in itertools.groupby(ranked, _floor):
        for case in alike:
            count += 1
            wrong += 0 if case.right else case.trust
        if count >= FEWEST and wrong <= (1 - least) * count + EVEN:
            best = clear
    return best


def _floor(case: Case) -> int:
    return math.floor(case.clear)


def is_sure(case: Case, thresholds: Thresholds) -> bool:
    """Whether the thresholds call it sure."""
    return case.clear >= thresholds[case.cell]


def cross_validate(cases: Sequence[Case], total: int, least: float = LEAST) -> str:
    """What thresholds fitted on all other sources would have called sure, source by source."""
    sure = [
        case
        for source in sorted({case.source for case in cases})
        for fitted in [fit((case for case in cases if case.source != source), least)]
        for case in cases
        if case.source == source and is_sure(case, fitted)
    ]
    right = sum(case.right for case in sure)
    return (
        f"thresholds fitted on the other sources: {100 * len(sure) / max(1, total):.1f} % sure,"
        f" {100 * right / max(1, len(sure)):.1f} % of them right"
    )


def write(thresholds: Thresholds, root: Path = ROOT) -> None:
    """Put the thresholds into ``verdict.yaml``; the rest of it stays as it is."""
    path = root / "verdict.yaml"
    text = path.read_text(encoding="utf-8")
    for cell, clear in thresholds.items():
        text = re.sub(rf"^  {cell}: .*$", f"  {cell}: {clear}", text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
