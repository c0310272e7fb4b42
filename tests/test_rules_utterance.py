"""What a message names is found in any script and spelling, with spans of the original text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.examples import decide
from rules.questions.utterance import MAX_CHARS, guess_language, read, span

NAMED = [
    ("exact", "咱们公司的内容运营归谁", "name", "role.content_operations", "内容运营"),
    ("alias", "听说公关部很忙", "name", "role.public_relations", "公关部"),
    ("english", "ask the brand team first", "name", "role.brand", "brand team"),
    ("english capitals", "PUBLIC RELATIONS people", "name", "role.public_relations", None),
    ("japanese", "広報は何をする", "name", "role.public_relations", "広報"),
    ("korean", "브랜드팀에 물어봐", "name", "role.brand", "브랜드팀"),
    ("traditional", "社群運營很累", "name", "role.community_operations", "社群運營"),
    ("full width", "请教ＫＯＬ怎么选", "name", "concept.kol", "ＫＯＬ"),
    ("spaces inside", "内容 运营 忙不忙", "name", "role.content_operations", "内容 运营"),
    ("quoted", "所谓“私域流量”", "name", "concept.private_domain", "私域流量"),
    ("homophone", "私欲流量咋回事", "sound", "concept.private_domain", "私欲流量"),
    ("pinyin", "siyuliuliang 咋回事", "sound", "concept.private_domain", "siyuliuliang"),
    ("letters swapped", "conversoin rate", "near", "metric.conversion_rate", "conversoin rate"),
    ("letter lost", "public relatons", "near", "role.public_relations", "public relatons"),
    ("lost beside a name", "what is trae marketing", "near", "concept.trade_marketing", None),
    ("lost of four characters", "电运营主要做什么", "near", "role.store_operations", "电运营"),
    ("swapped of four", "什么是字数营销", "near", "concept.digital_marketing", "字数营销"),
    ("lost in japanese", "ンラインマーケティングとは", "near", "concept.online_marketing", None),
    ("swapped in korean", "마케팅 타라임인이란", "near", "concept.marketing_calendar", None),
    ("lost after a space", "이번 달엔 키드로우", "near", "concept.lucky_draw", "키드로우"),
    ("lost of three syllables", "케팅이란", "near", "concept.marketing", "케팅"),
    ("swapped abbreviation", "LVTとは", "near", "metric.ltv", "LVT"),
    ("a product", "Datatist가 뭐예요", "name", "tool.intelligent_data_operations", "Datatist"),
    ("abbreviations compared", "DAU MAU 차이", "name", "metric.mau", "MAU"),
    ("initials", "NRYY", "initials", "role.content_operations", "NRYY"),
]
UNNAMED = [
    ("part of a longer word", "联系一下运营商", "concept.operations"),
    ("subway hours", "地铁运营时间表", "concept.operations"),
    ("phone data", "手机流量套餐", "concept.traffic"),
    ("host club", "樱兰高校男公关部", "role.public_relations"),
    ("inside a latin word", "roistering all night", "metric.roi"),
    ("a new one is no slip", "新运营要做什么", "role.new_media_operations"),
    ("one person is no slip", "一个人运营公众号", "concept.influencer"),
    ("another word", "direct and indirect marketing channels", "concept.direct_marketing"),
    ("another number", "9+1の三番目のステップ", "stage.brand_upgrade"),
    ("a particle is no slip", "고객이 뭐예요", "metric.churn_rate"),
    ("initials in a sentence with a name", "公关和 NRYY", "role.content_operations"),
]
FALSE_FRIENDS = [
    ("carrier", "三大运营商", "carrier"),
    ("hours", "机场运营几点结束", "transit_hours"),
    ("phone data", "这个月手机流量超了", "mobile_data"),
    ("host club", "夜场公关是啥", "host_club"),
    ("english carrier", "my mobile carrier", "carrier"),
    ("game design", "想做游戏策划", "game_design"),
]
LIMITS = [
    ("pay", "新媒体运营月薪多少", "salary"),
    ("pay in english", "marketing salary", "salary"),
    ("pay in japanese", "広報の年収", "salary"),
    ("pay in korean", "마케터 연봉", "salary"),
    ("cue with a gap", "how much does a planner earn", "salary"),
    ("interviews", "市场岗的面试题", "interview"),
    ("career", "三十岁转行合适吗", "career"),
    ("ghost writing", "帮我写一条朋友圈", "copywriting"),
]
NAMES = ("内容运营", "公关", "运营商", "ＫＯＬ", "社群運營", "siyu", "NRYY", "brand team")
WORDS = ("的区别", "月薪", "第三步", "那", "呢", "它", " ", "。", "?")
ODD = ("\u0301", "\u200d", "ﬁ", "ｶﾞ", "\u1100\u1161\u11a8", "\U0001f600")
PIECES = st.sampled_from((*NAMES, *WORDS, *ODD))
MIXED = st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map("".join)


def ids(rows):
    """The first cell of each row."""
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("text", "kind", "entry", "words"), [row[1:] for row in NAMED], ids=ids(NAMED)
)
def test_read_finds_a_name_where_it_stands(book, text, kind, entry, words):
    """A name is found by its nearest means, and its span is literally in the raw text."""
    utterance = read(text, book)
    (mention,) = [m for m in utterance.mentions if m.entry == entry]
    shown, start, end = span(utterance, mention.start, mention.end)
    assert mention.kind == kind
    assert text[start:end] == shown
    assert words is None or shown == words


def test_read_trusts_each_relaxation_less(book):
    """An exact name is surest, then the sound, then a slip, then mere initials."""
    texts = ("私域流量", "私欲流量", "conversoin rate", "NRYY")
    strengths = [read(text, book).mentions[0].strength for text in texts]
    assert strengths[0] == 1.0
    assert strengths == sorted(set(strengths), reverse=True)


@pytest.mark.parametrize(("text", "entry"), [row[1:] for row in UNNAMED], ids=ids(UNNAMED))
def test_read_makes_no_name_of_a_word_that_only_looks_like_one(book, text, entry):
    """Traps and word borders hide names that are not meant."""
    assert entry not in {mention.entry for mention in read(text, book).mentions}


@pytest.mark.parametrize(
    ("text", "false_friend"), [row[1:] for row in FALSE_FRIENDS], ids=ids(FALSE_FRIENDS)
)
def test_read_recognises_a_false_friend(book, text, false_friend):
    """A phrase that means something else is kept as evidence, with its words."""
    found = read(text, book).false_friends
    assert false_friend in {evidence.value for evidence in found}
    assert all(text[e.start : e.end] == e.text for e in found)


@pytest.mark.parametrize(("text", "limit"), [row[1:] for row in LIMITS], ids=ids(LIMITS))
def test_read_recognises_a_limit(book, text, limit):
    """A subject that is openly not covered is recognised in any language."""
    assert limit in {evidence.value for evidence in read(text, book).limits}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第三步", 3),
        ("第 7 步呢", 7),
        ("step 4", 4),
        ("the second stage", 2),
        ("2nd step", 2),
        ("2nd", None),
        ("8번째 단계", 8),
        ("8번째", None),
        ("第９步", 9),
        ("third step是什么", 3),
        ("crisis response, first 24 hours", None),
        ("三番目のステップ", 3),
        ("5つ目のステップは何", 5),
        ("5つ目は何", None),
        ("두 번째 단계", 2),
        ("5단계는 뭐예요", 5),
        ("5단계로 나누면", None),
        ("二楼的公关", None),
        ("公关", None),
    ],
)
def test_read_reads_an_ordinal(book, text, number):
    """Ordinals beside a word for a step, in words, digits, full width or four languages."""
    assert read(text, book).number == number


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("公关做什么", "zh"),
        ("what is PR", "en"),
        ("広報とは", "ja"),
        ("홍보란", "ko"),
        ("KOL是什么", "zh"),
        ("12?", "en"),
    ],
)
def test_guess_language_goes_by_the_script(text, language):
    """Kana and Hangul decide before Han, Han before Latin."""
    assert guess_language(text) == language


def test_read_cuts_what_is_too_long_for_a_question(book):
    """Whatever stands behind the limit is not looked at."""
    assert not read("。" * MAX_CHARS + "公关", book).mentions
    assert read("。" * (MAX_CHARS - 2) + "公关", book).mentions


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(text=st.one_of(MIXED, st.text(max_size=60)))
def test_read_takes_any_text_and_points_at_it(book, text):
    """No text raises, and every piece of evidence is literally the words at its span."""
    utterance = read(text, book)
    for e in (*utterance.cues, *utterance.limits, *utterance.false_friends, *utterance.pronouns):
        assert 0 <= e.start < e.end <= len(text)
        assert text[e.start : e.end] == e.text
    for mention in utterance.mentions:
        shown, start, end = span(utterance, mention.start, mention.end)
        assert text[start:end] == shown
    for e in decide(text, None, book).evidence:
        assert text[e.start : e.end] == e.text
