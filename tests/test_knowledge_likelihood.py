"""Which entry's examples make a question likely: counted, repeatable, unknown words aside."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.engine.counting import write
from knowledge.engine.likelihood import Example, Likelihoods
from knowledge.engine.normal import fold
from knowledge.engine.words import Words

JIEBA = Words()
ASKED = {
    "metric.churn": ("why do customers leave us", "客户为什么流失", "고객이 왜 떠나요"),
    "practice.launch": ("how do we launch a product", "新品怎么上市", "신제품 출시 어떻게"),
    "role.sales": ("who sells to customers", "谁去见客户", "누가 고객에게 팔아요"),
}


@pytest.fixture(scope="module")
def counts(tmp_path_factory):
    """The counts of those examples."""
    path = tmp_path_factory.mktemp("likelihood") / "likelihood.db"
    write(path, [Example(id_, fold(text)) for id_, texts in ASKED.items() for text in texts], JIEBA)
    return Likelihoods(path, JIEBA)


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        pytest.param("customers leave", "metric.churn", id="en"),
        pytest.param("客户流失了", "metric.churn", id="zh"),
        pytest.param("launching the new product", "practice.launch", id="en-inflected"),
        pytest.param("上市新品", "practice.launch", id="zh-order"),
        pytest.param("고객에게 누가", "role.sales", id="ko"),
    ],
)
def test_likelihood_is_that_of_the_examples_with_these_words(counts, question, entry):
    """The entry whose examples use the words is the likeliest, and nothing is before it."""
    found = counts.likelihood_of(fold(question))
    assert found.most_likely(1) == [entry]
    assert found.distance_from_best(entry) == 0
    assert all(found.distance_from_best(other) > 0 for other in ASKED if other != entry)


@pytest.mark.parametrize("question", ["", "   ", "xyzzy", "🙂🙂", "，。！"])
def test_likelihood_of_unknown_words_prefers_nobody(counts, question):
    """A question that shares no word with an example puts no entry behind another."""
    found = counts.likelihood_of(question)
    assert {found.distance_from_best(id_) for id_ in (*ASKED, "never.heard_of")} == {0.0}


def test_likelihood_of_an_entry_without_examples_is_that_of_no_word(counts):
    """Who has no example is as far behind as the likeliest one is ahead of nothing."""
    found = counts.likelihood_of("customers leave")
    assert found.distance_from_best("never.heard_of") == found.most > 0


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_likelihood_is_finite_and_repeatable(counts, text):
    """Any text has numbers, the same twice, the likeliest entry at nought."""
    one, two = counts.likelihood_of(fold(text)), counts.likelihood_of(fold(text))
    behind = [one.distance_from_best(id_) for id_ in ASKED]
    assert behind == [two.distance_from_best(id_) for id_ in ASKED]
    assert all(math.isfinite(value) and value >= 0 for value in behind)
    assert min(behind) == 0


def test_likelihood_is_written_the_same_whatever_the_order(tmp_path):
    """The order in which examples come changes no number."""
    rows = [Example(id_, fold(text)) for id_, texts in ASKED.items() for text in texts]
    for name, order in (("a", rows), ("b", rows[::-1])):
        write(tmp_path / name, order, JIEBA)
    first, second = (
        Likelihoods(tmp_path / name, JIEBA).likelihood_of("客户为什么流失") for name in "ab"
    )
    assert [first.distance_from_best(id_) for id_ in ASKED] == pytest.approx(
        [second.distance_from_best(id_) for id_ in ASKED]
    )
