"""How entries are ranked for examples that are left out, and what is learned from that."""

from __future__ import annotations

import json
import math

import pytest
import small_content
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.evaluation import held_out, ranking
from bot.evaluation.questions import weights
from rules.questions.model import Candidate
from rules.weights import Ranking, Sign


def candidate(entry, section="summary", **signs):
    """One with these signs."""
    return Candidate(entry, 0.0, section, signs={"found": 0.0, "name": 0.0} | signs)


def row(question, *candidates, entry="a", section="summary"):
    """A question of *entry* with its candidates, the best first."""
    return ranking.Ranked(held_out.Asked(question, "en", entry, section), candidates)


ROWS = [
    row(f"q{i}", candidate("b", name=0.2), candidate("a", found=0.5 + i % 3 / 10), candidate("c"))
    for i in range(12)
]


def test_what_goes_with_the_right_entry_counts_for_it():
    """The sign of the right candidates gets the weight, and puts them first."""
    fitted = ranking.fit(ROWS)
    by_name = {sign.sign: sign.weight for sign in fitted.signs}
    assert by_name["found"] > 0 > by_name["name"] and fitted.questions == len(ROWS)
    assert {one.place for one in ranking.rerank(ROWS, fitted)} == {0}


def test_scores_lie_where_they_are_said_to():
    """The best candidate is at FIRST, the worst at LAST, on average."""
    fitted = ranking.fit(ROWS)
    told = ranking.rerank(ROWS, fitted)
    for at, wanted in ((0, ranking.FIRST), (-1, ranking.LAST)):
        scores = [
            fitted.base + sum(s.weight * one.candidates[at].signs[s.sign] for s in fitted.signs)
            for one in told
        ]
        assert sum(scores) / len(scores) == pytest.approx(1000 * wanted, abs=5)


def test_nothing_is_learned_where_no_question_has_its_entry():
    """That is said."""
    with pytest.raises(ValueError, match="among its candidates"):
        ranking.fit([row("q", candidate("b"), candidate("c"))])


def test_ties_go_by_name_and_weights_put_in_order():
    """Other weights, another order."""
    told = ranking.rerank(
        [row("q", candidate("b"), candidate("a"), candidate("c", name=1.0))],
        Ranking(0, (Sign("name", 10),)),
    )
    assert [one.entry for one in told[0].candidates] == ["c", "a", "b"]


def test_figures_count_first_three_candidates_and_sections():
    """A line for each language and one for all."""
    rows = [row("q", candidate("a")), row("q", candidate("b"), candidate("a")), row("q")]
    *_, last = ranking.figures(rows).splitlines()
    assert last.split() == ["all", "3", "33.3%", "66.7%", "66.7%", "33.3%"]


@given(
    st.lists(
        st.tuples(
            st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=2), min_size=2, max_size=4),
            st.integers(0, 1),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_a_choice_is_learned_from_any_rows(rows):
    """Whatever the rows, numbers come out that make the choices no less likely than none."""
    found = weights.choice(rows)
    assert all(map(math.isfinite, found))
    assert weights._likelihood(rows, found) >= weights._likelihood(rows, [0.0, 0.0]) - 1e-9


@pytest.fixture
def content(tmp_path):
    """The small content."""
    return small_content.write(tmp_path / "knowledge")


def test_what_a_file_lists_is_left_out_and_asked(content, tmp_path):
    """However it is spelt there; the rest stays, and the content itself is as it was."""
    name = tmp_path / "left.jsonl"
    name.write_text(json.dumps({"question": "What is coupon?", "lang": "en"}) + "\n", "utf-8")
    with held_out.held_out(content, None, held_out.of_file(str(name))) as (book, asked):
        assert asked == [held_out.Asked("what is coupon", "en", "concept.coupon", "summary")]
        assert book.base.entry_of_example("whatiscoupon") is None
        assert book.base.entry_of_example("whatdoescouponmean") is not None
        assert ranking.rows(asked, book)[0].candidates[0].signs
    assert "what is coupon" in (content / "translations/en/concepts/coupon.yaml").read_text("utf-8")


def test_folds_leave_every_example_out_once(content):
    """Together they are all examples, and none is in two of them."""
    asked = []
    for number in range(held_out.FOLDS):
        with held_out.held_out(content, None, held_out.of_fold(number)) as (_, left):
            asked += [(one.language, one.question) for one in left]
    assert len(asked) == len(set(asked)) == 12


@pytest.mark.parametrize(
    ("text", "message"),
    [("[]\n", "line 1"), ('{"question": "x"}\n', "lang"), ("{\n", "line 1")],
)
def test_a_file_that_says_something_else_is_named_with_its_line(tmp_path, text, message):
    """So is one that is not there."""
    name = tmp_path / "left.jsonl"
    name.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=message):
        held_out.of_file(str(name))
    with pytest.raises(BadInput, match="cannot be read"):
        held_out.of_file(str(tmp_path / "nowhere"))


def test_every_name_is_asked_plainly(content):
    """Title and first alias of every entry, in every language in which it is told."""
    with held_out.held_out(content, None, held_out.of_fold(0)) as (book, _):
        asked = list(held_out.name_questions(book))
    of_coupon = [one for one in asked if one.entry == "concept.coupon"]
    assert [one.language for one in of_coupon] == ["zh", "zh", "en"]
    assert all("优惠券" in one.question or "coupon" in one.question for one in of_coupon)
