"""Corrections -> bounded weights of phrases, tried on postings they were not learnt from.

A phrase counts half to one and a half times what it is written to count; how far it moves is held
back by ridge, and there are no priors of functions. Pure arithmetic over what fired in postings.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rules.postings.model import OUT_OF_SCOPE, Signal, Verdict
from rules.postings.normalized import normalize_text

LOW, HIGH = 0.5, 1.5
SEEN, SOURCES = 5, 2
"""Postings and boards in which a phrase must occur to be learnt; one's own board is enough."""
RIDGE, RATE, SLOWER, ROUNDS = 0.02, 0.6, 0.1, 200
LEAD = 0.2
"""By how much the decided function should be ahead, as a share of the first."""
FOLDS = 5
MOVED = 0.02
GIVEN, FIXED = ("title", "named", "experience", "contest"), "title"
Fired = tuple[str, str, str, float]
Weights = dict[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What fired in a posting, and what somebody decided it is."""

    fired: tuple[Fired, ...]
    """Function or family, phrase, where, weight."""
    decided: str
    """A function or family, or ``out_of_scope``."""
    source: str
    key: str


def fired_phrases(verdict: Verdict) -> tuple[Fired, ...]:
    """What fired in the posting of a verdict, in our own phrases."""
    return tuple(
        (s.function, normalize_text(s.text).text.strip(), _place(s), s.weight)
        for s in verdict.evidence
    )


def _place(signal: Signal) -> str:
    """Where it stood; titles, wherever they are named, are not learnt."""
    return FIXED if signal.signal in GIVEN else signal.where


def learnable_phrases(lessons: Sequence[Lesson]) -> set[tuple[str, str]]:
    """The phrases that occur often enough, and on enough boards, to be learnt."""
    seen: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    count: Counter[tuple[str, str]] = Counter()
    for lesson in lessons:
        for key in {(f, p) for f, p, where, _ in lesson.fired if where != FIXED}:
            seen[key].add(lesson.source)
            count[key] += 1
    needed = min(SOURCES, len({lesson.source for lesson in lessons}))
    return {key for key, n in count.items() if n >= SEEN and len(seen[key]) >= needed}


def fit(lessons: Sequence[Lesson], families: Collection[str]) -> Weights:
    """The weights that put the decided functions first, as far as ridge and bounds allow."""
    free = learnable_phrases(lessons)
    times: Weights = dict.fromkeys(free, 1.0)
    for turn in range(ROUNDS):
        rate = RATE / (1 + SLOWER * turn)
        push: defaultdict[tuple[str, str], float] = defaultdict(float)
        for lesson in lessons:
            _pull(lesson, times, families, push)
        for key in free:
            step = push[key] / len(lessons) - RIDGE * (times[key] - 1.0)
            times[key] = min(HIGH, max(LOW, times[key] + rate * step))
    return {key: value for key, value in times.items() if abs(value - 1.0) >= MOVED}


def _pull(
    lesson: Lesson, times: Weights, families: Collection[str], push: dict[tuple[str, str], float]
) -> None:
    """Add what would bring the decided function ahead of its strongest rival."""
    scores = _scores(lesson, times)
    own = _own_function(lesson, scores, families)
    rivals = [
        name for name in scores if class_of(name, families) != _expected_class(lesson, families)
    ]
    if own is None or not rivals:
        return
    rival = max(sorted(rivals), key=lambda name: scores[name])
    norm = max(scores[own], scores[rival], 1.0)
    lack = LEAD - (scores[own] - scores[rival]) / norm
    if lack <= 0:
        return
    for function, phrase, _, weight in lesson.fired:
        if function == own and (function, phrase) in times:
            push[function, phrase] += lack * weight / norm
        elif function == rival and (function, phrase) in times:
            push[function, phrase] -= lack * weight / norm


def guess(lesson: Lesson, times: Weights, families: Collection[str]) -> str:
    """The class that comes first with these weights."""
    scores = _scores(lesson, times)
    if not scores:
        return OUT_OF_SCOPE
    return class_of(max(sorted(scores), key=lambda name: scores[name]), families)


def count_right(lessons: Iterable[Lesson], times: Weights, families: Collection[str]) -> int:
    """How many lessons come out as decided."""
    return sum(guess(one, times, families) == _expected_class(one, families) for one in lessons)


@dataclass(frozen=True, slots=True)
class Trial:
    """How many came out as decided, by what was not learnt from them."""

    before: int
    after: int
    total: int


def cross_validate(lessons: Sequence[Lesson], families: Collection[str]) -> Trial:
    """Cross-validation: by board where there are several, else by halves of the hashes."""
    sources = sorted({lesson.source for lesson in lessons})
    by_source = len(sources) >= SOURCES + 1
    groups: defaultdict[object, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        digest = hashlib.sha256(lesson.key.encode()).digest()[0] % FOLDS
        groups[lesson.source if by_source else digest].append(lesson)
    after = 0
    for name, held in groups.items():
        others = [one for key, rows in groups.items() if key != name for one in rows]
        after += count_right(held, fit(others, families) if others else {}, families)
    return Trial(count_right(lessons, {}, families), after, len(lessons))


def _scores(lesson: Lesson, times: Weights) -> dict[str, float]:
    scores: dict[str, float] = {}
    for function, phrase, where, weight in lesson.fired:
        factor = 1.0 if where == FIXED else times.get((function, phrase), 1.0)
        scores[function] = scores.get(function, 0.0) + weight * factor
    return scores


def class_of(name: str, families: Collection[str]) -> str:
    """A function, or that something is none of ours."""
    return OUT_OF_SCOPE if name in families else name


def _expected_class(lesson: Lesson, families: Collection[str]) -> str:
    return class_of(lesson.decided, families)


def _own_function(
    lesson: Lesson, scores: dict[str, float], families: Collection[str]
) -> str | None:
    mine = [
        name for name in scores if class_of(name, families) == _expected_class(lesson, families)
    ]
    if lesson.decided in mine:
        return lesson.decided
    return max(sorted(mine), key=lambda name: scores[name]) if mine else None
