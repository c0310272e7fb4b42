"""Questions of yes or no and of which one: a short answer from what the entries hold."""

from __future__ import annotations

import pytest

from bot.assistant import reply
from bot.model import Chat, Message
from bot.render.text import as_text
from rules.questions.standalone import answer_standalone
from rules.questions.utterance import read

PR, SALES, SERVICE = "role.public_relations", "role.sales", "role.customer_service"
MARKETING, OPERATIONS = "department.marketing", "department.operations"
SELLING = "department.sales"

BELONGS = [
    ("公关属于市场部吗", "yes", PR, MARKETING, ()),
    ("is PR part of marketing", "yes", PR, MARKETING, ()),
    ("広報はマーケティング部に入る？", "yes", PR, MARKETING, ()),
    ("홍보는 마케팅팀 소속인가요", "yes", PR, MARKETING, ()),
    ("公关属于运营部吗", "no", PR, MARKETING, (OPERATIONS,)),
    ("客服归市场部还是销售部", "neither", SERVICE, OPERATIONS, (MARKETING, SELLING)),
    ("does customer service belong to operations or sales", "this", SERVICE, OPERATIONS,
     (SELLING,)),
    ("고객센터는 운영인가 영업인가", "this", SERVICE, OPERATIONS, (SELLING,)),
    ("运营算不算市场部", "apart", OPERATIONS, OPERATIONS, (MARKETING,)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "thing", "unit", "others"), BELONGS)
def test_whether_it_belongs_there_is_said_first(book, text, kind, thing, unit, others):
    got = answer_standalone(read(text, book), book).verdict
    assert got is not None
    assert (got.kind, got.thing, got.unit, got.others) == (kind, thing, unit, others)


OWNERS = [
    ("新闻稿该销售写还是公关写", PR, (SALES,)),
    ("should sales write the press release or PR?", PR, (SALES,)),
    ("プレスリリースは広報と営業どっちが書く", PR, (SALES,)),
    ("보도자료는 영업이 써요 홍보가 써요?", PR, (SALES,)),
    ("售后投诉该客服处理还是销售处理", SERVICE, (SALES,)),
]


@pytest.mark.parametrize(("text", "owner", "others"), OWNERS)
def test_which_of_two_does_a_task(book, text, owner, others):
    got = answer_standalone(read(text, book), book)
    assert (got.entry, got.section) == (owner, "responsibilities")
    assert got.verdict and (got.verdict.kind, got.verdict.others) == ("this", others)


SAME = [
    ("SEO是不是广告", "unsaid"),
    ("is SEO advertising", "unsaid"),
    ("SEOは広告?", "unsaid"),
    ("SEO는 광고인가요", "unsaid"),
    ("運営とマーケって同じ？", "written"),
    ("운영이랑 마케팅 같은 건가요", "written"),
]


@pytest.mark.parametrize(("text", "kind"), SAME)
def test_whether_two_are_the_same_is_judged_or_said_to_be_unsaid(book, text, kind):
    got = answer_standalone(read(text, book), book).verdict
    assert got is not None and got.kind == kind


@pytest.mark.parametrize(
    "text", ["品牌和公关的区别", "brand vs marketing", "広報の仕事", "SEO SEM", "谁写新闻稿"]
)
def test_where_no_short_answer_is_asked_for_there_is_none(book, text):
    assert answer_standalone(read(text, book), book).verdict is None


FIRST = [
    ("公关属于运营部吗", "zh", "不是：公关归市场部，不归运营部。"),
    ("is PR part of marketing", "en",
     "Yes: Public relations belongs to the Marketing department."),
    ("プレスリリースは広報と営業どっちが書く", "ja", "広報"),
    ("홍보는 마케팅팀 소속인가요", "ko", "예."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language", "line"), FIRST)
def test_the_reply_begins_with_it(book, text, language, line):
    told = as_text(reply(Message(text, language), Chat(), book, None).reply)
    assert " ".join(told.splitlines()[:2]).startswith(line)
