"""Each question gets its band, entry and section; what is not ours is declined, not guessed."""

from __future__ import annotations

import pytest

from knowledge.engine.model import LANGUAGES
from rules.examples import decide
from rules.questions.answer import answer
from rules.questions.model import Band
from rules.questions.state import Conversation
from rules.questions.utterance import read

ANSWERED = [
    ("内容运营主要负责些什么", "role.content_operations", "responsibilities"),
    ("公关要盯哪些指标", "role.public_relations", "metrics"),
    ("新媒体运营交付什么成果", "role.new_media_operations", "deliverables"),
    ("品牌岗在招聘时叫什么岗位", "role.brand", "titles"),
    ("什么是私域流量呀", "concept.private_domain", "summary"),
    ("转化率怎么计算", "metric.conversion_rate", "formula"),
    ("私欲流量是什么", "concept.private_domain", "summary"),
    ("siyuliuliang是什么意思", "concept.private_domain", "summary"),
    ("neirongyunying做什么", "role.content_operations", "responsibilities"),
    ("社群運營的職責", "role.community_operations", "responsibilities"),
    ("ＫＯＬ是什么", "concept.kol", "summary"),
    ("conversoin rate formula", "metric.conversion_rate", "formula"),
    ("What does a brand team do?", "role.brand", "responsibilities"),
    ("content operations KPIs", "role.content_operations", "metrics"),
    ("what is private domain traffic", "concept.private_domain", "summary"),
    ("コンテンツ運営の仕事は", "role.content_operations", "responsibilities"),
    ("広報の指標は", "role.public_relations", "metrics"),
    ("브랜드팀은 무슨 일을 하나요", "role.brand", "responsibilities"),
]
COMPARED = [
    ("品牌部跟公关部的异同", "comparison.brand_public_relations", "rows"),
    ("产品经理和产品运营区别", "comparison.product_operations_product_management", "rows"),
    ("difference between marketing and sales", "comparison.marketing_sales", "rows"),
    ("KOL和KOC有什么不一样", "comparison.kol_koc", "rows"),
    ("市场部和销售部有什么共同点", "comparison.marketing_sales", "in_common"),
    (
        "用户运营和产品运营差别在哪",
        "comparison.content_user_event_product_operations",
        "rows",
    ),
    (
        "品牌部和市场部是什么关系",
        "comparison.brand_marketing_operations",
        "how_they_work_together",
    ),
]
COMPOSED = [
    ("请问社群运营和数据运营有什么不同", ("role.community_operations", "role.data_operations")),
    ("UGC和PGC有什么不一样", ("concept.ugc", "concept.pgc")),
    ("ROI和ROAS有什么区别", ("metric.roi", "metric.roas")),
    ("SEO、SEM和ASO的区别", ("concept.seo", "concept.sem", "concept.aso")),
    (
        "投放和内容运营、社群运营的区别",
        ("role.performance_marketing", "role.content_operations", "role.community_operations"),
    ),
]
STEPS = [
    ("第三步是什么", None, "stage.channels"),
    ("step 2", None, "stage.information_seeding"),
    ("整个循环是怎样的", None, "stage.overview"),
    ("品牌九步第五步是什么", None, "stage.product_upgrade"),
    ("what is the first step of the brand cycle", None, "stage.story"),
    ("品牌升级是哪一步", None, "stage.brand_upgrade"),
    ("下一步", "stage.story", "stage.information_seeding"),
    ("what comes next", "stage.information_seeding", "stage.channels"),
    ("上一步", "stage.channels", "stage.information_seeding"),
    ("上一步", "stage.story", "stage.story"),
    ("下一步", "stage.brand_upgrade", "stage.plus_one"),
]
OWNED = [
    ("Who writes the press release?", "role.public_relations"),
    ("谁负责写新闻稿", "role.public_relations"),
    ("谁负责选题和排版", "role.content_operations"),
]
LIMITED = [
    ("内容运营一个月工资多少", "salary"),
    ("salary of a brand manager", "salary"),
    ("怎么转行做市场", "career"),
    ("运营岗面试会问什么", "interview"),
    ("今天天气怎么样", "small_talk"),
    ("帮我写一条朋友圈文案", "copywriting"),
]
DECLINED = [
    "中国移动是什么运营商",
    "樱兰高校男公关部讲的什么",
    "杭州地铁运营时间",
    "asdfghjkl qwerty",
    "。。。",
]
FOLLOW_UPS = [
    ("那品牌部呢", "role.content_operations", "duties", "role.brand", "responsibilities"),
    ("那用户运营呢", "role.public_relations", "deliverables", "role.user_operations", None),
    ("what about brand?", "role.public_relations", "metrics", "role.brand", "metrics"),
    ("那复购率呢", "metric.conversion_rate", "formula", "metric.repurchase_rate", "formula"),
    ("它看哪些指标", "role.brand", "duties", "role.brand", "metrics"),
    ("有哪些职位名称", "role.public_relations", "metrics", "role.public_relations", "titles"),
    ("how is it calculated", "metric.ctr", "define", "metric.ctr", "formula"),
    ("它和公关部的区别", "role.brand", "duties", "comparison.brand_public_relations", "rows"),
    ("它和KOC的区别", "concept.kol", "define", "comparison.kol_koc", "rows"),
]
TALK = [
    ("你好", "greeting"),
    ("谢谢", "thanks"),
    ("thank you very much", "thanks"),
    ("帮助", "help"),
    ("换成英文", "language"),
    ("依据是什么", "source"),
    ("为什么这样回答", "why"),
    ("why this answer", "why"),
    ("更多", "more"),
]


def about(entry, intent):
    """A conversation in which *entry* was told last."""
    told = (entry,) if entry else ()
    return Conversation(tuple((id_, 1.0) for id_ in told), told, intent=intent)


def first(rows):
    """The questions themselves, as ids."""
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("question", "entry", "section"), ANSWERED + COMPARED, ids=first(ANSWERED + COMPARED)
)
def test_answer_is_the_section_asked_for(book, question, entry, section):
    """A covered question is answered by its entry, in the section that answers it."""
    got = decide(question, None, book)
    assert (got.band, got.entry, got.section) == (Band.ANSWER, entry, section)
    assert got.evidence


@pytest.mark.parametrize("language", LANGUAGES)
def test_answer_to_a_title_is_its_entry(book, language):
    """The title of an entry and nothing else gets it, and not as a guess."""
    entries = [id_ for id_ in book.base.languages if not id_.startswith("organization.")]
    answers = {id_: decide(book.base.title(id_, language), language, book) for id_ in entries}
    assert {id_: a.entry for id_, a in answers.items()} == {id_: id_ for id_ in entries}
    assert [id_ for id_, a in answers.items() if a.guess] == []


@pytest.mark.parametrize(("question", "things"), COMPOSED, ids=first(COMPOSED))
def test_answer_compares_what_nobody_has_compared(book, question, things):
    """Without a written comparison the things named stand side by side, in the order asked."""
    got = decide(question, None, book)
    assert (got.band, got.section, got.compared) == (Band.ANSWER, "compare", things)


@pytest.mark.parametrize(("question", "at", "stage"), STEPS, ids=[f"{q} @{a}" for q, a, _ in STEPS])
def test_answer_walks_the_cycle(book, question, at, stage):
    """The nth, next and previous step; before the first and after the last it stays inside."""
    got = answer(read(question, book), book, about(at, "stage"))
    assert (got.band, got.entry) == (Band.ANSWER, stage)


@pytest.mark.parametrize(("question", "role"), OWNED, ids=first(OWNED))
def test_answer_names_who_owns_a_task(book, question, role):
    """A task leads to the role whose work it is."""
    got = decide(question, None, book)
    assert (got.band, got.intent, got.entry) == (Band.ANSWER, "owner", role)
    assert got.section == "responsibilities"


@pytest.mark.parametrize(("question", "limit"), LIMITED, ids=first(LIMITED))
def test_answer_says_what_is_openly_not_covered(book, question, limit):
    """What is not held is declined by name; an entry that is merely named is not offered for it."""
    got = decide(question, None, book)
    assert (got.band, got.entry, got.limit) == (Band.DECLINE, None, limit)
    assert (got.missing, got.others, got.also) == ((limit,), (), ())


@pytest.mark.parametrize("question", DECLINED)
def test_answer_declines_what_nothing_backs(book, question):
    """Other subjects, false friends and noise get no answer and no guess."""
    got = decide(question, None, book)
    assert (got.band, got.entry) == (Band.DECLINE, None)


@pytest.mark.parametrize(
    ("question", "last", "intent", "entry", "section"), FOLLOW_UPS, ids=first(FOLLOW_UPS)
)
def test_answer_leans_on_the_chat(book, question, last, intent, entry, section):
    """A follow-up takes the missing half, the entry or the intent, from what was said before."""
    got = answer(read(question, book), book, about(last, intent))
    assert (got.band, got.entry) == (Band.ANSWER, entry)
    assert section in (None, got.section)


@pytest.mark.parametrize(("question", "intent"), TALK, ids=first(TALK))
def test_answer_recognises_talk_about_the_conversation(book, question, intent):
    """Such a message is about no entry at all."""
    got = decide(question, None, book)
    assert (got.intent, got.entry) == (intent, None)


def test_answer_ignores_the_chat_when_something_else_is_named(book):
    """A full question means the same whatever was said before."""
    alone = decide("公关要盯哪些指标", None, book)
    before = about("role.brand", "duties")
    assert answer(read("公关要盯哪些指标", book), book, before).entry == alone.entry


def test_answer_ranks_its_runners_up(book):
    """Runners-up come best first, and the entry itself is not among them."""
    got = decide("内容运营主要负责些什么", None, book)
    scores = [candidate.score for candidate in got.others]
    assert scores == sorted(scores, reverse=True)
    assert got.entry not in [candidate.entry for candidate in got.others]
    assert all(score <= got.score for score in scores)
