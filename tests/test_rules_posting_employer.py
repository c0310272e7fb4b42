"""An employer's name is no evidence; several jobs in one sentence are several openings."""

import pytest
from small_rules import shipped

from rules.postings.classify import classify
from rules.postings.model import Decision, Posting

NAMED = [
    ("zh", "上海蓝鲸营销咨询有限公司现招聘司机。\n岗位职责：\n驾驶货车配送货物", "driver"),
    (
        "zh-short",
        "上海蓝鲸品牌营销有限公司简介：\n蓝鲸品牌营销欢迎你\n岗位职责：\n驾驶货车",
        "driver",
    ),
    ("zh-label", "公司名称：天天直播电商\n岗位职责：\n入离职手续、社保公积金、招聘面试", "hr"),
    ("ja", "株式会社青空マーケティングの配送スタッフ募集。\n仕事内容：ルート配送", "driver"),
    ("ko", "주식회사 푸른마케팅에서 모집합니다.\n담당업무: 전표 처리, 결산, 세무 신고", "finance"),
    ("en", "Blue Whale Marketing Ltd needs you. Duties: bookkeeping, month-end close", "finance"),
]
OFFERED = [
    ("numbers", "招聘以下人员：一、客服专员1名，二、设计师1名，三、招商经理2名", 3),
    ("list", "诚聘：销售代表、行政文员、司机\n待遇从优", 3),
    ("english", "Hiring: cashier, sales representative and driver\nCall us", 3),
    ("japanese", "募集職種：営業、経理、ドライバー\n未経験歓迎", 3),
    (
        "within a sentence",
        "公司做校园配送，现招募城市经理，配送队员（有电动车），副总监，主要负责校园业务。",
        3,
    ),
    ("an aside between", "本店诚招美容师、店长(底薪6000，要有经验)、前台文员，提成高", 3),
    ("after a label", "一、招聘岗位 ：造价核算人员，材料检查员，施工安全员\n二、待遇优厚", 3),
    (
        "circled",
        "急募\n①営業事務：受発注の入力\n②倉庫内作業：検品と梱包\n③Webデザイナー：バナー制作",
        3,
    ),
    (
        "numbered",
        "Three roles open\n1) Accountant - closes the books\n2) Warehouse Assistant - packs"
        "\n3) Sales Executive - prospect",
        3,
    ),
    ("traditional", "誠徵\n一、會計：傳票與報稅\n二、司機：送貨\n三、行政助理：接電話", 3),
    ("korean", "모집 분야\n1. 영업지원: 견적과 발주\n2. 생산직: 조립과 포장", 2),
    ("numbered duties", "诚聘运营\n1、用户运营：分层与召回\n2、拉新：设计裂变\n3、复盘：出周报", 0),
    (
        "numbered jobs without a word of hiring",
        "1. Marketing manager\nPlan campaigns and budgets, launch products.\n"
        "2. Sales executive\nCall prospects and close deals.",
        2,
    ),
    (
        "numbered jobs in one line",
        "1. Senior marketing manager: plans campaigns. 2. Sales representative: closes deals.",
        2,
    ),
    (
        "numbered jobs, one of them unknown",
        "1) Marketing manager - plans\n2) Growth wizard - grows\n3) Sales manager - sells",
        2,
    ),
    ("numbered fields of work", "1. Marketing: plan campaigns\n2. Sales: support them", 0),
    ("numbered duties with titles", "1. Report to the sales manager\n2. Support recruiters", 0),
    ("numbered colleagues", "You will work with:\n1. Product manager\n2. Sales manager", 0),
    ("numbered management", "1. Sales manager support\n2. Product manager training", 0),
    ("a recruiter's list", "工作内容：\n1、招募主播、达人，签约入驻\n2、负责招聘客服、销售", 0),
    ("a rank in a list", "岗位职责：\n1、向总监、经理汇报\n2、撰写推文", 0),
    ("one job twice", "招聘大数据工程师\n岗位：大数据工程师 （1名）\n职责：开发", 0),
    ("a recruiter's duty", "岗位职责：\n1. 负责招聘销售、客服等岗位人员\n2. 办理入职手续", 0),
    ("a team", "岗位职责：\n1. 带领销售团队5人，完成销售目标\n2. 拜访客户", 0),
]


@pytest.mark.parametrize(("text", "family"), [row[1:] for row in NAMED], ids=[r[0] for r in NAMED])
def test_employer_name_says_nothing_about_the_work(text, family):
    """No word of the name, nor of its short form elsewhere, is among the evidence."""
    verdict = classify(Posting(text), shipped())
    assert verdict.family == family
    assert not set(verdict.scores) & set(shipped().functions) - {"customer_service"}


@pytest.mark.parametrize(("text", "count"), [r[1:] for r in OFFERED], ids=[r[0] for r in OFFERED])
def test_several_jobs_offered_in_one_sentence_are_several_openings(text, count):
    """They are named, and the verdict is never sure; people who are recruited or led are none."""
    verdict = classify(Posting(text), shipped())
    flags = [flag for flag in verdict.flags if flag.kind == "several_openings"]
    assert sum(len(flag.values) for flag in flags) == count
    if count:
        assert verdict.decision not in (Decision.AUTO, Decision.OUT_OF_SCOPE)
