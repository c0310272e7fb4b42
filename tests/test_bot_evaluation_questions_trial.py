"""A question asked where all is sure enough and where nothing is; halves, folds, what they got."""

from __future__ import annotations

import pytest
import small_content

from bot.evaluation.questions import trial
from bot.evaluation.questions.confidence import UNFITTED, Sample
from bot.evaluation.questions.model import Conversation, Judged, Key, Verdict, Wanted
from knowledge.engine.base import open_base
from rules.book import open_book
from rules.questions.model import Answer, Band, Candidate

V = Verdict
HELD = Key("?", Wanted.ANSWER, (("concept.coupon", "points"),))
OTHERS = (Candidate("concept.coupon", 0.9, "points"), Candidate("a.b", 0.8, "summary"))
REFUSED = Answer(Band.DECLINE, "", None, "", 1.2)
SAMPLES = [
    ("best is right", Answer(Band.ANSWER, "", "concept.coupon", "points", 1.2, OTHERS[1:]), REFUSED,
     (V.RIGHT, V.GUESSED, V.OFFERED, V.REFUSED)),
    ("second is right", Answer(Band.ANSWER, "", "a.c", "points", 1.2, OTHERS), REFUSED,
     (V.WRONG, V.OFFERED, V.OFFERED, V.REFUSED)),
    ("wrong section", Answer(Band.ANSWER, "", "concept.coupon", "summary", 1.2), REFUSED,
     (V.SECTION, V.OFFERED, V.OFFERED, V.REFUSED)),
    ("never more than a list", Answer(Band.SUGGEST, "", None, "", 1.2, OTHERS), REFUSED,
     (V.OFFERED, V.OFFERED, V.OFFERED, V.REFUSED)),
    ("a limit", REFUSED, REFUSED, (V.REFUSED,) * 4),
    ("an example", *[Answer(Band.ANSWER, "", "concept.coupon", "points", 1.2)] * 2, (V.RIGHT,) * 4),
]  # fmt: skip


def judged(answer):
    """A row with that answer, judged."""
    conversation = Conversation("a", "zh", (HELD,))
    return Judged(conversation, 0, answer, trial.judge(answer, HELD))


@pytest.mark.parametrize(
    ("reached", "missed", "verdicts"), [r[1:] for r in SAMPLES], ids=[r[0] for r in SAMPLES]
)
def test_trial_knows_what_every_band_would_get(reached, missed, verdicts):
    """As answer, guess, list and refusal; what no threshold decides is alike in all four."""
    got = trial.sample(judged(reached), judged(missed))
    assert (got.answer, got.guess, got.listed, got.refused) == verdicts
    assert got.score == 1.2


def test_trial_asks_the_first_turn_and_leaves_the_confidence(tmp_path):
    """An example is settled, another wording is not; the book is as it was."""
    book = open_book(open_base(small_content.write(tmp_path / "knowledge")))
    before = book.confidence
    accept = (("concept.coupon", "*"),)
    rows = [
        Conversation(say, "zh", (Key(say, Wanted.ANSWER, accept), Key("为什么", Wanted.DECLINE)))
        for say in ("优惠券是什么", "抵扣金额的优惠券")
    ]
    example, other = trial.samples(rows, book)
    assert book.confidence is before
    assert example.is_settled
    assert not other.is_settled
    assert (other.answer, other.guess, other.listed) == (V.RIGHT, V.GUESSED, V.OFFERED)


def many(count):
    """Held ones that are right at 1.0 and up, and others at 0.5 and down that are not held."""
    for n in range(count):
        yield Sample(f"h{n}", 1 + n / count, V.RIGHT, V.GUESSED, V.OFFERED, V.REFUSED)
        yield Sample(f"e{n}", n / count / 2, V.ANSWERED, V.NOISE_GUESSED, V.NOISE, V.DECLINED)


def test_trial_fits_one_half_and_reports_the_other():
    """Each question is in one half and in one fold; the half kept out bears the cuts out."""
    rows = list(many(100))
    result = trial.trial(rows)
    sizes = {line.name: len(line.verdicts) for line in result.lines}
    assert sizes["the half fitted on"] + sizes["the half kept out"] == sizes["all"] == len(rows)
    folds = [sizes[f"fold {n + 1}"] for n in range(trial.FOLDS)]
    assert sum(folds) == sizes["folds together"] == sizes["the half fitted on"]
    assert min(folds) > 0
    assert 50 <= result.cuts.answer <= 105
    told = trial.table(result)
    (kept,) = [row for row in told.rows if row[0] == "the half kept out"]
    (whole,) = [row for row in told.rows if row[0] == "all, fitted on all"]
    assert kept[1] == told.rows[[row[0] for row in told.rows].index("the half fitted on")][1]
    assert whole[1] == f"{result.cuts.answer}/{result.cuts.guess}/{result.cuts.offer}"
    assert {len(row) for row in told.rows} == {len(told.head)}


def test_trial_halves_do_not_move():
    """By the letters of the question alone, whatever its case and blanks."""
    assert [trial.half(q) for q in ("a", "b", "c", "e")] == [False, False, False, True]
    assert trial.half("What is  it") == trial.half("whatis it")
    assert {trial.fold(str(n), 5) for n in range(50)} == set(range(5))


@pytest.mark.parametrize("count", [0, 1], ids=["none", "two"])
def test_trial_bears_hardly_any_questions(count):
    """Folds and halves with nothing in them are lines with nothing in them."""
    result = trial.trial(many(count))
    assert result.cuts == UNFITTED or count
    assert trial.table(result).rows
