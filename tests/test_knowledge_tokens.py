"""The token streams of a text: words, grams, pairs, pieces and sounds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.engine import sound
from knowledge.engine.normal import fold
from knowledge.engine.tokens import grams_of, join_streams, stem, streams, words_of
from knowledge.engine.words import Words

JIEBA = Words()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("标签管理", ["标签", "管理"], id="chinese"),
        pytest.param("做seo吗", ["做", "seo", "吗"], id="mixed"),
        pytest.param("running campaigns", ["run", "campaign"], id="english-stems"),
        pytest.param("c++ 1.5 user's", ["c++", "1.5", "user's"], id="signs-inside-words"),
        pytest.param("a/b,c", ["a", "b", "c"], id="signs-between-words"),
        pytest.param("ブランドの", ["ブランド"], id="japanese-hiragana-is-left-to-grams"),
        pytest.param("마케팅을 마케팅은", ["마케", "마케"], id="korean-roots"),
        pytest.param("…… ？！", [], id="signs-only"),
        pytest.param("", [], id="empty"),
    ],
)
def test_tokens_words_of_each_script(text, words):
    """Each script is cut in its own way, in order."""
    assert [token.text for token in words_of(text, JIEBA)] == words


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("标签", ["han"]),
        ("seo", ["latin"]),
        ("ブランド", ["katakana"]),
        ("마케", ["hangul"]),
    ],
)
def test_tokens_words_name_their_script(text, scripts):
    """A token knows the script it is written in."""
    assert [token.script for token in words_of(text, JIEBA)] == scripts


@settings(deadline=None)
@given(text=st.text(alphabet=st.sampled_from("a1.'+# 运营管理ブのー한국々〇é"), max_size=30))
def test_tokens_spans_lie_in_the_text(text):
    """Words follow each other without overlap; a gram stands in the text as it is."""
    at = 0
    for token in words_of(text, JIEBA):
        assert at <= token.start < token.end <= len(text)
        at = token.end
    assert all(gram in text for gram in grams_of(text))


@settings(deadline=None)
@given(
    st.lists(st.text(alphabet=st.sampled_from("a1' 运营管理ブのー한국〇é"), max_size=9), max_size=5)
)
def test_tokens_of_lines_together_are_those_of_the_whole(lines):
    """What is cut line by line need not be cut again as a whole; grams come in another order."""
    whole, parts = streams("\n".join(lines), JIEBA), join_streams(streams(x, JIEBA) for x in lines)
    for field in ("word", "pair", "piece", "sound"):
        assert getattr(parts, field) == getattr(whole, field)
    assert sorted(parts.gram) == sorted(whole.gram)


def test_tokens_grams_are_characters_and_neighbours():
    """Unspaced scripts give every character and every pair, and none across a gap."""
    grams = list(grams_of("新媒体 ab 한국"))
    assert grams == ["新", "新媒", "媒", "媒体", "体", "한", "한국", "국"]


def test_tokens_streams_gram_keeps_latin_words_unstemmed():
    """The gram stream also holds Latin words as they were typed."""
    assert streams("users 品", JIEBA).gram == ("品", "users")


def test_tokens_streams_pairs_are_neighbouring_words():
    """Pairs join each word with the next."""
    assert streams("content marketing plan", JIEBA).pair == ("content_market", "market_plan")


@pytest.mark.parametrize("text", ["", "seo", "？"])
def test_tokens_streams_have_no_pair_without_neighbours(text):
    """One word alone has no pair."""
    assert streams(text, JIEBA).pair == ()


def test_tokens_streams_pieces_mark_the_ends_of_a_word():
    """Pieces of three to five characters know where the word begins and ends."""
    assert streams("seo", JIEBA).piece == ("_se", "seo", "eo_", "_seo", "seo_", "_seo_")


def test_tokens_streams_pieces_forgive_a_slip():
    """A mistyped word shares most of its start and end with the right one."""
    right, wrong = set(streams("marketing", JIEBA).piece), set(streams("markting", JIEBA).piece)
    assert len(right & wrong) >= 8


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("私欲流量", "私域流量", id="homophone"),
        pytest.param("siyu流量", "私域流量", id="half-converted"),
        pytest.param("siyuliuliang", "私域流量", id="all-pinyin"),
        pytest.param("ＳＩＹＵ流量", "私域流量", id="full-width"),
        pytest.param("私域流量", "私域流量", id="itself"),
    ],
)
def test_tokens_streams_sound_alike(typed, meant):
    """What sounds the same has the same sounds, pairs of them included."""
    heard = streams(fold(typed), JIEBA).sound
    assert heard == streams(meant, JIEBA).sound
    assert heard == ("si", "yu", "liu", "liang", "si_yu", "yu_liu", "liu_liang")


@pytest.mark.parametrize(
    ("letters", "syllables"),
    [
        pytest.param("yunying", ("yun", "ying"), id="two"),
        pytest.param("xian", ("xian",), id="fewest"),
        pytest.param("nihao", ("ni", "hao"), id="greeting"),
        pytest.param("zhuang", ("zhuang",), id="longest"),
        pytest.param("a", ("a",), id="one-letter"),
        pytest.param("hello", (), id="english"),
        pytest.param("seo1", (), id="digit"),
        pytest.param("", (), id="empty"),
        pytest.param("a" * 10_000, (), id="too-long"),
    ],
)
def test_tokens_pinyin_splits_into_syllables(letters, syllables):
    """Letters that spell syllables are split into the fewest; others are left alone."""
    assert sound.split(letters) == syllables


@given(syllables=st.lists(st.sampled_from(["si", "yu", "liu", "liang", "ping", "tai"]), max_size=6))
def test_tokens_pinyin_split_loses_nothing(syllables):
    """Whatever the split, the syllables spell the letters, and no more of them than were typed."""
    letters = "".join(syllables)
    found = sound.split(letters)
    assert "".join(found) == letters
    assert len(found) <= len(syllables)


def test_tokens_sound_codes_compare_by_ear():
    """Homophones have one code, different sounds two; other characters stay."""
    assert sound.codes("私域a") == sound.codes("私欲a")
    assert sound.codes("私域a") != sound.codes("公域a")
    assert sound.codes("私域a") == sound.code_of(("si", "yu")) + "a"


@pytest.mark.parametrize("char", ["a", "の", "한", "？"])
def test_tokens_sound_is_for_han_only(char):
    """Nothing but a Han character has a syllable."""
    assert sound.of_char(char) is None


@pytest.mark.parametrize(
    ("word", "root"),
    [("marketing", "market"), ("users", "user"), ("c++", "c++"), ("b2b", "b2b"), ("", "")],
)
def test_tokens_stem_is_for_words_only(word, root):
    """Words are stemmed; names with signs or digits stay."""
    assert stem(word) == root
