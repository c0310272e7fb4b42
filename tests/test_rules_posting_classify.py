"""The verdict: the function, the decision, the shares, and the same answer every time."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import shipped, write

from rules.postings.classify import MAX_CHARS, MAX_TITLE, classify
from rules.postings.model import OUT_OF_SCOPE, Decision, Posting
from rules.postings.posting_rules import compile_rules, read_rule_files
from rules.postings.shapes import Duty, Signals

OURS = [
    (
        "public_relations",
        "1、撰写新闻稿并发稿；2、维护媒体关系，安排媒体采访；3、舆情监测，处理负面信息，危机公关。",
    ),
    (
        "new_media_operations",
        "负责抖音号、视频号、公众号的日常更新；撰写推文，图文排版；回复评论和私信，粉丝互动，涨粉。",
    ),
    (
        "sales",
        "- Make cold calls and run product demos\n- Negotiate and close deals against quota\n"
        "- Keep the sales pipeline and forecast in Salesforce",
    ),
    (
        "public_relations",
        "・プレスリリースの作成と配信\n・メディアリレーション、取材対応\n・記者会見の準備、危機管理広報",
    ),
    (
        "customer_service",
        "- 전화와 채팅으로 고객 문의 응대\n- 교환, 반품, 환불 접수\n- 고객 불만 처리, VOC",
    ),
]
OTHERS = [
    ("engineering", "负责后端开发，使用Java编写接口，MySQL数据库优化，代码评审，微服务架构设计"),
    ("legal", "Draft and review commercial contracts, manage litigation, give legal advice, NDAs"),
    ("finance", "・仕訳入力、月次決算、年次決算\n・請求書の支払い処理、売掛金の管理\n・税務申告"),
    ("hr", "- 채용 공고 작성 및 면접 진행\n- 급여 정산, 4대보험 관리\n- 인사평가, 근태 관리"),
]
ODD_TEXTS = st.lists(
    st.sampled_from(
        [
            *[
                "。",
                "；",
                "\n",
                "、",
                "：",
                "【",
                "】",
                " ",
                "ａ",
                "新闻稿",
                "销售",
                "代码",
                "運営",
            ],
            *["press release", "보도자료", "岗位职责：", "<br>", "&amp;", "\ud800", "e\u0301"],
            unicodedata.normalize("NFD", "영업"),
        ]
    ),
    max_size=20,
).map("".join)


def small(folder):
    """The pack of the small rules."""
    return compile_rules(read_rule_files(write(folder / "rules")))


@pytest.fixture(scope="session")
def pack():
    """The shipped posting rules."""
    return shipped()


@pytest.mark.parametrize(
    ("function", "text"), OURS, ids=["zh-pr", "zh-media", "en-sales", "ja-pr", "ko-service"]
)
def test_classify_is_sure_of_clear_duties(pack, function, text):
    """Duties of one function in any language are decided without a person."""
    verdict = classify(Posting(text), pack)
    assert (verdict.function, verdict.family, verdict.decision) == (function, None, Decision.AUTO)
    assert verdict.question == ()


@pytest.mark.parametrize(("family", "text"), OTHERS, ids=[row[0] for row in OTHERS])
def test_classify_leaves_other_trades_out(pack, family, text):
    """Another trade is never forced into ours; it is out of scope and named."""
    verdict = classify(Posting(text), pack)
    assert (verdict.function, verdict.family) == (OUT_OF_SCOPE, family)
    assert verdict.decision is Decision.OUT_OF_SCOPE
    assert next(iter(verdict.shares)) == OUT_OF_SCOPE


def test_classify_reviews_a_close_call(pack):
    """Two functions that nobody confuses, about as strong: a person looks at both."""
    text = "1、撰写新闻稿，维护媒体关系，舆情监测；2、拨打电话开发新客户，报价签单，跟进回款"
    verdict = classify(Posting(text), pack)
    assert verdict.decision is Decision.REVIEW
    assert {verdict.function, verdict.runner_up.function} == {"public_relations", "sales"}
    assert verdict.question == ()


def test_classify_asks_between_known_neighbours(tmp_path):
    """Two neighbours at the same height: one question with the two to pick from."""
    pack = small(tmp_path)
    verdict = classify(Posting("照料狮子，买卖狮子，照料海豚，买卖海豚"), pack)
    assert verdict.decision is Decision.ASK
    assert verdict.question == ("dancing", "keeping")
    assert verdict.runner_up.behind == 0.0


@pytest.mark.parametrize(
    "text", ["", " \n\t", "abc", "。。。", "运营商", "\ud800\udfff", "\x00", "<p></p>"]
)
def test_classify_has_a_verdict_on_nothing(pack, text):
    """An empty posting and three characters have a verdict that claims nothing."""
    verdict = classify(Posting(text), pack)
    assert (verdict.function, verdict.family, verdict.decision) == (
        OUT_OF_SCOPE,
        None,
        Decision.ASK,
    )
    assert (verdict.shares, verdict.scores, verdict.evidence) == ({}, {}, ())
    assert verdict.runner_up is None
    assert [odd.kind for odd in verdict.flags] == ["no_duties"]


def test_classify_asks_for_more_where_there_is_little(pack):
    """One weak word is a guess, not a decision; the guess is offered."""
    verdict = classify(Posting("文案"), pack)
    assert verdict.decision is Decision.ASK
    assert verdict.function in verdict.question


@settings(deadline=None, max_examples=150)
@given(description=ODD_TEXTS | st.text(st.characters(codec=None), max_size=30), title=ODD_TEXTS)
def test_classify_shares_and_scores_agree(pack, description, title):
    """Shares sum to 100 with the function first; scores fall; the runner-up is another class."""
    verdict = classify(Posting(description, title), pack)
    if verdict.scores:
        assert sum(verdict.shares.values()) == pytest.approx(
            100, abs=0.05 * len(verdict.shares) + 0.001
        )
        assert next(iter(verdict.shares)) == verdict.function
        assert next(iter(verdict.scores)) == (verdict.family or verdict.function)
    assert list(verdict.shares.values()) == sorted(verdict.shares.values(), reverse=True)
    assert list(verdict.scores.values()) == sorted(verdict.scores.values(), reverse=True)
    if verdict.runner_up:
        own = OUT_OF_SCOPE if verdict.runner_up.function in pack.families else None
        assert verdict.function not in (verdict.runner_up.function, own)
        assert verdict.runner_up.behind >= 0


@settings(deadline=None, max_examples=60)
@given(description=ODD_TEXTS, title=ODD_TEXTS)
def test_classify_is_the_same_every_time(pack, description, title):
    """The same input has the same verdict, stamp included."""
    posting = Posting(description, title)
    assert classify(posting, pack) == classify(posting, pack)


def test_classify_stamp_tells_inputs_apart(pack):
    """A verdict can be had again: by the version of the rules and a hash of what was given."""
    one, other = (classify(Posting(text), pack).stamp for text in ("新闻稿", "新闻稿。"))
    assert one.version == other.version == pack.version
    assert one.input != other.input


def test_classify_a_posting_of_everything_has_shares(tmp_path):
    """Where many functions are found and none stands out, all have their share."""
    rules = read_rule_files(write(tmp_path / "rules"))
    (one, *_), names = rules.functions, "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
    rules.functions = [
        dataclasses.replace(
            one,
            function=f"trade_{i:02}",
            duties=(Duty("care", one.name, (Signals(weight=3, zh=(f"{name}事",)),)),),
        )
        for i, name in enumerate(names)
    ]
    verdict = classify(Posting("事。".join(names) + "事"), compile_rules(rules))
    assert set(verdict.shares) == {rule.function for rule in rules.functions}
    assert verdict.function == next(iter(verdict.shares)) == "trade_00"


def test_classify_reads_so_much_and_says_so(pack):
    """Of a very long posting the beginning is read; the verdict says that it was cut."""
    start = OURS[0][1]
    long = start + "。" * MAX_CHARS + "写代码，后端开发，Java" * 50
    verdict = classify(Posting(long), pack)
    assert verdict.function == "public_relations"
    assert max(signal.end for signal in verdict.evidence) <= MAX_CHARS
    assert [odd.values for odd in verdict.flags if odd.kind == "cut"] == [(str(MAX_CHARS),)]
    whole = classify(Posting(start + "。" * (MAX_CHARS - len(start))), pack)
    assert "cut" not in [odd.kind for odd in whole.flags]
    titled = classify(Posting(start, "公关" * MAX_TITLE), pack)
    assert "cut" in [odd.kind for odd in titled.flags]


def test_classify_takes_the_language_it_is_told(pack):
    """A language given is not guessed again."""
    assert classify(Posting("press release", language="ja"), pack).language == "ja"
    assert classify(Posting("press release"), pack).language == "en"


def test_classify_says_what_the_runner_up_lacks(tmp_path):
    """Why not the second: how far behind, and which of its duties are missing, core ones first."""
    verdict = classify(Posting("照料狮子，买卖狮子，海豚"), small(tmp_path))
    rival = verdict.runner_up
    assert (rival.function, rival.missing) == ("dancing", ("trade",))
    assert rival.behind == pytest.approx(verdict.scores["keeping"] - verdict.scores["dancing"])
    other = classify(Posting("照料狮子，买卖狮子，买卖海豚"), small(tmp_path / "again")).runner_up
    assert other.missing == ("care",)


def test_classify_counts_other_trades_as_one(tmp_path):
    """A family is the class out_of_scope in the shares, as strong as the strongest family."""
    verdict = classify(Posting("照料水管，买卖水管，海豚"), small(tmp_path))
    assert (verdict.function, verdict.family) == (OUT_OF_SCOPE, "mending")
    assert list(verdict.shares) == [OUT_OF_SCOPE, "dancing"]
    assert list(verdict.scores) == ["mending", "dancing"]


def test_classify_goes_by_the_duties_against_the_title(pack):
    """A contradicted title does not carry the verdict."""
    duties = "1、拨打电话开发新客户；2、上门拜访，报价签单；3、跟进回款，完成销售任务，维护老客户"
    assert classify(Posting("", "公关经理"), pack).function == "public_relations"
    assert classify(Posting(duties, "公关经理"), pack).function == "sales"


def test_classify_title_decides_between_equals(tmp_path):
    """Where the duties leave it open, the title tips it."""
    pack = small(tmp_path)
    duties = "照料狮子，照料海豚"
    assert classify(Posting(duties), pack).decision is Decision.ASK
    verdict = classify(Posting(duties, "狮子专员"), pack)
    assert verdict.function == "keeping"
    assert verdict.evidence[0].where == "title"


def test_classify_verdict_is_a_value(pack):
    """A verdict is frozen: what was decided cannot be changed afterwards."""
    verdict = classify(Posting(""), pack)
    with pytest.raises(dataclasses.FrozenInstanceError):
        verdict.function = "sales"
