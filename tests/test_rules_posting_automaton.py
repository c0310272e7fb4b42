"""Phrases in a text: the longest that begins first, Latin ones as whole words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.postings.automaton import FEW, SHORT, SIGNAL, Automaton, Row

WORDS = st.text(alphabet="ab s运营商", min_size=1, max_size=4).filter(lambda word: word.strip())


def automaton(*phrases):
    """An automaton whose phrases each stand for a signal named like them."""
    return Automaton({phrase: [Row(SIGNAL, phrase, "duty", 2.0)] for phrase in phrases})


def found(phrases, text):
    """The phrases found in a text."""
    return [hit.phrase for hit in automaton(*phrases).find(text)]


@pytest.mark.parametrize(
    ("phrases", "text", "hits"),
    [
        pytest.param(["运营", "运营商"], "移动运营商", ["运营商"], id="longest"),
        pytest.param(["新媒体", "媒体运营"], "新媒体运营", ["新媒体"], id="leftmost"),
        pytest.param(["运营"], "运营运营", ["运营", "运营"], id="again"),
        pytest.param(["运营"], "运 营", [], id="not-there"),
        pytest.param([], "运营", [], id="no-phrases"),
        pytest.param(["运营"], "", [], id="no-text"),
    ],
)
def test_automaton_takes_the_longest_that_begins_first(phrases, text, hits):
    """A longer word protects the shorter one inside it; what is used once is not used again."""
    assert found(phrases, text) == hits


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        pytest.param("pr", 1, id="alone"),
        pytest.param("the pr team", 1, id="word"),
        pytest.param("做pr和sem", 1, id="between-chinese"),
        pytest.param("spray", 0, id="inside"),
        pytest.param("price", 0, id="beginning"),
        pytest.param("mpr", 0, id="end"),
        pytest.param("prs", 1, id="plural"),
        pytest.param("prs and", 1, id="plural-before-word"),
        pytest.param("prst", 0, id="no-plural"),
        pytest.param("pr2", 0, id="digit"),
        pytest.param("pré", 0, id="accent"),
    ],
)
def test_automaton_latin_phrases_are_whole_words(text, hits):
    """A Latin phrase is a word of its own, a plural s allowed; the rest may stand anywhere."""
    assert len(found(["pr"], text)) == hits


@settings(deadline=None)
@given(
    phrases=st.lists(WORDS, min_size=1, max_size=8, unique=True),
    text=st.text(alphabet="ab s运营商\ufffd", max_size=60),
)
def test_automaton_scan_and_search_find_the_same(phrases, text):
    """Short texts are scanned at first and searched later; nobody can tell which it was."""
    one = automaton(*phrases)
    runs = [list(one.find(text)) for _ in range(FEW + 2)]
    assert all(run == runs[0] for run in runs)


@settings(deadline=None)
@given(
    phrases=st.lists(WORDS, min_size=1, max_size=8, unique=True),
    text=st.text(alphabet="ab s运营商", max_size=60),
)
def test_automaton_long_text_changes_nothing(phrases, text):
    """A text means the same alone and at the head of a long one."""
    alone = list(automaton(*phrases).find(text + "。"))
    headed = list(automaton(*phrases).find(text + "。" * SHORT))
    assert headed == alone
    assert all(hit.phrase == (text + "。")[hit.start : hit.end] for hit in alone)


def test_automaton_factors_weigh_an_owner():
    """The weights of some owners are multiplied, those of others are not."""
    table = {"法务": [Row(SIGNAL, "legal", "law", 2.0), Row(SIGNAL, "sales", "deal", 2.0)]}
    (hit,) = Automaton(table, {"legal": 1.5}).find("法务")
    assert [(row.owner, row.weight) for row in hit.rows] == [("legal", 3.0), ("sales", 2.0)]
