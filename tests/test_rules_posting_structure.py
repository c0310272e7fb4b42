"""The parts of a posting: by its headings, or by the words of a clause."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import shipped

from rules.postings import structure
from rules.postings.normalized import normalize_text

LISTED = {
    "zh": "公司介绍\n卖鞋AA\n岗位职责：\n1、写稿BB\n任职要求：\n1、本科CC\n福利待遇：\n五险DD",
    "en": "About us\nShoes AA\nResponsibilities:\n- Write BB\nRequirements:\n- Degree CC\n"
    "Benefits:\n- Lunch DD",
    "ja": "【会社概要】\n靴AA\n【仕事内容】\n作成BB\n【応募資格】\n経験CC\n【福利厚生】\n交通費DD",
    "ko": "[회사소개]\n신발AA\n[담당업무]\n작성BB\n[자격요건]\n경력CC\n[복리후생]\n식대DD",
}
RUN_ON = {
    "zh": "卖鞋AA。岗位职责：1、写稿BB；任职要求：1、本科CC；福利待遇：五险DD。",
    "en": "Shoes AA. Responsibilities: write BB. Requirements: degree CC. Benefits: lunch DD.",
    "ja": "靴AA。仕事内容：作成BB。応募資格：経験CC。福利厚生：交通費DD。",
    "ko": "신발AA. 담당업무: 작성BB. 자격요건: 경력CC. 복리후생: 식대DD.",
}
BARE = {
    "zh": "负责写稿BB。有三年以上写稿经验CC。五险一金，双休DD。",
    "en": "You will write BB. Three years of experience CC. We have health insurance DD.",
    "ja": "記事を作成しますBB。広報経験者歓迎CC。社会保険完備DD。",
    "ko": "보도자료를 작성합니다BB\n홍보 경험자 우대CC\n4대보험 제공DD",
}


@pytest.fixture(scope="session")
def pack():
    """The shipped posting rules."""
    return shipped()


def places(text, pack):
    """The part that each mark AA, BB, CC, DD of a text lies in."""
    normalized = normalize_text(text).text
    found = structure.parts(normalized, list(pack.body.find(normalized)))
    assert found[0] == sorted(found[0])
    assert found[0][0] == 0
    marks = [mark for mark in ("aa", "bb", "cc", "dd") if mark in normalized]
    return [structure.part_at(found, normalized.index(mark)) for mark in marks]


@pytest.mark.parametrize("language", LISTED)
def test_structure_headings_open_parts_of_a_list(pack, language):
    """A heading on a line of its own opens its part, in every language."""
    assert places(LISTED[language], pack) == ["company", "duties", "requirements", "benefits"]


@pytest.mark.parametrize("language", RUN_ON)
def test_structure_headings_open_parts_of_a_paragraph(pack, language):
    """In one run-on paragraph the headings do so too; what stands before duties is the company."""
    assert places(RUN_ON[language], pack) == ["company", "duties", "requirements", "benefits"]


@pytest.mark.parametrize("language", BARE)
def test_structure_clauses_tell_without_headings(pack, language):
    """Where no heading tells, the words of a clause do, also of clauses that follow each other."""
    assert places(BARE[language], pack) == ["mixed", "requirements", "benefits"]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("有三年以上写稿经验AA。负责写稿。", "requirements", id="first-clause"),
        pytest.param("职位描述：\n熟悉写稿AA。", "requirements", id="after-mixed-heading"),
        pytest.param("1、写稿；2、熟悉写稿AA", "requirements", id="numbered"),
        pytest.param("让用户熟悉写稿AA", "mixed", id="cue-not-at-the-start"),
        pytest.param("岗位职责：\n熟悉写稿AA", "duties", id="heading-beats-cue"),
        pytest.param(
            "三年经验优先，福利待遇：礼品。写稿AA", "benefits", id="clause-ends-at-heading"
        ),
        pytest.param("写出岗位职责的文稿AA", "mixed", id="heading-inside-a-sentence"),
    ],
)
def test_structure_clause_or_heading(pack, text, part):
    """A cue rules its own clause and no more, and never a part that has a heading."""
    assert places(text, pack) == [part]


@settings(deadline=None)
@given(
    text=st.lists(
        st.sampled_from(
            [*"。；\n1、:【】 ", "岗位职责", "任职要求", "熟悉", "五险一金", "经验优先", "写稿"]
        ),
        max_size=30,
    ).map("".join)
)
def test_structure_parts_cover_the_text(pack, text):
    """Whatever the order of headings and cues, parts follow each other from the first character."""
    normalized = normalize_text(text).text
    starts, names = structure.parts(normalized, list(pack.body.find(normalized)))
    assert starts[0] == 0
    assert starts == sorted(starts)
    assert len(starts) == len(names)
    assert starts[-1] <= len(normalized)


ABOUT = [
    (
        "zh",
        "我们是一家公司，股权投资；财务顾问。负责开发新客户",
        "财务顾问",
        "开发新客户",
    ),
    (
        "en",
        "Acme is a leading bank, wealth too. You call prospects.",
        "wealth",
        "prospects",
    ),
    ("ja", "当社は資産運用を行う会社です。新規開拓の営業をします", "資産運用", "新規開拓"),
    ("ko", "당사는 자산운용을 합니다. 신규 고객 발굴", "자산운용", "신규고객"),
]


@pytest.mark.parametrize(("language", "text", "about", "duty"), ABOUT, ids=[r[0] for r in ABOUT])
def test_structure_tells_the_company_from_the_work_without_headings(
    pack, language, text, about, duty
):
    """A sentence that the company says of itself is no duty, to its end; the next one is."""
    normalized = normalize_text(text)
    found = structure.parts(normalized.text, pack.body.find(normalized.text))
    assert structure.part_at(found, normalized.text.index(normalize_text(about).text)) == "company"
    assert structure.part_at(found, normalized.text.index(normalize_text(duty).text)) == "mixed"
