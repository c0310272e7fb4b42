"""A posting is judged by its duties: what it says it is, close calls, openings, titles, words."""

from __future__ import annotations

import pytest
from small_rules import shipped

from rules.postings.classify import classify
from rules.postings.model import Decision, Posting
from rules.postings.openings import openings, split

NAMED = [
    ("zh", "本店因业务发展，诚聘新媒体运营一名。", "new_media_operations", "named"),
    ("zh", "市场经理 2名", "marketing_planning", "named"),
    ("en", "We are looking for a community manager to join us.", "community_operations", "named"),
    ("ja", "カスタマーサポートを募集しています。", "customer_service", "named"),
    ("ko", "퍼포먼스 마케터를 모집합니다.", "performance_marketing", "named"),
    ("en", "Three years of experience as a brand manager.", "brand", "experience"),
    ("zh", "品牌经理工作经验三年。", "brand", "experience"),
]
OTHERS = [
    ("zh", "汇报给市场经理。", "marketing_planning"),
    ("en", "Reports to the marketing manager.", "marketing_planning"),
    ("zh", "负责招聘销售代表。", "sales"),
]
NO_WORDS = [
    ("Korean, over a space", "책임의 원칙 아래 일합니다.", "healthcare"),
    ("Korean, inside a word", "고객 중심의 서비스.", "legal"),
    ("Chinese, over a space", "社区运营 商务合作", "engineering"),
    ("Chinese, of another language", "维护客户管理系统。", "engineering"),
]
APPLICATION = [
    ("zh", "详细待遇面试时说明。", "hr"),
    ("ko", "채용 절차\n서류전형 > 1차 면접 > 최종 합격", "hr"),
    ("en", "How we hire\nPhone interview, then an interview with the team.", "hr"),
    ("ja", "選考の流れ\n書類選考、一次面接、内定", "hr"),
]
TEXT = "岗位名称：市场经理\n负责推广方案\n岗位名称：客服专员\n接听来电，处理投诉"


def fired(text, title="", lang=None):
    """The evidence of a posting."""
    return classify(Posting(text, title, lang), shipped()).evidence


@pytest.mark.parametrize(("lang", "text", "function", "signal"), NAMED)
def test_a_title_that_the_text_names_is_evidence(lang, text, function, signal):
    """What a posting says it is counts once, with its words."""
    found = [s for s in fired(text, lang=lang) if s.function == function and s.signal == signal]
    assert len(found) == 1
    assert text[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(("lang", "text", "function"), OTHERS)
def test_a_title_of_somebody_else_is_none(lang, text, function):
    """Who the work reports to, or who is to be hired, is not the posting."""
    assert not [s for s in fired(text, lang=lang) if s.function == function and s.signal == "named"]


@pytest.mark.parametrize(
    ("text", "function"), [row[1:] for row in NO_WORDS], ids=[row[0] for row in NO_WORDS]
)
def test_evidence_is_whole_words(text, function):
    """No piece of a longer word, and nothing joined over a space."""
    assert not [s for s in fired(text) if s.function == function]


@pytest.mark.parametrize(("lang", "text", "function"), APPLICATION)
def test_how_to_apply_counts_nothing(lang, text, function):
    """Interviews of the applicant are no work of HR, also among the duties."""
    whole = f"{text}"
    assert not [s for s in fired(whole, lang=lang) if s.function == function]


def test_close_neighbours_are_told_apart_by_their_words():
    """The pair, and the words that decided, are told."""
    text = "负责商家合作；维护合作伙伴。\n对接平台商家，完善商家入驻。"
    verdict = classify(Posting(text), shipped())
    assert verdict.told_apart is None or verdict.function == verdict.told_apart.first
    close = classify(Posting("策划活动，跟进活动执行落地。\n做用户运营，维护用户。"), shipped())
    if close.told_apart:
        assert [s for s in close.evidence if s.signal == "contest"]


def test_several_openings_are_found_with_their_titles():
    """Where each begins, and its text."""
    assert [one.title for one in openings(TEXT, shipped())] == ["市场经理", "客服专员"]
    assert [one.title for one in split(TEXT, shipped())] == ["市场经理", "客服专员"]
    assert split("岗位名称：市场经理\n负责推广方案", shipped()) == []


def test_several_openings_in_one_posting_are_never_sure():
    """They are told, and a person looks."""
    verdict = classify(Posting(TEXT), shipped())
    assert verdict.decision not in (Decision.AUTO, Decision.OUT_OF_SCOPE)
    assert "several_openings" in {odd.kind for odd in verdict.flags}


@pytest.mark.parametrize(
    ("title", "text", "function"),
    [
        ("招商经理", "引入商家，做商家培训，激活商家。", "merchant_operations"),
        ("招商经理", "开发区域代理商，管理经销商，做代理商培训。", "channel_sales"),
        ("データアナリスト", "KPIをSQLで集計し、ダッシュボードを更新。", "data_operations"),
        ("运营专员", "维护玩家社群，活跃社群氛围，管理群成员。", "community_operations"),
    ],
)
def test_titles_of_several_functions_let_the_duties_decide(title, text, function):
    """The same title, another function."""
    assert classify(Posting(text, title), shipped()).function == function


@pytest.mark.parametrize(
    ("title", "text", "told"),
    [
        ("市场专员", "拜访客户，开发新客户，完成销售指标，签订合同。", True),
        ("品牌经理", "接听客户来电，处理投诉，退换货处理，解答用户。", True),
        ("运营专员", "维护玩家社群，活跃社群氛围，管理群成员。", False),
        ("会计", "接听客户来电，处理投诉，解答用户。", False),
        ("市场经理", "百度竞价账户，调整关键词出价，信息流投放优化。", False),
    ],
)
def test_titles_that_contradict_the_duties_are_told(title, text, told):
    """Not bare words that name a whole department, and no title of another trade."""
    verdict = classify(Posting(text, title), shipped())
    assert ("title_mismatch" in {odd.kind for odd in verdict.flags}) is told


def test_sure_wants_the_duties_to_say_the_same():
    """A title alone never makes a verdict sure."""
    verdict = classify(Posting("做好本职工作。", "市场经理"), shipped())
    assert verdict.decision not in (Decision.AUTO, Decision.OUT_OF_SCOPE)


DENIED = [
    ("岗位职责：\n1、撰写新闻稿\n2、不是客服岗，不用接投诉电话", "customer_service"),
    ("This is not a cold calling role. You write press releases", "sales"),
    ("You won't answer customer tickets. You write press releases", "customer_service"),
    ("仕事内容：プレスリリースの作成。営業の仕事ではありません。", "sales"),
    ("담당업무: 보도자료 작성. 영업은 없습니다.", "sales"),
]


@pytest.mark.parametrize(("text", "function"), DENIED)
def test_what_the_work_is_not_counts_nothing(text, function):
    """The clause that denies a duty shows none; what stands beside it counts."""
    found = {signal.function for signal in fired(text)}
    assert function not in found
    assert "public_relations" in found


def test_no_quota_is_no_denial():
    """What a salesperson is spared of is said of sales."""
    assert "sales" in {
        s.function for s in fired("新規開拓と見積作成。ノルマなし、成約ごとに歩合あり")
    }
