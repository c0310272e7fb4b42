"""The same message gets the same bytes, in the asker's language; numbers pick what was offered."""

from __future__ import annotations

import pytest

from bot.assistant import reply
from bot.model import Chat, Message
from bot.render.text import as_text
from knowledge.engine.base import open_base
from rules.book import open_book
from rules.questions.model import Band

QUESTIONS = [
    "内容运营主要负责些什么",
    "KOL和KOC有什么不一样",
    "What does a brand team do?",
    "広報の指標は",
    "内容运营一个月工资多少",
    "asdfghjkl qwerty",
]
LANGUAGES = [
    ("chinese", "公关要盯哪些指标", None, None, "zh"),
    ("english", "What does a brand team do?", None, None, "en"),
    ("japanese", "コンテンツ運営の仕事は", None, None, "ja"),
    ("korean", "브랜드팀은 무슨 일을 하나요", None, None, "ko"),
    ("mixed goes by the script", "KOL是什么", None, None, "zh"),
    ("the message chooses", "公关要盯哪些指标", "en", None, "en"),
    ("the chat has chosen", "公关要盯哪些指标", None, "ko", "ko"),
    ("the message beats the chat", "公关要盯哪些指标", "ja", "ko", "ja"),
]


def say(text, book, chat=None, language=None):
    """The outcome of one message."""
    return reply(Message(text, language), chat or Chat(), book)


@pytest.fixture(scope="module")
def fresh():
    """Another book over another base, as the next start of the program would have it."""
    return open_book(open_base())


@pytest.mark.parametrize("question", QUESTIONS)
def test_reply_is_the_same_bytes_every_time(book, fresh, question):
    """Twice in one book, and once in a book opened anew: not a byte differs."""
    once, twice, later = say(question, book), say(question, book), say(question, fresh)
    assert once == twice == later
    assert as_text(once.reply).encode() == as_text(later.reply).encode()


@pytest.mark.parametrize(
    ("text", "message", "chat", "language"),
    [row[1:] for row in LANGUAGES],
    ids=[row[0] for row in LANGUAGES],
)
def test_reply_speaks_the_language_of_the_asker(book, text, message, chat, language):
    """The words decide, unless the message or the chat has chosen a language."""
    outcome = say(text, book, Chat(language=chat), message)
    assert outcome.reply.language == language
    assert outcome.reply.blocks


def test_reply_takes_a_number_as_the_choice_with_that_number(book):
    """ "2" gives what was listed second, and the chat is about it from then on."""
    before = say("内容运营主要负责些什么", book)
    second = before.reply.choices[1]
    after = say("2", book, before.chat)
    assert (after.answer.band, after.answer.entry) == (Band.ANSWER, second.entry)
    assert after.answer.section == second.section
    assert after.chat.conversation.entry == second.entry
    assert after.reply.language == "zh"


@pytest.mark.parametrize("typed", ["2", " 2 ", "2.", "２"])
def test_reply_reads_a_number_however_it_is_typed(book, typed):
    """Spaces, a full stop and full width make no difference."""
    chat = say("内容运营主要负责些什么", book).chat
    assert say(typed, book, chat).answer.entry == chat.conversation.offers[1][0]


@pytest.mark.parametrize("typed", ["0", "9", "99"])
def test_reply_refuses_a_number_that_was_not_offered(book, typed):
    """It says which numbers there are, and the chat stays as it was."""
    chat = say("内容运营主要负责些什么", book).chat
    outcome = say(typed, book, chat)
    assert (outcome.answer.band, outcome.chat) == (Band.DECLINE, chat)
    text = as_text(outcome.reply)
    assert str(int(typed)) in text
    assert str(len(chat.conversation.offers)) in text


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000"])
def test_reply_to_nothing_asks_for_a_question(book, text):
    """Empty text is no question: nothing is answered and nothing forgotten."""
    chat = say("内容运营主要负责些什么", book).chat
    outcome = say(text, book, chat)
    assert (outcome.answer.band, outcome.chat) == (Band.DECLINE, chat)
    assert outcome.reply.language == "zh"
    assert as_text(outcome.reply)


def test_reply_names_the_unit_of_the_chosen_organization(book):
    """With an organization the owner is also told as that company's own unit."""
    message = Message("谁负责写新闻稿")
    unit = book.base.entry("organization.company_a").units[1]
    assert "role.public_relations" in unit.owns
    with_it = reply(message, Chat(), book, "company-a")
    without = reply(message, Chat(), book)
    told = f"由{unit.name}负责"
    assert told in as_text(with_it.reply)
    assert told not in as_text(without.reply)


def test_reply_cites_the_article_it_rests_on(book):
    """A section taken from an article names it; one that is not says so."""
    cited = as_text(say("内容运营主要负责些什么", book).reply)
    general = as_text(say("公关要盯哪些指标", book).reply)
    assert "#2.1" in cited
    assert "不出自文章" in general


def test_reply_leaves_the_old_chat_alone(book):
    """A chat is a value: asking gives a new one."""
    chat = Chat()
    outcome = say("内容运营主要负责些什么", book, chat)
    assert chat == Chat()
    assert outcome.chat.conversation.entry == "role.content_operations"
    assert outcome.chat.last == outcome.answer
