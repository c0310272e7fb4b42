"""A posting made comparable, and the way back to where every character stood."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.engine.normal import is_latin
from rules.postings.normalized import language_of, normalize_text, pattern_of

PIECES = [
    *"运营營運 Aa1-_/·・.。，（）㈱㎏ｱｶﾞﾟがパ한국ｅ　é\t\r\n",
    "e\u0301",
    "\u1112\u1161\u11ab",
    "\u1112",
    "\u0301",
    "\u200b",
    "\ufeff",
    "\ud800",
    "\udfff",
    "<br>",
    "<p class='x'>",
    "</li>",
    "&nbsp;",
    "&amp;",
    "&",
    "<",
    "  ",
    "𠮷",
    "😀",
    "ß",
    "ﬁ",
]
MIXED = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
ANY = MIXED | st.text(st.characters(codec=None), max_size=40)


@pytest.mark.parametrize(
    ("given_", "normalized"),
    [
        pytest.param("ＰＲ　Manager", "pr manager", id="full-width"),
        pytest.param("社群運營", "社群运营", id="traditional"),
        pytest.param("新 媒体 运营", "新媒体运营", id="spaces-in-chinese"),
        pytest.param("content   ops", "content ops", id="spaces-in-english"),
        pytest.param("用 SQL 分析", "用sql分析", id="latin-in-chinese"),
        pytest.param("e-mail/SMS", "e mail sms", id="signs-that-part-words"),
        pytest.param("<p>Write<b>copy</b></p>", "\nwrite copy\n", id="tags"),
        pytest.param("Q&amp;A&nbsp;x", "q a x", id="entities"),
        pytest.param("ﾌﾟﾚｽﾘﾘｰｽ", normalize_text("プレスリリース").text, id="half-width-kana"),
        pytest.param(unicodedata.normalize("NFD", "보도자료"), "보도자료", id="jamo"),
        pytest.param("a < b", "a<b", id="no-tag"),
        pytest.param("", "", id="empty"),
        pytest.param("   ", "", id="blank"),
    ],
)
def test_normalized_text_compares(given_, normalized):
    """Case, width, variants, markup and spaces that separate no words make no difference."""
    assert normalize_text(given_).text == normalized


@settings(deadline=None, max_examples=300)
@given(text=ANY)
def test_normalized_spans_lie_in_the_text_in_order(text):
    """Every character of the normalized text has a place in the given one, none before the last."""
    normalized = normalize_text(text)
    before = 0
    for i in range(len(normalized.text)):
        start, end = normalized.span(i, i + 1)
        assert before <= start < end <= len(text)
        before = start
    if normalized.text:
        assert normalized.span(0, len(normalized.text)) == (
            normalized.span(0, 1)[0],
            normalized.span(i, i + 1)[1],
        )


@settings(deadline=None, max_examples=200)
@given(before=MIXED, after=MIXED, form=st.sampled_from(["NFC", "NFD"]))
def test_normalized_span_is_what_was_written(before, after, form):
    """A phrase found in the normalized text is cut out of the given one, whole."""
    phrase = unicodedata.normalize(form, "보도자료 작성")
    text = f"{before}。{phrase}。{after}"
    normalized = normalize_text(text)
    at = normalized.text.index("보도자료작성")
    start, end = normalized.span(at, at + 6)
    assert text[start:end] == phrase


@settings(deadline=None)
@given(text=ANY)
def test_normalized_space_parts_latin_words_only(text):
    """Where a single space is left, a Latin letter or digit stands on both sides of it."""
    normalized = normalize_text(text).text
    inner = [i for i in range(1, len(normalized) - 1) if normalized[i] == " "]
    assert all(is_latin(normalized[i - 1]) and is_latin(normalized[i + 1]) for i in inner)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("负责新媒体账号的日常运营，会用 Excel 和 SQL", "zh"),
        ("Write press releases for our 运营 team", "en"),
        ("プレスリリースの作成と取材対応", "ja"),
        ("보도자료 작성 및 언론 대응 (PR)", "ko"),
        (unicodedata.normalize("NFD", "보도자료 작성 및 언론 대응"), "ko"),
        ("ﾌﾟﾚｽﾘﾘｰｽﾉ作成", "ja"),
        ("", "en"),
        ("12345 !!!", "en"),
        ("\ud800", "en"),
    ],
    ids=["zh", "en", "ja", "ko", "ko-jamo", "ja-half-width", "empty", "digits", "surrogate"],
)
def test_normalized_language_goes_by_the_script(text, language):
    """The language is the one whose script is used most; English where none is."""
    assert language_of(text) == language


def test_normalized_pattern_is_written_like_the_text():
    """A pattern in traditional characters meets the text in simplified ones; its signs stay."""
    assert pattern_of("(?:運營|歳)[A-Z]") == "(?:运营|岁)[A-Z]"
