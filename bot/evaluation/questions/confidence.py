"""One confidence for all languages: the three cuts that lose least on labelled questions. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from bot.evaluation.questions.model import OF_NOT_HELD, PLAIN, Verdict

COSTS: dict[Verdict, float] = {
    Verdict.RIGHT: 0.0,
    Verdict.GUESSED: 0.25,
    Verdict.OFFERED: 1.0,
    Verdict.MISGUESSED: 1.5,
    Verdict.SECTION: 2.0,
    Verdict.USELESS: 2.0,
    Verdict.REFUSED: 2.0,
    Verdict.WRONG: 3.0,
    Verdict.DECLINED: 0.0,
    Verdict.NOISILY: 1.0,
    Verdict.NOISE: 1.0,
    Verdict.NOISE_GUESSED: 1.5,
    Verdict.ANSWERED: 4.0,
    Verdict.UNREAD: 0.0,
}
"""What each verdict costs; quarters, so that sums are exact."""
MAX_ANSWERED = 0.03
"""Share of what is to be declined that may be answered plainly."""
MIN_PRECISION = 0.92
"""Share of the plain answers that must be right, where that can be had."""
TURNS = 3
"""How often the cut for lists and the two others are fitted in turns."""
HIGHEST = 1_000
"""Hundredths; no confidence is told apart above that."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Hundredths of confidence from which on a reply is an answer, a guess, a list of offers."""

    answer: int
    guess: int
    offer: int


UNFITTED = Cuts(115, 90, 50)
"""Where nothing can be fitted."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, how sure its best candidate is, and the verdict on each thing to do with it."""

    question: str
    score: float
    answer: Verdict
    guess: Verdict
    listed: Verdict
    refused: Verdict
    list_score: float | None = None
    """How likely a list helps, where that was learned; None: the score decides."""

    @property
    def is_settled(self) -> bool:
        """Whether it is answered plainly even where every cut refuses: not by its confidence."""
        return self.refused in PLAIN

    @property
    def hundredths(self) -> int:
        """The confidence as cuts see it; what is no number is none."""
        return _hundredths(self.score)

    @property
    def list_hundredths(self) -> int:
        """How likely a list helps, as the cut for lists sees it."""
        return self.hundredths if self.list_score is None else _hundredths(self.list_score)

    def verdict_at(self, cuts: Cuts) -> Verdict:
        """The verdict with these cuts."""
        if self.hundredths >= cuts.answer:
            return self.answer
        if self.hundredths >= cuts.guess:
            return self.guess
        return self.listed if self.list_hundredths >= cuts.offer else self.refused


def _hundredths(score: float) -> int:
    if math.isnan(score):
        return 0
    return math.floor(100 * min(max(score, 0.0), HIGHEST / 100) + 1e-6)


def cost(verdicts: Iterable[Verdict]) -> float:
    """What these verdicts cost together."""
    return sum(COSTS[verdict] for verdict in verdicts)


def fit(samples: Iterable[Sample]) -> Cuts:
    """The cuts that cost least, of equal ones the strictest; UNFITTED where nothing depends on any.

    At most MAX_ANSWERED of what is to be declined may be answered plainly, and MIN_PRECISION of
    plain answers must be right, where cuts with that exist. Where how likely a list helps was
    learned apart, its cut and the two others are fitted in turns.
    """
    samples = list(samples)
    open_ = [s for s in samples if not s.is_settled]
    levels = _levels(open_, lambda s: s.hundredths)
    if not levels:
        return UNFITTED
    cuts = _of_one_score(levels, samples)
    for _ in range(TURNS if any(s.list_score is not None for s in open_) else 0):
        cuts = _of_two_scores(levels, samples, open_, cuts)
    return cuts


def _of_two_scores(
    levels: list[list[Sample]], samples: list[Sample], open_: list[Sample], before: Cuts
) -> Cuts:
    """The cut for lists by their own score, below the guesses of *before*; then the others."""
    lists = _levels([s for s in open_ if s.hundredths < before.guess], lambda s: s.list_hundredths)
    offer = before.offer
    if lists:
        listed = _sums(lists, lambda s: COSTS[s.listed])
        refused = _sums(lists, lambda s: COSTS[s.refused])
        end = _suffix(_difference(listed, refused))[0][1]
        offer = _cut_between(lists, end, lambda s: s.list_hundredths)

    def low(sample: Sample) -> float:
        return COSTS[sample.listed if sample.list_hundredths >= offer else sample.refused]

    answer = _sums(levels, lambda s: COSTS[s.answer])
    guess = _sums(levels, lambda s: COSTS[s.guess])
    guesses = _suffix(_difference(guess, _sums(levels, low)))
    total = [a + guesses[k][0] for k, a in enumerate(_difference(answer, guess))]
    first = min(_plain_levels(levels, samples), key=lambda i: total[i])
    return Cuts(_cut_between(levels, first), _cut_between(levels, guesses[first][1]), offer)


def _levels(samples: list[Sample], of: Callable[[Sample], int]) -> list[list[Sample]]:
    """Those of one score together, the highest first."""
    ordered = sorted(samples, key=lambda s: -of(s))
    return [list(group) for _, group in groupby(ordered, key=of)]


def _of_one_score(levels: list[list[Sample]], samples: list[Sample]) -> Cuts:
    """The costs of the levels summed up, then the best end of each band given the one below."""
    answer = _sums(levels, lambda s: COSTS[s.answer])
    guess = _sums(levels, lambda s: COSTS[s.guess])
    listed = _sums(levels, lambda s: COSTS[s.listed])
    refused = _sums(levels, lambda s: COSTS[s.refused])
    offers = _suffix(_difference(listed, refused))
    guesses = _suffix([a + offers[k][0] for k, a in enumerate(_difference(guess, listed))])
    total = [a + guesses[k][0] for k, a in enumerate(_difference(answer, guess))]
    first = min(_plain_levels(levels, samples), key=lambda i: total[i])
    second = guesses[first][1]
    third = offers[second][1]
    return Cuts(*(_cut_between(levels, end) for end in (first, second, third)))


def _plain_levels(levels: list[list[Sample]], samples: list[Sample]) -> list[int]:
    """How many levels may be answered plainly, those that keep both promises if there are any."""
    settled = [sample.refused for sample in samples if sample.is_settled]
    empty = sum(sample.refused in OF_NOT_HELD for sample in samples)

    def counts(*verdicts: Verdict) -> list[float]:
        already = sum(verdict in verdicts for verdict in settled)
        return [already + n for n in _sums(levels, lambda s: float(s.answer in verdicts))]

    answered, right, plain = counts(Verdict.ANSWERED), counts(Verdict.RIGHT), counts(*PLAIN)
    kept = [i for i, n in enumerate(answered) if n <= MAX_ANSWERED * empty]
    if not kept:
        return [i for i, n in enumerate(answered) if n == answered[0]]
    return [i for i in kept if right[i] >= MIN_PRECISION * plain[i]] or kept


def _sums(levels: list[list[Sample]], value: Callable[[Sample], float]) -> list[float]:
    """Of the first none, one, two, … levels together."""
    return list(accumulate((sum(map(value, level)) for level in levels), initial=0.0))


def _difference(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [a - b for a, b in zip(one, other, strict=True)]


def _suffix(values: Sequence[float]) -> list[tuple[float, int]]:
    """From each place on, the least value and its first place."""
    pairs = ((value, place) for place, value in reversed(list(enumerate(values))))
    return list(accumulate(pairs, min))[::-1]


def _cut_between(
    levels: list[list[Sample]], end: int, of: Callable[[Sample], int] = lambda s: s.hundredths
) -> int:
    """The cut below the first *end* levels: halfway to the next; with no next, at the last."""
    if not end:
        return of(levels[0][0]) + 1
    last = of(levels[end - 1][0])
    return last if end == len(levels) else (last + of(levels[end][0]) + 1) // 2
