"""Two questions in one message: both are answered, or the one that is not held is named."""

from __future__ import annotations

import pytest

from rules.questions.clauses import splitter
from rules.questions.model import Band
from rules.questions.standalone import answer_standalone
from rules.questions.utterance import read

PARTED = [
    ("GMV怎么算？另外转化率怎么算", ["GMV怎么算", "转化率怎么算"]),
    ("what is CPC and how is ROI calculated", ["what is CPC", "how is ROI calculated"]),
    ("CPCとは、ついでにROIの計算式も", ["CPCとは", "ROIの計算式も"]),
    ("ROAS 차이가 뭐고 계산식은 뭐예요", ["ROAS 차이가 뭐고", "계산식은 뭐예요"]),
    ("brand", ["brand"]),
]


@pytest.mark.parametrize(("text", "wanted"), PARTED, ids=[row[0] for row in PARTED])
def test_clauses_are_parted(book, text, wanted):
    """At marks, commas and the words that begin a further question."""
    spans = book.clauses.split(text)
    assert [text[start:end].strip() for start, end in spans] == wanted


def test_splitter_keeps_an_ending_with_its_clause():
    """A word with ~ ends the clause before it."""
    parts = splitter(["~고", "and"])
    assert parts.split("가고 나서") == [(0, 2), (3, 5)]
    assert parts.split("sand and sea") == [(0, 5), (8, 12)]


BOTH = [
    ("zh", "GMV怎么算？另外公关的职责是什么", "metric.gmv", ("role.public_relations",)),
    ("en", "how is CPC calculated, and what does content operations do?", "metric.cpc",
     ("role.content_operations",)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "first", "also"), BOTH, ids=[row[0] for row in BOTH])
def test_two_questions_get_two_answers(book, language, text, first, also):
    """In the order in which they are asked."""
    got = answer_standalone(read(text, book, language), book)
    assert (got.band, got.entry) == (Band.ANSWER, first)
    assert tuple(answer.entry for answer in got.also) == also


NAMED = [
    ("zh", "内容运营的职责是什么，工资多少？", "role.content_operations", ("salary",)),
    ("en", "what does content operations do, and what salary do they get?",
     "role.content_operations", ("salary",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "entry", "missing"), NAMED, ids=[row[0] for row in NAMED]
)
def test_what_is_not_held_is_named_beside_the_answer(book, language, text, entry, missing):
    """The part that is held is told, the other one is named."""
    got = answer_standalone(read(text, book, language), book)
    assert (got.band, got.entry, got.missing) == (Band.ANSWER, entry, missing)
