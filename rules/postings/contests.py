"""Two neighbours with a small lead, told apart by the words that decide between just these two."""

from __future__ import annotations

from rules.postings.automaton import CONTEST
from rules.postings.evidence import Gathered
from rules.postings.model import Posting, Signal, ToldApart
from rules.postings.posting_rules import PostingRules
from rules.postings.structure import part_at
from rules.postings.words import is_whole_word

WORD = 2.0
"""What a deciding word counts, once."""
WORK = ("duties", "mixed")
Ranked = list[tuple[str, float]]


def told_apart(
    posting: Posting, found: Gathered, ranked: Ranked, rules: PostingRules
) -> ToldApart | None:
    """Weigh the first two of *ranked* against each other, where a contest of theirs is close.

    Adds the deciding words to the signals and scores of *found*.
    """
    pair = _pair(ranked, rules)
    if pair is None:
        return None
    sides: dict[str, list[Signal]] = {name: [] for name in pair[1]}
    seen: set[str] = set()
    normalized = found.body
    for hit in rules.contests.find(normalized.text, found.language):
        if (
            hit.phrase in seen
            or not is_whole_word(hit, normalized)
            or part_at(found.parts, hit.start) not in WORK
        ):
            continue
        seen.add(hit.phrase)
        for row in hit.rows:
            if row.kind == CONTEST and row.duty == str(pair[0]):
                start, end = normalized.span(hit.start, hit.end)
                text = posting.description[start:end]
                sides[row.owner].append(
                    Signal(row.owner, text, start, end, "duties", WORD, "contest")
                )
    if not any(sides.values()):
        return None
    for name, signals in sides.items():
        found.signals += signals
        found.scores[name] = round(found.scores[name] + WORD * len(signals), 4)
    first, second = sorted(sides, key=lambda name: (-found.scores[name], name))
    return ToldApart(first, second, pair[0])


def _pair(ranked: Ranked, rules: PostingRules) -> tuple[int, tuple[str, str]] | None:
    """The contest of the first two, where there is one and their lead is small."""
    if len(ranked) < 2:
        return None
    (first, score), (second, next_score) = ranked[:2]
    if (score - next_score) * 100 >= rules.verdict.contest * score:
        return None
    for i, contest in enumerate(rules.told_apart):
        if {side.function for side in contest.sides} == {first, second}:
            return i, (first, second)
    return None
