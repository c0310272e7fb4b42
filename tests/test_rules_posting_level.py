"""How senior the work is: the rank by the title, years and people by the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rules import shipped

from rules.postings.classify import classify
from rules.postings.level import ORDER
from rules.postings.model import Posting

RANKS = [
    ("新媒体运营实习生", "intern"),
    ("市场部经理助理实习", "intern"),
    ("公关专员", "specialist"),
    ("高级公关专员", "senior"),
    ("资深公关经理", "manager"),
    ("品牌总监", "director"),
    ("产品经理", "specialist"),
    ("市场部主管（实习带教）", "manager"),
    ("公关", None),
    ("", None),
    ("Marketing Intern", "intern"),
    ("PR Specialist", "specialist"),
    ("Senior PR Specialist", "senior"),
    ("Assistant Manager", "manager"),
    ("Director of Marketing", "director"),
    ("Head of Brand", "director"),
    ("広報インターン", "intern"),
    ("広報担当", "specialist"),
    ("広報マネージャー", "manager"),
    ("広報部長", "director"),
    ("홍보 인턴", "intern"),
    ("홍보 담당자", "specialist"),
    ("홍보팀장", "manager"),
    ("마케팅 총괄", "director"),
]
YEARS = [
    ("3年以上工作经验", (3, None)),
    ("三年以上公关经验", (3, None)),
    ("1-3年相关经验", (1, 3)),
    ("３～５年工作经验", (3, 5)),
    ("两年及以上", (2, None)),
    ("公司成立于2008年", None),
    ("成立50年以上的老店", None),
    ("5+ years of experience", (5, None)),
    ("3-5 years of experience in PR", (3, 5)),
    ("at least two years", (2, None)),
    ("10 years of experience", (10, None)),
    ("15 years of experience in sales", (15, None)),
    ("3 to 5 years of experience", (3, 5)),
    ("under 35 years old", None),
    ("max. 30 years old", None),
    ("a company with 30 years of history", None),
    ("a 24/7 team", None),
    ("広報の経験3年以上お持ちの方", (3, None)),
    ("홍보 경력 5년 이상", (5, None)),
    ("경력 3~5년의 담당자", (3, 5)),
    ("", None),
]
PEOPLE = [
    ("带领10人团队", 10),
    ("管理5-8人的团队", 5),
    ("500人以上的公司", None),
    ("Manage a team of 12 people", 12),
    ("6 direct reports", 6),
    ("部下5名のメンバーのマネジメント、5名のチームです", 5),
    ("10명 규모의 팀 관리", 10),
    ("和团队一起工作", None),
]


@pytest.fixture(scope="session")
def pack():
    """The shipped posting rules."""
    return shipped()


@pytest.mark.parametrize(("title", "rank"), RANKS, ids=[title or "empty" for title, _ in RANKS])
def test_level_rank_goes_by_the_title(pack, title, rank):
    """The title's last rank counts; an intern stays one, and senior lifts a plain specialist."""
    assert classify(Posting("", title), pack).level.rank == rank


@pytest.mark.parametrize(("text", "years"), YEARS, ids=[text or "empty" for text, _ in YEARS])
def test_level_years_asked_for(pack, text, years):
    """At least and at most, in figures or words; other years are none of its business."""
    assert classify(Posting(text), pack).level.years == years


@pytest.mark.parametrize(("text", "people"), PEOPLE, ids=[text for text, _ in PEOPLE])
def test_level_people_to_manage(pack, text, people):
    """The size of the team that is managed, not of the company."""
    assert classify(Posting(text), pack).level.people == people


@settings(deadline=None)
@given(
    text=st.lists(
        st.sampled_from([*"0123456789一三十～-+年月以上人 ", "经验", "团队", "管理"])
    ).map("".join)
)
def test_level_is_within_reason(pack, text):
    """Whatever figures occur, years and people stay within what a posting can mean."""
    level = classify(Posting(text, text, "zh"), pack).level
    assert level.rank is None or level.rank in ORDER
    if level.years:
        low, high = level.years
        assert 0 <= low <= 30
        assert high is None or low <= high <= 30
    assert level.people is None or 1 < level.people <= 999
