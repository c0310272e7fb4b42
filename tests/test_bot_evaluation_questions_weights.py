"""What speaks for an answer is learned from labelled rows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.questions import weights


def sure(base, signs, told):
    """The confidence that learned weights give a row."""
    total = base + sum(s.weight * told[s.sign] for s in signs)
    return 1 / (1 + math.exp(-total / 100))


def test_weights_tell_right_from_wrong():
    """A sign that goes with right answers counts for, one with wrong ones against."""
    rows = [({"score": i / 20, "foreign": (i % 3) / 2}, i + (i % 3) * -4 > 8) for i in range(20)]
    base, signs = weights.fit(rows)
    by_name = {s.sign: s.weight for s in signs}
    assert by_name["score"] > 0 > by_name["foreign"]
    assert sure(base, signs, {"score": 1.0, "foreign": 0.0}) > 0.8
    assert sure(base, signs, {"score": 0.0, "foreign": 1.0}) < 0.2


def test_weights_need_both_kinds():
    """Where all are right, nothing can be learned, and that is said."""
    with pytest.raises(ValueError, match="right and wrong"):
        weights.fit([({"score": 1.0}, True), ({"score": 0.5}, True)])


@given(
    st.lists(
        st.tuples(st.floats(0, 2), st.floats(0, 1), st.booleans()), min_size=2, max_size=40
    ).filter(lambda rows: len({right for *_, right in rows}) == 2)
)
def test_weights_are_found_for_any_rows(rows):
    """Whatever the rows, whole numbers come out, also where a sign tells them apart altogether."""
    base, signs = weights.fit([({"a": a, "b": b}, right) for a, b, right in rows])
    assert isinstance(base, int)
    assert [s.sign for s in signs] == ["a", "b"]
