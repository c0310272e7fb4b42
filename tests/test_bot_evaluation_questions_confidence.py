"""Cuts that follow from constructed samples; no mix of samples breaks the fit."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.questions.confidence import (
    COSTS,
    MAX_ANSWERED,
    MIN_PRECISION,
    UNFITTED,
    Cuts,
    Sample,
    cost,
    fit,
)
from bot.evaluation.questions.model import PLAIN, Verdict

V = Verdict


def sample(score, *verdicts):
    """A question with that confidence: verdicts as answer, guess, list, refusal."""
    return Sample("?", score, *verdicts)


def right(score):
    """Held; its best candidate is the right one."""
    return sample(score, V.RIGHT, V.GUESSED, V.OFFERED, V.REFUSED)


def second(score):
    """Held; the right one is second."""
    return sample(score, V.WRONG, V.OFFERED, V.OFFERED, V.REFUSED)


def empty(score):
    """Not held."""
    return sample(score, V.ANSWERED, V.NOISE_GUESSED, V.NOISE, V.DECLINED)


def rows(make, *scores):
    """A sample for each score."""
    return [make(score) for score in scores]


OBVIOUS = [
    ("nothing", [], UNFITTED),
    ("all right: down to the lowest", rows(right, 1.5, 1.2, 0.9), Cuts(90, 90, 90)),
    ("all empty: nothing reaches", rows(empty, 0.4, 1.2), Cuts(121, 121, 121)),
    ("apart: half way", [*rows(right, 1.5, 1.3), *rows(empty, 0.7, 0.2)], Cuts(100, 100, 100)),
    (
        "right, then the second, then nothing",
        [*rows(right, 1.5, 1.4), *rows(second, 1.0, 0.9), *rows(empty, 0.3)],
        Cuts(120, 120, 60),
    ),
    (
        "guesses where they are mostly right",
        # Of 11 at 1.0 two are wrong: .82, too few for plain answers, and guesses cost a quarter.
        [*rows(right, *[2.0] * 5, *[1.0] * 9), *rows(second, 1.0, 1.0), *rows(empty, 0.4)],
        Cuts(150, 70, 70),
    ),
    ("not a number is no confidence", [right(2.0), empty(float("nan"))], Cuts(100, 100, 100)),
    ("no bounds", [right(float("inf")), empty(-float("inf"))], Cuts(500, 500, 500)),
]


@pytest.mark.parametrize(("samples", "cuts"), [r[1:] for r in OBVIOUS], ids=[r[0] for r in OBVIOUS])
def test_confidence_fits_the_obvious_cuts(samples, cuts):
    """Half way between what is apart; strict where nothing is gained."""
    assert fit(samples) == cuts
    assert fit(reversed(samples)) == cuts


def test_confidence_answers_hardly_anything_that_is_not_held():
    """One of 34 may be answered for the sake of all others, one of 33 may not."""
    for count, answered in ((33, 0), (34, 1)):
        held = rows(right, *[1.5] * 90, *[1.0] * 90)
        samples = [*held, empty(1.2), *rows(empty, *[0.1] * (count - 1))]
        cuts = fit(samples)
        assert sum(s.verdict_at(cuts) is V.ANSWERED for s in samples) == answered


def test_confidence_counts_what_an_example_settles():
    """What is answered whatever the cuts is part of the promise and moves no cut."""
    settled = sample(0.1, *[V.ANSWERED] * 4)
    assert fit([settled]) == UNFITTED
    samples = [settled, *rows(right, 1.5, 1.0), *rows(empty, *[0.2] * 9)]
    assert fit(samples) == Cuts(60, 60, 60)


def test_confidence_fits_lists_by_their_own_score():
    """A list is offered where one is likely to help, however unsure its first choice is."""
    told = (V.WRONG, V.MISGUESSED, V.OFFERED, V.REFUSED)
    empty_ = (V.ANSWERED, V.NOISE_GUESSED, V.NOISE, V.DECLINED)
    samples = [
        *rows(right, 1.5, 1.4),
        *(Sample("?", 0.2, *told, list_score=0.8) for _ in range(3)),
        *(Sample("?", 0.3, *empty_, list_score=0.4) for _ in range(3)),
    ]
    cuts = fit(samples)
    assert 40 < cuts.offer <= 80
    assert 30 < cuts.guess <= cuts.answer <= 140
    assert [s.verdict_at(cuts) for s in samples[2:]] == [V.OFFERED] * 3 + [V.DECLINED] * 3


def test_confidence_costs_every_verdict():
    """The stated costs, worst first where nothing is held."""
    assert set(COSTS) == set(Verdict)
    assert cost([V.ANSWERED, V.WRONG, V.SECTION, V.MISGUESSED, V.NOISE_GUESSED]) == 12.0
    assert cost([V.REFUSED, V.OFFERED, V.NOISE, V.GUESSED, V.RIGHT, V.DECLINED]) == 4.25


VERDICTS = st.sampled_from(list(Verdict))
MIX = st.lists(
    st.builds(sample, st.floats() | st.sampled_from([0.5, 1.0, 1.5]), *[VERDICTS] * 4), max_size=30
)


@given(MIX)
def test_confidence_never_breaks(samples):
    """Any scores and verdicts: three cuts in their order, the same for the same samples."""
    cuts = fit(samples)
    assert 0 <= cuts.offer <= cuts.guess <= cuts.answer <= 1001
    assert fit(list(samples)) == cuts


PLAUSIBLE = st.lists(
    st.builds(
        lambda make, score: make(score),
        st.sampled_from([right, second, empty]),
        st.integers(0, 8).map(lambda n: n / 4),
    ),
    min_size=1,
    max_size=12,
)


@given(PLAUSIBLE)
def test_confidence_finds_what_trying_all_cuts_finds(samples):
    """No three cuts that keep the promises are cheaper."""
    cuts = fit(samples)
    levels = range(0, 226, 25)
    tried = (Cuts(a, g, o) for o, g, a in itertools.combinations_with_replacement(levels, 3))
    cheapest = min(cost(s.verdict_at(c) for s in samples) for c in tried if _kept(samples, c))
    assert _kept(samples, cuts)
    assert cost(s.verdict_at(cuts) for s in samples) == cheapest


def _kept(samples, cuts):
    """Whether both promises are kept."""
    verdicts = [s.verdict_at(cuts) for s in samples]
    plain = [v for v in verdicts if v in PLAIN]
    not_held = sum(s.refused is V.DECLINED for s in samples)
    few = verdicts.count(V.ANSWERED) <= MAX_ANSWERED * not_held
    return few and plain.count(V.RIGHT) >= MIN_PRECISION * len(plain)
