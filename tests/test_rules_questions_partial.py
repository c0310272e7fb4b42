"""A message of which a part is held: it is answered, the rest named, the scene left aside."""

from __future__ import annotations

import pytest

from rules.questions.clauses import splitter
from rules.questions.model import Band
from rules.questions.standalone import answer_standalone
from rules.questions.utterance import read

HELD = [
    ("ja", "ユーザー運営の仕事内容と年収を教えてください", "role.user_operations", ("salary",)),
    ("ko", "콘텐츠 운영 담당 업무랑 연봉 궁금해요", "role.content_operations", ("salary",)),
    ("zh", "活动上线前要检查哪些东西？顺便给我写一份活动文案", "checklist.campaign",
     ("copywriting",)),
    ("en", "What should be on a landing page, and what does an agency charge for one?",
     "concept.landing_page", ("price",)),
    ("ja", "SWOTの書き方。任天堂のSWOTも見せて", "concept.swot", ()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "entry", "missing"), HELD, ids=[row[1] for row in HELD]
)
def test_the_part_that_is_held_is_answered(book, language, text, entry, missing):
    """What is joined to it and not held is told by name."""
    got = answer_standalone(read(text, book, language), book)
    assert (got.band, got.entry, got.missing) == (Band.ANSWER, entry, missing)


REFUSED = [
    ("zh", "我离职了，公司的公众号是用我的身份证注册的，他们能告我吗", "law"),
    ("en", "We are a spa in Leeds. Is it legal to text people two years later?", "law"),
    ("ja", "うちの転換率は2.3%なんですが、悪いほうですか", "benchmark"),
    ("ko", "경품 당첨자 공지문, 그냥 복사하게 하나 써주세요", "copywriting"),
    ("zh", "抽奖送手机，要先扣税吗？起征点是多少", "tax"),
]


@pytest.mark.parametrize(("language", "text", "limit"), REFUSED, ids=[row[1] for row in REFUSED])
def test_a_thing_that_is_only_named_beside_a_limit_is_not_told(book, language, text, limit):
    """Nothing is asked of it that is held."""
    got = answer_standalone(read(text, book, language), book)
    assert (got.band, got.limit) == (Band.DECLINE, limit)


def test_a_korean_limit_is_never_read_over_the_space_between_two_words(book):
    """The end of one word and the beginning of the next are no side job."""
    assert not read("뉴미디어부 업무가 뭐예요", book, "ko").limits
    assert read("퇴근하고 부업 하려고요", book, "ko").limits


NUMBERS = [
    ("2.3% or 1,300 people", ["2.3% or 1,300 people"]),
    ("we got 40, is that fine", ["we got 40", " is that fine"]),
]


@pytest.mark.parametrize(("text", "wanted"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_a_mark_inside_a_number_parts_nothing(text, wanted):
    """A decimal point ends no question."""
    assert [text[a:b] for a, b in splitter([]).split(text)] == wanted


def test_clauses_are_parted_where_two_things_are_asked_of_one():
    """Only right after what is asked, so that a name with such a word stays whole."""
    parts = splitter([], ["和"])
    assert parts.split_span("职责和薪资", (0, 5), [2]) == [(0, 2), (3, 5)]
    assert parts.split_span("职责和薪资", (0, 5), []) == [(0, 5)]
