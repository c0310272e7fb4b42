"""Ordinals are read by the words they are given, and by none other."""

from __future__ import annotations

import pytest

from rules.load import Ordinals
from rules.questions.ordinals import reader

WORDS = Ordinals("零一二三", ("step",), ("th",), (("first step",), ("second step",)))


@pytest.mark.parametrize(
    ("text", "number"),
    [("step 12", 12), ("step三", 3), ("4th", 4), ("the second step", 2), ("stage 2", None)],
)
def test_reader_finds_the_first_ordinal(text, number):
    """Before a number, behind one, or in words."""
    assert reader(WORDS).number(text) == number


def test_reader_without_words_finds_nothing():
    """A rule set without ordinals reads any text."""
    assert reader(Ordinals("", (), (), ())).number("step 3, the third") is None
