"""Half a name in a conversation means the whole one; a number means that line alone."""

from __future__ import annotations

import pytest

from bot.views.entry import body
from rules.questions.dialogue import resolve
from rules.questions.remember import next_conversation
from rules.questions.state import EMPTY
from rules.questions.utterance import read


def _talk(book, language, *messages):
    """The answer to the last of these messages of one conversation."""
    before = EMPTY
    for text in messages:
        utterance = read(text, book, language)
        answer = resolve(utterance, before, book)
        before = next_conversation(before, utterance, answer, book)
    return answer


HALVES = [
    ("zh", "内容运营看哪几个数", "用户的呢", "role.user_operations"),
    ("zh", "内容运营看哪几个数", "还有活动", "role.event_operations"),
    ("zh", "内容运营看哪几个数", "那数据的", "role.data_operations"),
    ("en", "which metrics does content operations have", "and user?", "role.user_operations"),
    ("ja", "コンテンツ運営の指標は", "ユーザーは？", "role.user_operations"),
    ("ko", "콘텐츠 운영 지표가 뭐예요", "사용자는요?", "role.user_operations"),
]


@pytest.mark.parametrize(("language", "first", "then", "entry"), HALVES, ids=[h[2] for h in HALVES])
def test_half_a_name_means_the_whole_one_of_the_kind_told_last(book, language, first, then, entry):
    """What was asked is asked of it."""
    got = _talk(book, language, first, then)
    assert (got.entry, got.section) == (entry, "metrics")


def test_half_a_name_that_fits_nothing_is_no_name(book):
    """There is no entry "weather operations"."""
    got = _talk(book, "en", "which metrics does content operations have", "and the weather?")
    assert got.entry != "role.content_operations" or got.guess


LINES = [
    ("zh", "活动清单", "第三条什么意思", 1),
    ("en", "steps for retention and activity", "number 3", 1),
    ("ja", "販促の落とし穴", "2番目は", 1),
]


@pytest.mark.parametrize(("language", "first", "then", "blocks"), LINES, ids=[r[2] for r in LINES])
def test_a_number_shows_its_line_alone(book, language, first, then, blocks):
    """Not the whole list again."""
    got = _talk(book, language, first, then)
    assert got.line
    shown = body(book.base.entry(got.entry, language), got, book.base, language)
    assert len(shown) == blocks
    text = getattr(shown[0], "text", "") or shown[0].items[0]
    assert got.line in text
