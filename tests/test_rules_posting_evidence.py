"""Every signal of a posting: literally in the text, weighed by where it stands."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import shipped, write

from rules.postings.evidence import LIFTED, MAX_REPEATS, gather
from rules.postings.model import Posting
from rules.postings.normalized import normalize_text
from rules.postings.posting_rules import compile_rules, read_rule_files

PIECES = [
    *"。；\n1、:【】 　aｂÉ😀的",
    "岗位职责：",
    "任职要求：",
    "福利待遇：",
    "撰写新闻稿",
    "新聞稿",
    "新 闻 稿",
    "媒体关系",
    "内容审核",
    "销售",
    "运营商",
    "press releases",
    "ＰＲＥＳＳ　ＲＥＬＥＡＳＥ",
    "cold calls",
    "<p>media</p>",
    "<b>press</b> release",
    "&nbsp;",
    "プレスリリース",
    "ﾌﾟﾚｽﾘﾘｰｽ",
    "보도자료 작성",
    unicodedata.normalize("NFD", "보도자료 작성"),
    "e\u0301",
    "\ud83d",
    "\udfff",
    "女性优先",
    "领导交办的其他工作",
]
ANY = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
TITLES = st.lists(st.sampled_from(PIECES), max_size=3).map("".join)


@pytest.fixture(scope="session")
def pack():
    """The shipped posting rules."""
    return shipped()


def score(text, pack, function="public_relations", title=""):
    """What a posting scores for a function."""
    return gather(Posting(text, title), pack).scores.get(function, 0.0)


@settings(deadline=None, max_examples=200)
@given(description=ANY | st.text(st.characters(codec=None), max_size=40), title=TITLES)
def test_evidence_is_literally_in_the_text(pack, description, title):
    """Each signal's words are what stands at its span, whole, whatever script or markup."""
    for signal in gather(Posting(description, title), pack).signals:
        text = title if signal.where == "title" else description
        assert 0 <= signal.start < signal.end <= len(text)
        assert text[signal.start : signal.end] == signal.text
        assert signal.weight > 0


@settings(deadline=None, max_examples=200)
@given(description=ANY, title=TITLES)
def test_evidence_adds_up_to_the_scores(pack, description, title):
    """Nothing is scored that is not shown, and nothing is shown that is not scored."""
    found = gather(Posting(description, title), pack)
    sums: defaultdict[str, float] = defaultdict(float)
    for signal in found.signals:
        sums[signal.function] += signal.weight
    assert dict(found.scores) == pytest.approx(sums, abs=0.0006 * len(found.signals) + 0.001)


@settings(deadline=None)
@given(description=ANY)
def test_evidence_never_overlaps_across_phrases(pack, description):
    """A place in the text is evidence once, for all that its phrase stands for."""
    spans = sorted({(s.start, s.end) for s in gather(Posting(description), pack).signals})
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("撰寫新聞稿", id="traditional"),
        pytest.param("撰写 新闻稿", id="spaced"),
        pytest.param("撰写\u200b新闻稿", id="zero-width"),
        pytest.param("<li>撰写<b>新闻稿</b></li>", id="tags"),
    ],
)
def test_evidence_has_every_spelling(pack, text):
    """However it is spelled, a phrase is the same signal of the same weight."""
    assert score(text, pack) == score("撰写新闻稿", pack) > 0


@pytest.mark.parametrize(
    "text",
    [
        "보도자료 작성 및 기자간담회",
        "Draft press releases and répondre to media inquiries",
        "プレスリリースの作成と取材対応",
    ],
    ids=["ko", "en", "ja"],
)
def test_evidence_is_the_same_decomposed(pack, text):
    """A text in NFD, as some systems export it, gives the evidence of the one in NFC."""
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    whole, parts = gather(Posting(text), pack), gather(Posting(apart), pack)
    assert parts.scores == whole.scores
    words = [unicodedata.normalize("NFC", signal.text) for signal in parts.signals]
    assert words == [signal.text for signal in whole.signals]


@pytest.mark.parametrize(
    ("heading", "where", "share"),
    [
        ("岗位职责", "duties", 1.0),
        ("任职要求", "requirements", 0.4),
        ("公司介绍", "other", 0.3),
        ("福利待遇", None, 0.0),
    ],
)
def test_evidence_weighs_by_its_part(pack, heading, where, share):
    """Duties count in full, requirements and the company less, benefits not at all."""
    found = gather(Posting(f"{heading}：\n撰写新闻稿"), pack)
    assert found.scores.get("public_relations", 0.0) == pytest.approx(
        share * score("撰写新闻稿", pack)
    )
    assert {signal.where for signal in found.signals} == ({where} if where else set())


def test_evidence_of_a_repeated_phrase_fades(pack):
    """The second time counts half, and after four times the phrase tells nothing new."""
    once = score("媒体关系", pack)
    assert score("媒体关系。媒体关系", pack) == pytest.approx(1.5 * once)
    full = score("媒体关系。" * MAX_REPEATS, pack)
    assert score("媒体关系。" * 50, pack) == full < 2 * once


def test_evidence_is_hidden_by_a_longer_word(pack):
    """A telecoms carrier is not operations, and what blocks is no evidence itself."""
    for word in ("运营商", "运维", "地铁运营", "污水处理运营", "市场监管", "客户端"):
        assert "运营" not in [s.text for s in gather(Posting(word), pack).signals]
        assert score(word, pack, "operations_management") == 0.0
    assert score("运营商", pack, "operations_management", title="运营商") == 0.0


def test_evidence_of_a_title_names_its_place(pack):
    """A posted job title counts as such; its span is in the title."""
    (signal,) = gather(Posting("", "高级公关经理（北京）"), pack).signals
    assert (signal.where, signal.signal, signal.function) == ("title", "title", "public_relations")
    assert (signal.text, signal.start, signal.end) == ("公关经理", 2, 6)


def test_evidence_of_a_contradicted_title_shrinks(pack):
    """A title that the duties flatly contradict keeps only part of its weight."""
    duties = "1、拨打电话开发新客户；2、上门拜访，报价签单；3、跟进回款，完成销售任务，维护老客户"
    told = [
        next(
            s.weight for s in gather(Posting(text, "公关经理"), pack).signals if s.where == "title"
        )
        for text in ("", duties)
    ]
    assert told[1] == pytest.approx(told[0] * pack.verdict.contradicted / 100)


def test_evidence_is_lifted_by_context(tmp_path):
    """A word of a function's context strengthens that function's signals only."""
    small = compile_rules(read_rule_files(write(tmp_path / "rules")))
    plain, lifted = (
        gather(Posting(text), small).scores for text in ("照料狮子，海豚", "狮子园。照料狮子，海豚")
    )
    assert lifted == plain | {"keeping": plain["keeping"] * LIFTED}


def test_evidence_of_nothing_is_nothing(pack):
    """An empty posting has no signals, no scores and no parts beyond the first."""
    found = gather(Posting(""), pack)
    assert (found.signals, found.scores, found.flags) == ([], {}, [])
    assert found.body == normalize_text("")
