"""reply: a message and its chat -> an outcome. The same message on the same content: same bytes."""

from __future__ import annotations

from dataclasses import replace

from bot import skills
from bot.model import Chat, Message, Outcome, Paragraph, Reply, Turn
from bot.texts import say
from knowledge.normal import clean
from rules.book import RuleBook
from rules.posting import paste
from rules.posting.classify import classify
from rules.questions import answer as question
from rules.questions.model import Answer, Band
from rules.questions.utterance import guess_language, read


def reply(
    message: Message,
    chat: Chat,
    book: RuleBook,
    organization: str | None = None,
    classifies: bool = True,
) -> Outcome:
    """What to say to *message* in *chat*; *organization* names a profile such as company-a.

    *classifies*: whether the person may have postings classified.
    """
    text = clean(message.text).strip()
    language = _language(message, chat, text)
    if not text:
        return _only(say(language, "empty.body"), chat, language)
    picked = _picked(text)
    if picked is not None:
        return _pick(picked, message, chat, book, language, organization)
    if len(text) >= paste.MIN_CHARS and paste.is_posting(text, book.pack):
        if not classifies:
            return _only(say(language, "classify.denied"), chat, language)
        return _posting(text, message, chat, book, language)
    utterance = read(text, book, message.language)
    answer = question.answer(utterance, book, chat.topic)
    return skills.respond(Turn(message, chat, book, answer, language, organization))


def command(intent: str, chat: Chat, book: RuleBook, language: str) -> Outcome:
    """What an intent about the conversation gives when it is chosen and not typed."""
    asked = Answer(Band.ANSWER, intent, None, "", 1.0)
    return skills.respond(Turn(Message("", language), chat, book, asked, language, None))


def _posting(text: str, message: Message, chat: Chat, book: RuleBook, language: str) -> Outcome:
    """The verdict on a posting that was pasted into the chat."""
    verdict = classify(paste.read(text, book.pack), book.pack)
    asked = Answer(Band.ANSWER, "classify", None, "", 1.0)
    return skills.classify.posting(Turn(message, chat, book, asked, language, None), verdict)


def _only(text: str, chat: Chat, language: str) -> Outcome:
    """A sentence and nothing else; the chat stays where it was."""
    nothing = Answer(Band.DECLINE, "", None, "", 0.0)
    return Outcome(Reply(language, (Paragraph(text),)), chat, nothing)


def _language(message: Message, chat: Chat, text: str) -> str:
    if message.language or chat.language:
        return message.language or chat.language or "zh"
    if not any(char.isalpha() for char in text):
        return chat.speaking
    return guess_language(text)


def _picked(text: str) -> int | None:
    """The number of a choice, if the message is nothing but a number."""
    bare = text.rstrip(".")
    if len(bare) <= 2 and bare.isdecimal():
        return int(bare)
    return None


def _pick(
    number: int,
    message: Message,
    chat: Chat,
    book: RuleBook,
    language: str,
    organization: str | None,
) -> Outcome:
    offers = chat.topic.offers
    if not offers:
        return _only(say(language, "choice.nothing"), chat, language)
    if not 1 <= number <= len(offers):
        text = say(language, "choice.none", number=number, count=len(offers))
        return _only(text, chat, language)
    entry, section = offers[number - 1]
    if section == skills.classify.DECIDED:
        decided = Answer(Band.ANSWER, "classify", entry, section, 1.0)
        return skills.classify.picked(Turn(message, chat, book, decided, language, organization))
    answer = Answer(Band.ANSWER, chat.topic.intent, entry, section, 1.0)
    if section == "compare":
        answer = replace(answer, section="summary")
    return skills.respond(Turn(message, chat, book, answer, language, organization))
