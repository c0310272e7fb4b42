"""Texts that mean the same compare equal, and every match leads back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.engine.normal import compact, compact_text, fold, normalise

SAME = [
    pytest.param("ＫＯＬ１２", "kol12", id="full-width-letters"),
    pytest.param("ＡＢ　ＣＤ", "ab cd", id="full-width-space"),
    pytest.param("SEO", "seo", id="case"),
    pytest.param("Straße", "strasse", id="sharp-s"),
    pytest.param("營銷", "营销", id="traditional"),
    pytest.param("網絡運營", "网络运营", id="traditional-words"),
    pytest.param("広告", "广告", id="japanese"),
    pytest.param("廣告", "广告", id="traditional-of-the-same"),
    pytest.param("経済", "经济", id="japanese-words"),
    pytest.param("か\u3099", "が", id="kana-with-mark"),
    pytest.param("e\u0301", "é", id="letter-with-accent"),
    pytest.param("ﬁ", "fi", id="ligature"),
    pytest.param("①", "1", id="circled"),
    pytest.param("㍿", "株式会社", id="square"),
    pytest.param("", "", id="empty"),
]
APART = [
    pytest.param("\uff76\uff9e", "ガ", id="half-width-kana-with-mark"),
    pytest.param(unicodedata.normalize("NFD", "한국"), "한국", id="hangul-in-pieces"),
]


@pytest.mark.parametrize(("text", "same"), SAME + APART)
def test_normal_fold_makes_variants_equal(text, same):
    """Width, case, script variant and composition make no difference."""
    assert fold(text) == same


@pytest.mark.parametrize(("text", "same"), SAME)
def test_normal_normalise_agrees_with_fold(text, same):
    """The text with offsets is the one without."""
    assert normalise(text).text == same


@pytest.mark.parametrize(("text", "same"), APART)
def test_normal_normalise_composes_what_joins(text, same):
    """Characters that compose without being combining marks are composed as well."""
    assert normalise(text).text == same


# Every kind of character that joins the one before it: marks of several classes, half-width
# voiced marks, jamo, and starters that compose (Bengali, Tamil, Sinhala, Grantha).
JOINING = (
    "aeがかｶﾊ\u3099\u309a\uff9e\uff9f\u0301\u0323\u0344\u0327\u0f71\u0f73"
    "\u1100\u1112\u1161\u1175\u11a7\u11a8\u11c2가각\u3131\u314f\uffa1\uffc2"
    "\u09c7\u09be\u09d7\u0bc6\u0bbe\u0dd9\u0dcf\u0dca\U00011347\U0001133e 營A㍿ﬁ"
)


@given(text=st.text(max_size=40) | st.text(alphabet=st.sampled_from(JOINING), max_size=12))
def test_normal_normalise_is_fold_with_a_way_back(text):
    """For any text both give the same."""
    assert normalise(text).text == fold(text)


def test_normal_low_and_han_characters_join_nothing():
    """The short cut for characters that never join leaves none out."""
    for code in (*range(0x300), *range(0x3400, 0xA000)):
        assert unicodedata.combining(unicodedata.normalize("NFKD", chr(code))[0]) == 0
        assert unicodedata.normalize("NFKC", f"a{chr(code)}")[0] == "a"


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        pytest.param("做ＫＯＬ吗", "kol", "ＫＯＬ", id="full-width"),
        pytest.param("什麼是網絡營銷", "网络营销", "網絡營銷", id="traditional"),
        pytest.param("un cafe\u0301 noir", "é", "e\u0301", id="combining-mark"),
        pytest.param("a\u0323\u0307b", "b", "b", id="after-two-marks"),
        pytest.param("か\u3099く", "く", "く", id="after-a-kana-mark"),
        pytest.param("xﬁy", "fi", "ﬁ", id="ligature-whole"),
        pytest.param("xﬁy", "f", "ﬁ", id="ligature-half"),
        pytest.param("xﬁy", "y", "y", id="after-a-ligature"),
        pytest.param("在㍿里", "会", "㍿", id="inside-a-square"),
        pytest.param("xｶﾞy", "ガ", "ｶﾞ", id="half-width-kana"),
        pytest.param("x\u1112\u1161\u11aby", "한", "\u1112\u1161\u11ab", id="jamo"),
        pytest.param("😀运营", "运营", "运营", id="after-an-emoji"),
    ],
)
def test_normal_original_leads_back(text, part, original):
    """A span of the normalised text is the span of the original that it came from."""
    normal = normalise(text)
    at = normal.text.index(part)
    start, end = normal.original(at, at + len(part))
    assert text[start:end] == original


@given(text=st.text(max_size=40))
def test_normal_starts_are_monotone_and_spans_valid(text):
    """For any text the offsets never go back and every span lies inside the original."""
    for normal in (normalise(text), compact(text)):
        assert len(normal.starts) == len(normal.text) + 1
        assert list(normal.starts) == sorted(normal.starts)
        assert normal.starts[-1] == len(text)
        assert len(normal.ends) == len(normal.text)
        assert list(normal.ends) == sorted(normal.ends)
        for i in range(len(normal.text)):
            start, end = normal.original(i, i + 1)
            assert 0 <= start < end <= len(text)


@given(text=st.text(max_size=40) | st.text(alphabet="aＡé營ブ한 '-・1", max_size=12))
def test_normal_spelt_is_compact_without_a_way_back(text):
    """For any text both give the same."""
    assert compact_text(text) == compact(text).text


@given(text=st.text(alphabet=st.sampled_from("aＡé營営广ブ한 「」-_/・"), max_size=20))
def test_normal_compact_is_settled_at_once(text):
    """What is compact already stays as it is."""
    once = compact(text).text
    assert compact(once).text == once


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param("「品牌」运营", "品牌运营", id="quotes"),
        pytest.param("《新 媒体》", "新媒体", id="space-between-han"),
        pytest.param("A/B 测试", "a b测试", id="slash-between-letters"),
        pytest.param("AB - test", "ab test", id="one-space-between-words"),
        pytest.param("KOL 营销 plan", "kol营销plan", id="no-space-at-a-change-of-script"),
        pytest.param("  SEO  ", "seo", id="ends"),
        pytest.param("- _ ・", "", id="nothing-left"),
        pytest.param("ブランド・エクイティ", "ブランドエクイティ", id="katakana-dot"),
        pytest.param("(SEM)", "sem", id="brackets"),
    ],
)
def test_normal_compact_drops_what_names_vary_in(text, same):
    """Quotes go, and spaces stay only between Latin words."""
    assert compact(text).text == same


def test_normal_compact_leads_back():
    """A name found in compact text is found in the original, spaces and all."""
    text = "请问 新 媒体 运营"
    normal = compact(text)
    at = normal.text.index("新媒体")
    start, end = normal.original(at, at + 3)
    assert text[start:end].strip() == "新 媒体"


@pytest.mark.parametrize(
    "text", ["「品牌」运营", "(品牌)", "品牌  "], ids=["quote", "bracket", "space"]
)
def test_normal_compact_span_ends_with_the_name(text):
    """The original span holds nothing behind the name that was dropped."""
    normal = compact(text)
    start, end = normal.original(0, 2)
    assert text[start:end] == "品牌"


CHAT = [
    ("wat is PR", "what is pr"),
    ("diff btwn brand and pr", "difference between brand and pr"),
    ("客单价咋算", "客单价怎么算"),
    ("公关干啥的", "公关干什么的"),
    ("머부터 해요", "뭐부터 해요"),
    ("whatsapp", "whatsapp"),
    ("모임", "모임"),
]


@pytest.mark.parametrize(("typed", "usual"), CHAT, ids=[row[0] for row in CHAT])
def test_a_word_of_a_chat_is_the_usual_word(typed, usual):
    """Its place in the message is kept: every character of it stands for the whole word."""
    normal = compact(typed)
    assert normal.text == compact(usual).text
    assert normal.original(0, len(normal.text)) == (0, len(typed))
