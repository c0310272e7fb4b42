"""A number is a step only beside a word for one; what else is counted is no step of the cycle."""

from __future__ import annotations

import pytest

from knowledge.engine.normal import compact
from rules.examples import decide
from rules.follow_ups import Ordinals
from rules.questions.ordinals import reader

WORDS = Ordinals(
    "零一二三",
    (("first",), ("second",)),
    ("step {n}", "{o} step", "{n}th step"),
    ("the {o}", "{o} one"),
    ("{o} to last",),
    ("the last",),
    (("is",),),
)
NEVER = {
    "zh": [
        "第一周做什么", "第一个月先做什么", "第三方平台怎么合作", "第一时间怎么回应",
        "第一印象怎么做好", "第二季度的目标", "第一次办活动", "第一名有什么奖励",
        "第三者插足怎么办", "第二天要复盘吗", "第一手资料从哪来", "第二曲线是什么",
        "第一年亏损正常吗", "第四季度冲业绩", "第一批用户从哪来", "第二职业", "第一桶金",
        "第三代产品怎么推", "第一线员工的反馈", "第五代移动通信", "第一眼看到的图",
        "第一句话写什么", "第二梯队品牌", "双十一怎么准备", "双十二之后", "618要做什么",
        "年货节怎么排", "三八节活动", "九块九包邮", "一九零零年", "一个月做几场", "九成用户流失",
        "第一性原理", "第二语言", "九步走完要多久",
    ],
    "en": [
        "first week plan", "first month of a new hire", "third party platform",
        "first impression", "second quarter goals", "first time buyers", "second hand goods",
        "third place in the ranking", "1st week", "2nd floor", "first name basis",
        "first response time", "second opinion", "Black Friday", "3rd party data",
        "first mover advantage", "first come first served", "second screen",
        "nine steps in total", "the 9 steps",
    ],
    "ja": [
        "第三者の意見", "第一印象", "第一四半期の目標", "第二四半期", "第一週にやること",
        "二つのチーム", "三つの指標", "一番大事な指標", "第一線の社員", "9ステップで何をする",
        "ブラックフライデー", "第三者割当", "一人目の採用", "二回目の購入", "三日坊主",
    ],
    "ko": [
        "제3자 제공", "첫 주에 할 일", "첫인상", "2분기 목표", "첫 달", "첫 구매 고객",
        "세 가지 지표", "1위 브랜드", "블랙프라이데이", "9단계로 나눠", "두 달 동안",
        "첫날 할 일", "3월 캠페인", "두 번째 구매", "두 번째 방문 고객",
    ],
}  # fmt: skip
STEPS = [
    ("第三步是什么", 3), ("第6步", 6), ("第二个步骤要做什么", 2), ("第四阶段", 4),
    ("第五个环节", 5), ("步骤2", 2), ("step 2", 2), ("what is the first step", 1),
    ("3rd step", 3),
    ("stage 4", 4), ("the fifth stage", 5), ("phase 6", 6), ("ステップ3", 3),
    ("三番目のステップ", 3), ("第4段階", 4), ("2段階目は", 2), ("두 번째 단계", 2),
    ("3단계는 뭐예요", 3), ("첫 번째 단계", 1), ("제4단계", 4), ("다섯 번째 단계", 5),
]  # fmt: skip
COUNTED = [
    ("第二个", 2), ("第二个是什么", 2), ("the second one", 2), 
    ("is the second one busy on Mondays", 2), ("and the first?", 1),
    ("二つ目は", 2), ("두 번째 거", 2), ("倒数第二步", -2), ("倒数第二个", -2),
    ("second to last", -2), ("最后一个", -1), ("the last one", -1), ("마지막 거", -1),
    ("number 3", 3), ("第一个月", None), ("两个月", None), ("二つ", None), ("두 개", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "number"),
    [("step 12", 12), ("step 三", 3), ("4th step", 4), ("the second step", 2), ("stage 2", None)],
)
def test_reader_finds_the_first_step(text, number):
    """Before a number, behind one, or in words."""
    assert reader(WORDS).number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("the second", 2), ("the second one", 2), ("the second time", None), ("second to last", -2)],
)
def test_reader_counts_what_was_shown(text, number):
    """From the front or the end, where nothing follows that could be counted itself."""
    found = reader(WORDS).nth(text)
    assert (found[0] if found else None) == number


def test_reader_without_words_finds_nothing():
    """A rule set without ordinals reads any text."""
    assert reader(Ordinals("", ())).number("step 3, the third") is None


@pytest.mark.parametrize("text", [text for texts in NEVER.values() for text in texts])
def test_ordinal_is_no_step_of_the_cycle(book, text):
    """Weeks, parties, quarters, festivals, impressions: an ordinary number stays one."""
    got = decide(text, None, book)
    named = book.base.entry(got.entry) if got.entry else None
    assert book.ordinals.number(compact(text).text) is None
    assert got.intent != "stage"
    assert getattr(named, "number", None) is None


def test_ordinals_that_are_none_are_enough():
    """The table covers four languages, in earnest."""
    assert sum(map(len, NEVER.values())) >= 66
    assert len(STEPS) >= 20


@pytest.mark.parametrize(("text", "number"), STEPS)
def test_ordinal_beside_a_word_for_a_step_is_one(book, text, number):
    """And the cycle's step of that number is told."""
    got = decide(text, None, book)
    assert got.entry is not None
    assert book.base.entry(got.entry).number == number


@pytest.mark.parametrize(("text", "number"), COUNTED)
def test_ordinal_counts_what_was_shown(book, text, number):
    """The nth of a list, from either end; months and pairs count nothing."""
    found = book.ordinals.nth(compact(text).text)
    assert (found[0] if found else None) == number
