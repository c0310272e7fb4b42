"""How well entries are ranked for questions that no example holds, and how much each sign counts.

The weights are those of a conditional logit (McFadden, Conditional Logit Analysis of Qualitative
Choice Behavior, 1974): the choice of an entry among the candidates of a question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.evaluation.held_out import Asked
from bot.evaluation.questions import weights
from bot.evaluation.questions.trial import half
from rules.book import RuleBook
from rules.questions import rank
from rules.questions.intent import recognize
from rules.questions.model import Candidate
from rules.questions.utterance import read
from rules.weights import Ranking, Sign

FIRST, LAST = 0.5, -0.1
"""What the best and the worst of CHOICES candidates score on average."""
CHOICES = 20
"""Candidates of a question among which the right one is told apart."""

WIDTHS = (13, 10, 11, 13)
"""Of the columns of `figures`."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question and its candidates, best first."""

    asked: Asked
    candidates: tuple[Candidate, ...]

    @property
    def place(self) -> int | None:
        """Where the right entry stands, from 0; None where it is no candidate."""
        ids = [candidate.entry for candidate in self.candidates]
        return ids.index(self.asked.entry) if self.asked.entry in ids else None

    @property
    def is_right(self) -> bool:
        """Whether the right section of the right entry comes first."""
        first = self.candidates[0] if self.candidates else None
        wanted = (self.asked.entry, self.asked.section)
        return first is not None and (first.entry, first.section) == wanted


def rows(asked: Iterable[Asked], book: RuleBook) -> list[Ranked]:
    """The candidates of each question, with what speaks for them."""
    before = book.explaining
    book.explaining = True
    try:
        return [_rank(one, book) for one in asked]
    finally:
        book.explaining = before


def _rank(one: Asked, book: RuleBook) -> Ranked:
    intent, utterance = recognize(read(one.question, book, one.language), book)
    return Ranked(one, tuple(rank.candidates(utterance, intent, book)))


def fit(ranked: Sequence[Ranked]) -> Ranking:
    """The weights that explain best which entry was right.

    Raises ValueError where there is nothing to learn from.
    """
    told = [_narrow(row) for row in ranked if row.place is not None and row.candidates[1:]]
    if not told:
        raise ValueError("no question has its entry among its candidates")
    names = list(told[0].candidates[0].signs)
    choices = [
        ([[c.signs[name] for name in names] for c in row.candidates], row.place or 0)
        for row in told
    ]
    found = weights.choice(choices)
    scores = [
        [sum(w * x for w, x in zip(found, signs, strict=True)) for signs in one]
        for one, _ in choices
    ]
    first, last = (sum(map(end, scores)) / len(scores) for end in (max, min))
    scale = 1000 * (FIRST - LAST) / ((first - last) or 1.0)
    signs = tuple(Sign(n, round(scale * w)) for n, w in zip(names, found, strict=True))
    return Ranking(round(1000 * FIRST - scale * first), signs, len(told))


def _narrow(row: Ranked) -> Ranked:
    """The first candidates and the right one."""
    first = row.candidates[:CHOICES]
    right = row.candidates[row.place or 0]
    return Ranked(row.asked, first if right in first else (*first[:-1], right))


def rerank(ranked: Iterable[Ranked], ranking: Ranking) -> list[Ranked]:
    """The same questions, their candidates in the order of other weights."""

    def score(candidate: Candidate) -> tuple[float, str]:
        return -sum(s.weight * candidate.signs[s.sign] for s in ranking.signs), candidate.entry

    return [Ranked(row.asked, tuple(sorted(row.candidates, key=score))) for row in ranked]


def halves(ranked: Iterable[Ranked]) -> tuple[list[Ranked], list[Ranked]]:
    """Those whose hash says to fit on them, and those that are kept out."""
    told = list(ranked)
    mine = [row for row in told if half(row.asked.question)]
    return mine, [row for row in told if not half(row.asked.question)]


def figures(ranked: Iterable[Ranked]) -> str:
    """A line a language: the right entry first, among three, among all, and the right section."""
    by: dict[str, Counter[str]] = {}
    for row in ranked:
        for group in (row.asked.language, "all"):
            by.setdefault(group, Counter()).update(_count(row))
    head = "      questions  entry first  in three  candidate  section too"
    lines = [head]
    for group, n in sorted(by.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        shares = (n[key] / n["asked"] for key in ("first", "three", "candidate", "right"))
        cells = "".join(f"{share:{width}.1%}" for share, width in zip(shares, WIDTHS, strict=True))
        lines.append(f"{group:<4}{n['asked']:>11}{cells}")
    return "\n".join(lines)


def _count(row: Ranked) -> dict[str, int]:
    place = row.place
    return {
        "asked": 1,
        "first": place == 0,
        "three": place is not None and place < 3,
        "candidate": place is not None,
        "right": row.is_right,
    }
