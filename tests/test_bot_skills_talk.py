"""Talk about the conversation: languages, moods, and who it is."""

import pytest

from bot.assistant import reply
from bot.model import Chat, Message
from bot.render.text import as_text
from bot.skills import SKILLS
from bot.skills.talk import wanted_language
from bot.texts import say
from knowledge.engine.model import LANGUAGES


def asked(text, book, chat=Chat()):  # noqa: B008 - a value
    """The outcome of a message."""
    return reply(Message(text), chat, book)


SWITCHES = [
    ("英語で言って", "en"),
    ("もう一度韓国語で", "ko"),
    ("日本語に戻して", "ja"),
    ("中国語でお願いします", "zh"),
    ("in English again please", "en"),
    ("say it in Japanese", "ja"),
    ("speak Korean", "ko"),
    ("switch back to Chinese", "zh"),
    ("I don't speak Chinese, English please", "en"),
    ("다시 한국어로", "ko"),
    ("영어로 말해줘", "en"),
    ("일본어로 다시 설명해 주세요", "ja"),
    ("중국어로 부탁해요", "zh"),
    ("用中文", "zh"),
    ("换成英语", "en"),
    ("请讲日语", "ja"),
    ("用韩语再说一次", "ko"),
    ("English", "en"),
    ("日本語", "ja"),
]


@pytest.mark.parametrize(("text", "code"), SWITCHES)
def test_language_is_switched_by_its_name_in_any_of_the_four(book, text, code):
    """Whatever the words around it."""
    outcome = asked(text, book)
    assert (outcome.answer.intent, outcome.chat.language) == ("language", code)


@pytest.mark.parametrize("code", ["en", "ja", "ko"])
def test_language_tells_the_last_answer_again(book, code):
    """In the new language, with what can be picked; the chat has moved nowhere."""
    first = asked("谁负责写新闻稿", book)
    name = {"en": "英文", "ja": "日文", "ko": "韩文"}[code]
    second = asked(f"用{name}回答", book, first.chat)
    text = as_text(second.reply)
    assert text.startswith(say(code, "language.set"))
    assert book.base.title("role.public_relations", code) in text
    assert len(second.reply.choices) == len(first.reply.choices)
    assert second.chat.conversation == first.chat.conversation
    third = asked("2", book, second.chat)
    assert (third.answer.entry, third.reply.language) == ("role.public_relations", code)


def test_language_tells_nothing_again_that_was_told_in_it(book):
    """Who asks for the language they have gets a word and no more."""
    first = asked("谁负责写新闻稿", book)
    assert len(asked("用中文回答", book, first.chat).reply.blocks) == 1


def test_language_says_which_there_are_where_none_is_named(book):
    """A question about languages changes none."""
    outcome = asked("what languages do you speak", book)
    assert outcome.chat.language is None
    assert all(say("en", f"language.{code}") in as_text(outcome.reply) for code in LANGUAGES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("不要英文，用中文", "zh"),
        ("I don't speak Korean", None),
        ("from English to Japanese", "ja"),
    ],
)
def test_wanted_language_is_the_last_that_is_not_denied(text, code):
    """A language may be named to say that it is not wanted."""
    assert wanted_language(text) == code


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("累死了", "mood"), ("I'm so tired", "mood"), ("疲れた", "mood"), ("피곤해", "mood"),
        ("没用", "complaint"), ("this is useless", "complaint"), ("使えない", "complaint"),
        ("쓸모없어", "complaint"), ("你是谁", "identity"), ("who are you", "identity"),
        ("あなたは誰ですか", "identity"), ("너는 누구야", "identity"), ("懂了", "agree"),
        ("ok", "agree"), ("了解", "agree"), ("네", "agree"), ("got it thanks", "thanks"),
        ("懂了，谢谢", "thanks"),
    ],
)  # fmt: skip
def test_talk_answers_small_talk_like_a_person(book, text, intent):
    """A tired or cross word is no question about the knowledge; "I see" is no thanks."""
    outcome = asked(text, book)
    assert outcome.answer.intent == intent
    assert outcome.chat == Chat()


@pytest.mark.parametrize("language", LANGUAGES)
def test_greeting_says_who_it_is_once(book, language):
    """One sentence and the examples."""
    hello = {"zh": "你好", "en": "hello", "ja": "こんにちは", "ko": "안녕하세요"}[language]
    paragraph, examples = asked(hello, book).reply.blocks
    assert paragraph.text == say(language, "greeting.body")
    assert len(examples.items) == 4


def test_talk_has_a_skill_for_every_intent_that_the_rules_call_so(book):
    """What is about the conversation is said once, in the rules; a reply needs a skill."""
    assert set(SKILLS) - {"posting_draft"} == book.replies
    assert book.talk - book.replies == {"next", "previous"}
