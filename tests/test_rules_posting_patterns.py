"""The regular expressions of each language: compiled, and tried where they can fire."""

from __future__ import annotations

import pytest

from rules.postings.normalized import normalize_text
from rules.postings.patterns import patterns_of
from rules.postings.posting_rules import read_rule_files


@pytest.fixture(scope="session")
def rules():
    """The shipped rules as read."""
    return read_rule_files()


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_patterns_of_every_language(rules, language):
    """Each language knows years, people and the five kinds of unlawful words."""
    found = patterns_of(language, rules.levels, rules.flags)
    assert found.years
    assert found.people
    assert {odd.flag for odd in found.flags} == {"age", "sex", "origin", "marital", "appearance"}
    assert all(odd.words or odd.whole for odd in found.flags)


@pytest.mark.parametrize(
    ("language", "kind", "text"),
    [
        ("zh", "appearance", "身高165"),
        ("en", "sex", "Ladies only"),
        ("ja", "sex", "女性限定"),
        ("ja", "age", "40歳未満"),
        ("ko", "sex", "남성 우대"),
        ("ko", "appearance", "용모 단정"),
    ],
)
def test_patterns_meet_flat_text(rules, language, kind, text):
    """A pattern is written as people write and still meets the comparable text."""
    normalized = normalize_text(text).text
    worth = patterns_of(language, rules.levels, rules.flags).worth_trying(normalized, language)
    (odd,) = (odd for odd in worth if odd.flag == kind)
    assert odd.pattern.search(normalized)
