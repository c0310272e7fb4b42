"""Counts, feedback and open questions -> a Report. Pure: the day is given."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.insights.clusters import clusters
from bot.insights.model import Counted, Day, Report, Verdict
from bot.store.feedback import Feedback, Question
from knowledge.engine.words import Words

SHOWN = 5
"""Reasons and questions told of one section."""
BANDS = ("answer", "suggest", "decline")
Counts = Iterable[tuple[str, str, str, int]]
"""(day, what, value, count), as the store gives them."""


def report(
    counts: Counts,
    feedback: Iterable[Feedback],
    questions: Iterable[Question],
    stop: frozenset[str],
    words: Words,
    today: datetime.date,
    days: int,
) -> Report:
    """The report on the last *days* days, *today* being the last of them.

    *stop* and *words* are those of the content, for `clusters`.
    """
    dates = [(today - datetime.timedelta(days=i)).isoformat() for i in range(days)][::-1]
    known = set(dates)
    rows = [row for row in counts if row[0] in known]
    by_day: defaultdict[str, Counter[str]] = defaultdict(Counter)
    totals: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for day, what, value, count in rows:
        totals[what][value] += count
        if what == "band":
            by_day[day][value] += count
    feedback = list(feedback)
    return Report(
        days=tuple(Day(day, **{band: by_day[day][band] for band in BANDS}) for day in dates),
        bands=tuple((band, totals["band"][band]) for band in BANDS),
        languages=_by_frequency(totals["language"]),
        functions=_by_frequency(totals["function"]),
        good=sum(one.good for one in feedback),
        bad=sum(not one.good for one in feedback),
        verdicts=verdicts(feedback),
        clusters=clusters(questions, stop, words),
    )


def verdicts(feedback: Iterable[Feedback]) -> tuple[Verdict, ...]:
    """What was thought of each section of each entry, the worst first."""
    groups: defaultdict[tuple[str, str], list[Feedback]] = defaultdict(list)
    for one in feedback:
        groups[one.entry or "", one.section].append(one)
    found = []
    for (entry, section), group in groups.items():
        bad = sorted((one for one in group if not one.good), key=lambda one: -one.at)
        reasons = dict.fromkeys(one.reason.strip() for one in bad if one.reason.strip())
        questions = dict.fromkeys(one.question for one in bad)
        good = len(group) - len(bad)
        found.append(
            Verdict(
                entry or None, section, good, len(bad),
                tuple(reasons)[:SHOWN], tuple(questions)[:SHOWN],
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda v: (-v.bad, v.good, v.entry or "", v.section)))


def _by_frequency(counted: Counter[str]) -> Counted:
    return tuple(sorted(counted.items(), key=lambda row: (-row[1], row[0])))
