"""The HTML page: a reliability plot, the tables, and every message that did not go well."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

from bot.evaluation.questions.model import GOOD, PLAIN, Judged, Verdict
from bot.evaluation.questions.report import place
from bot.evaluation.questions.tables import Table, actual_text, expected_text, tables
from bot.templates import environment

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Plain answers of a similar score: where it lies, how many, and the share that is right."""

    middle: float
    """Between 0 and 1 of the axis."""
    low: float
    high: float
    count: int
    right: float


def page(rows: list[Judged], *further: Table) -> str:
    """The page of these messages; *further*: tables that stand before theirs, such as a fit's."""
    failed = [
        (
            place(row),
            row.language,
            row.key.say,
            row.verdict,
            actual_text(row),
            expected_text(row),
            row.answer,
        )
        for row in rows
        if row.verdict not in GOOD
    ]
    top = _axis_end(rows)
    return (
        environment("evaluation")
        .get_template("questions.html")
        .render(
            tables=[*further, *tables(rows)],
            failed=failed,
            bins=bins(rows, top),
            top=top,
            count=len(rows),
        )
    )


def _axis_end(rows: list[Judged]) -> float:
    """Where the axis of scores ends: 1, or what the highest needs, in halves."""
    highest = max((row.answer.score for row in rows if row.verdict in PLAIN), default=1.0)
    return max(1.0, math.ceil(2 * highest) / 2)


def bins(rows: list[Judged], top: float) -> list[Bin]:
    """The bins that hold any answer, in ascending order of score."""
    found: defaultdict[int, list[bool]] = defaultdict(list)
    for row in rows:
        if row.verdict in PLAIN:
            at = max(0, min(BINS - 1, int(row.answer.score / top * BINS)))
            found[at].append(row.verdict is Verdict.RIGHT)
    return [
        Bin(
            (at + 0.5) / BINS,
            top * at / BINS,
            top * (at + 1) / BINS,
            len(right),
            sum(right) / len(right),
        )
        for at, right in sorted(found.items())
    ]
