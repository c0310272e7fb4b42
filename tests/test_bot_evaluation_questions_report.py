"""The tables as text and as a page: rates, verdicts, kinds, conversations, confusions, misses."""

from __future__ import annotations

import re

import pytest

from bot.evaluation.questions.judging import judge
from bot.evaluation.questions.model import Conversation, Judged, Key, Wanted
from bot.evaluation.questions.page import bins, page
from bot.evaluation.questions.report import FAILED, summary
from bot.evaluation.questions.tables import Table
from rules.questions.model import Answer, Band, Candidate

ROLE = (("role.brand", "metrics"), ("role.brand", "methods"))
TOLD = Answer(Band.ANSWER, "", "role.brand", "metrics", 0.93)
SECTION = Answer(Band.ANSWER, "", "role.brand", "summary", 0.62)
WRONG = Answer(Band.ANSWER, "", "concept.coupon", "summary", 1.91)
GUESSED = Answer(Band.ANSWER, "", "role.brand", "methods", 0.8, guess=True)
OFFERED = Answer(Band.SUGGEST, "", None, "", 0.4, (Candidate("concept.coupon", 0.4, "summary"),))
NOTHING = Answer(Band.DECLINE, "", None, "", 0.1)
NOISE = Answer(Band.DECLINE, "", None, "", 0.1, OFFERED.others)


def held(say, kind="howto", wanted=Wanted.ANSWER, missing=""):
    """A key that wants something of the brand role."""
    return Key(say, wanted, ROLE, ROLE[0], frozenset(), missing, kind)


def declined(say):
    """A key that wants nothing."""
    return Key(say, Wanted.DECLINE, kind="off topic")


def talked(name, language, *turns):
    """A conversation of (key, answer) with its verdicts."""
    conversation = Conversation(name, language, tuple(key for key, _ in turns))
    return [
        Judged(conversation, at, answer, judge(answer, key))
        for at, (key, answer) in enumerate(turns)
    ]


@pytest.fixture
def rows():
    """Single questions in two languages and two conversations, one of them held to the end."""
    return [
        *talked("s1", "zh", (held("q1"), TOLD)),
        *talked("s2", "zh", (held("q2"), SECTION)),
        *talked("s3", "zh", (held("q3", wanted=Wanted.PARTIAL, missing="price"), WRONG)),
        *talked("s4", "en", (held("<b>q4</b>"), OFFERED)),
        *talked("s5", "en", (declined("q5"), NOISE)),
        *talked("c1", "en", (held("q6"), GUESSED), (declined("q7"), NOTHING)),
        *talked("c2", "zh", (held("q8", "rare"), TOLD), (held("q9", "odd"), NOTHING)),
    ]


LINES = [
    ("rates", r"single question, zh +3 +33\.3 % +33\.3 % +0 +- +- +33\.3 % +-"),
    ("offers", r"single question, en +1 +0\.0 % +0\.0 % +1 +0\.0 % +0\.0 % +- +-"),
    ("turns", r"follow-up turn, all +1 +0\.0 % +0\.0 % +1 +100\.0 % +0\.0 % +- +-"),
    ("guesses", r"opening turn, en +1 +100\.0 % .* 100\.0 %"),
    ("verdicts", r"right entry, wrong section +1 +0 +1"),
    ("noise", r"declined with noise +0 +1 +1"),
    ("kinds", r"howto +5 "),
    ("rare kinds", r"\(3 rarer kinds\) +2 "),
    ("conversations", r"all +2 +1 +50\.0 %"),
    ("bands", r"guess +1 +100\.0 %"),
    ("in part", r"something is named as missing +1 +0 +0\.0 %"),
    ("kinds confused", r"role -> concept +1"),
    ("kinds offered", r"role -> offers: concept +1"),
    ("kinds refused", r"role -> nothing +1"),
    ("kinds of noise", r"nothing -> offers: concept +1"),
    ("sections confused", r"metrics -> summary +1"),
    ("a miss", r"wrong \[zh\] s3 q3 -> concept\.coupon/summary \(1\.91\), wanted role\..*"),
    ("a turn", r"refused though held \[zh\] c2#2 q9 -> nothing \(0\.10\), wanted role\.brand/.*"),
]  # fmt: skip


@pytest.mark.parametrize("line", [row[1] for row in LINES], ids=[row[0] for row in LINES])
def test_report_counts_and_names(rows, line):
    """Each figure and each miss has a line of its own."""
    assert re.search(rf"^{line}$" if line[-1] != " " else rf"^{line}", summary(rows), re.MULTILINE)


def test_report_quotes_questions_only_at_its_end(rows):
    """What stands before the list can be shown to anyone."""
    before, _, after = summary(rows).partition(f"\n{FAILED}\n")
    assert not re.search(r"\bq\d\b", before)
    assert len(after.splitlines()) == 5


def test_report_without_a_miss_has_no_list(rows):
    """Nothing went wrong, nothing is listed; tables with nothing in them are left out."""
    told = summary(rows[:1])
    assert FAILED not in told
    assert "conversations" not in told
    assert "confused" not in told


def test_page_has_the_plot_and_all_tables(rows):
    """Self-contained and escaped; tables of a fit stand before the others."""
    fitted = Table("one confidence", ("", "cost"), (("all", "0.5"),))
    told = page(rows, fitted)
    titles = re.findall(r"<h2>(.*?)</h2>", told)
    assert titles[:3] == ["Reliability of plain answers", "One confidence", "Rates"]
    for title in ("By kind", "Conversations", "Sections confused, right entry"):
        assert title in titles
    assert "&lt;b&gt;q4&lt;/b&gt;" in told
    assert "<b>q4" not in told
    assert not re.search(r"(src|href)=", told)
    assert told.count("<circle") == 3


def test_page_bins_plain_answers_by_score(rows):
    """Guesses and offers are no plain answers; the axis ends at what the highest needs."""
    assert [(b.count, b.right) for b in bins(rows, 2.0)] == [(1, 0.0), (2, 1.0), (1, 0.0)]
    assert bins([], 1.0) == []
    assert "<svg" in page([])
