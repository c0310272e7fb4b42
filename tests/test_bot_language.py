"""A message is answered in its own language, or in that of what surrounds it."""

from __future__ import annotations

import pytest

from bot.language import language_of, written_in
from bot.model import Chat, Message
from rules.questions.model import Answer, Band

SAID = Answer(Band.ANSWER, "define", "concept.seo", "summary", 1.0)
DECIDED = [
    ("コンテンツ運営の仕事は", "ja"),
    ("브랜드팀은 무슨 일을 하나요", "ko"),
    ("내용 운영 KPI", "ko"),
    ("谁负责写新闻稿", "zh"),
    ("运营", "zh"),
    ("誰寫新聞稿呢", "zh"),
    ("KOL是什么", "zh"),
    ("広報", "ja"),
    ("市場調査", "ja"),
    ("販促活動対応", "ja"),
    ("what is SEO", "en"),
    ("and metrics?", "en"),
    ("help", "en"),
    ("who writes press releases", "en"),
    ("content operations job titles", "en"),
]
OPEN = ["SEO", "KPI", "CRM?", "GA4", "B2B", "growth hacking"]
LANGUAGES = ("zh", "en", "ja", "ko")


@pytest.mark.parametrize("around", [None, *LANGUAGES])
@pytest.mark.parametrize(("text", "language"), DECIDED, ids=[row[0] for row in DECIDED])
def test_language_is_that_of_the_words(text, language, around):
    """Where the words tell, nothing around them matters."""
    assert written_in(text, around) == language


@pytest.mark.parametrize("around", LANGUAGES)
@pytest.mark.parametrize("text", OPEN)
def test_language_of_a_bare_name_is_that_around_it(text, around):
    """A name in Latin letters is used in all four languages; with nothing around it is English."""
    assert written_in(text, around) == around
    assert written_in(text, None) == "en"


@pytest.mark.parametrize(
    ("around", "language"), [("ja", "ja"), ("zh", "zh"), ("en", "zh"), (None, "zh")]
)
def test_language_of_han_that_two_languages_write(around, language):
    """These characters are the same in Chinese and in Japanese."""
    assert written_in("品牌", around) == language
    assert written_in("目標", around) == language


def test_language_of_the_page_holds_until_something_was_said():
    """Then it is that of the conversation; what was chosen beats both."""
    begun = Chat(speaking="ko", last=SAID)
    on_page = Message("SEO", page_language="ja")
    assert language_of(on_page, Chat(), "SEO") == "ja"
    assert language_of(on_page, begun, "SEO") == "ko"
    assert language_of(Message("SEO", "zh", "ja"), begun, "SEO") == "zh"
    assert language_of(on_page, Chat(language="en", last=SAID), "SEO") == "en"


@pytest.mark.parametrize("text", ["", "2", "??", "…"])
def test_language_of_what_has_no_letters(text):
    """It is that of the conversation, before that of the page."""
    assert language_of(Message(text, page_language="ja"), Chat(), text) == "ja"
    assert (
        language_of(Message(text, page_language="ja"), Chat(speaking="ko", last=SAID), text) == "ko"
    )
