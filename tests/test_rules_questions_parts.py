"""Two questions in one message: what each of them gets, in a conversation and without one."""

from __future__ import annotations

import pytest

from bot.assistant import reply
from bot.model import Chat, Message
from bot.render.text import as_text
from rules.questions.answer import answer
from rules.questions.model import Band
from rules.questions.utterance import read

OPEN = [
    ("zh", "NPS怎么算？那公司年会几点开始？", "metric.nps", "那公司年会几点开始"),
    ("zh", "复购率怎么算 另外公司年会去哪", "metric.repurchase_rate", "公司年会去哪"),
    ("en", "how is NPS calculated and where is the printer", "metric.nps", "where is the printer"),
    ("ja", "NPSの出し方は？それと来週の旅行はどこに行く", "metric.nps", "来週の旅行はどこに行く"),
    ("ko", "NPS 계산법 알려줘 그리고 복사기는 어디 있어요", "metric.nps", "복사기는 어디 있어요"),
]
ONE = [
    "内容运营主要负责些什么",
    "品牌和公关，谁更重要？",
    "what is a good brand, right?",
    "NPSとは何ですか",
    "브랜드랑 홍보 차이가 뭐예요?",
]


def test_parted_questions_lean_on_what_was_told(book):
    """Each is asked of the thing told last; the first stands first."""
    chat = reply(Message("直播运营是做什么的"), Chat(), book).chat
    got = reply(Message("招聘叫什么 另外看啥数据"), chat, book).answer
    assert (got.entry, got.section) == ("role.livestream_operations", "titles")
    assert [(a.entry, a.section) for a in got.also] == [("role.livestream_operations", "metrics")]


def test_parted_at_a_space_where_both_sides_ask(book):
    """On a phone a space parts two questions, in scripts that need none."""
    chat = reply(Message("流失率是什么"), Chat(), book).chat
    got = reply(Message("怎么降 谁管"), chat, book).answer
    assert got.entry == "metric.churn_rate"
    assert [a.entry and a.entry.partition(".")[0] for a in got.also] == ["role"]


@pytest.mark.parametrize(("language", "text", "entry", "left"), OPEN, ids=[r[3] for r in OPEN])
def test_parted_question_without_an_answer_is_named(book, language, text, entry, left):
    """What is held is told; the other question is quoted, and nothing is told in its place."""
    outcome = reply(Message(text, language), Chat(), book)
    assert outcome.answer.entry == entry
    assert [(a.band, a.entry, a.asked) for a in outcome.answer.also] == [(Band.DECLINE, None, left)]
    assert left in as_text(outcome.reply)


def test_parted_kind_that_nothing_holds_is_told_by_its_kind(book):
    """A limit beside what is held is named as it is everywhere."""
    chat = reply(Message("应用上架前要准备什么"), Chat(), book).chat
    got = reply(Message("最容易犯的错是什么 另外企业微信多少钱"), chat, book).answer
    assert got.entry
    assert got.missing == ("price",)


@pytest.mark.parametrize("text", ONE)
def test_parted_leaves_one_question_whole(book, text):
    """A mark or a tag at the end makes no second question."""
    assert answer(read(text, book), book).also == ()
