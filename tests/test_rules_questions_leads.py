"""Where a question leads whose own words name no entry: refusals that help, entries by post."""

from __future__ import annotations

import pytest

from rules.questions.model import Band
from rules.questions.standalone import answer_standalone
from rules.questions.utterance import read

BASELINES, GOOD = "practice.metric_baselines", "concept.good_value"
OPERATIONS, MARKETING = "concept.post_needs_operations", "concept.post_needs_marketing"
SERVICE = "concept.post_needs_sales_service"

TOLD = [
    ("转化率多少算好", GOOD),
    ("公众号打开率多少算及格", GOOD),
    ("what's a good open rate", GOOD),
    ("what counts as a healthy bounce rate", GOOD),
    ("ROASは何%あればいい", GOOD),
    ("フォロワーのエンゲージメント率どれくらいあれば合格", GOOD),
    ("이탈률 몇 프로가 정상", GOOD),
    ("오픈율 어느 정도면 잘 나온 거예요", GOOD),
    ("how do I know if 1.5% conversion is good or bad", BASELINES),
    ("转化率2%算高还是低，怎么判断", BASELINES),
]


@pytest.mark.parametrize(("text", "entry"), TOLD)
def test_how_to_judge_a_figure_is_told_and_the_figure_named_as_missing(book, text, entry):
    got = answer_standalone(read(text, book), book)
    assert (got.band, got.entry, got.guess) == (Band.ANSWER, entry, False)
    assert got.missing == ("benchmark",)


OFFERED = [
    "点击率2%算低吗",
    "行业平均转化率",
    "is our churn of 5% bad",
    "industry average for email opens",
    "離脱率70%は高い？",
    "客単価の業界平均",
    "반품률 10% 높은 편인가요",
    "CTR 업계 평균",
]


@pytest.mark.parametrize("text", OFFERED)
def test_a_refused_verdict_leads_to_how_one_finds_out(book, text):
    got = answer_standalone(read(text, book), book)
    assert (got.band, got.entry, got.limit) == (Band.DECLINE, None, "benchmark")
    assert [one.entry for one in got.others] == [BASELINES]


@pytest.mark.parametrize(
    "text", ["用户运营一个月工资多少", "what is the salary of a brand manager"]
)
def test_a_refusal_that_leads_nowhere_offers_nothing(book, text):
    got = answer_standalone(read(text, book), book)
    assert (got.band, got.limit, got.others) == (Band.DECLINE, "salary", ())


POSTS = [
    ("做用户运营要会哪些技能", OPERATIONS),
    ("面试活动运营时看什么能力", OPERATIONS),
    ("公关要什么素质", MARKETING),
    ("产品运营需要会写sql吗", OPERATIONS),
    ("what skills does a content operator need", OPERATIONS),
    ("what should i look for when hiring a PR person", MARKETING),
    ("do i need to know sql for data operations", OPERATIONS),
    ("広報に求められる能力", MARKETING),
    ("面接で広報担当を見るポイント", MARKETING),
    ("콘텐츠 운영자한테 필요한 스킬", OPERATIONS),
    ("면접에서 퍼포먼스 마케터 뭘 물어보면 좋나", MARKETING),
    ("영업 직원 채용 기준", SERVICE),
]


@pytest.mark.parametrize(("text", "entry"), POSTS)
def test_what_a_post_needs_is_told_by_the_entry_about_that_post(book, text, entry):
    got = answer_standalone(read(text, book), book)
    assert (got.band, got.entry, got.limit) == (Band.ANSWER, entry, None)


@pytest.mark.parametrize(
    "text",
    [
        "明天面试新媒体运营，怎么自我介绍",
        "why should we hire you, how do i answer",
        "志望動機の書き方",
    ],
)
def test_how_to_pass_an_interview_stays_refused(book, text):
    assert answer_standalone(read(text, book), book).band is Band.DECLINE


FIELDS = [
    ("转化率的数据从哪来", "metric.conversion_rate", "comes_from"),
    ("GMV的数去哪里取", "metric.gmv", "comes_from"),
    ("転換率のデータはどこから取る", "metric.conversion_rate", "comes_from"),
    ("전환율 수치는 어디서 가져와요", "metric.conversion_rate", "comes_from"),
    ("留存率按多长时间统计", "metric.retention_rate", "period"),
    ("over what period is repurchase rate counted", "metric.repurchase_rate", "period"),
    ("how often is NPS measured", "metric.nps", "period"),
    ("CPAはどれくらいの頻度で見る", "metric.cpa", "period"),
    ("客单价不能用来考核什么", "metric.average_order_value", "not_for"),
    ("what must ROI not be used for", "metric.roi", "not_for"),
    ("ROASを使ってはいけない場面", "metric.roas", "not_for"),
    ("팔로워 수는 뭐에 쓰면 안 되나요", "metric.follower_count", "not_for"),
]


@pytest.mark.parametrize(("text", "entry", "section"), FIELDS)
def test_a_column_of_a_kpi_row_is_told_where_it_is_asked_for(book, text, entry, section):
    got = answer_standalone(read(text, book), book)
    assert (got.band, got.entry, got.section) == (Band.ANSWER, entry, section)


REFUSED = ["养猪的饲料转化率多少算合格", "law for Lucky draw", "これって普通なんですか…？"]


@pytest.mark.parametrize("text", REFUSED)
def test_another_trades_figure_and_a_message_without_a_thing_lead_nowhere(book, text):
    got = answer_standalone(read(text, book), book)
    assert (got.band, got.others) == (Band.DECLINE, ())
