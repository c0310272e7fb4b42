"""reply: a message and its chat -> an outcome. The same message on the same content: same bytes."""

from __future__ import annotations

from dataclasses import replace

from bot import skills
from bot.language import language_of
from bot.model import Chat, Message, Outcome, Paragraph, Reply, Turn
from bot.texts import say
from knowledge.engine.normal import clean
from rules.book import RuleBook
from rules.postings import paste
from rules.postings.classify import classify
from rules.questions import answer as question
from rules.questions.intent import TALK
from rules.questions.model import Answer, Band, Utterance
from rules.questions.numbers import pick
from rules.questions.remember import after
from rules.questions.utterance import read


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
    language = language_of(message, chat, text)
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
    answer = question.answer(utterance, book, chat.conversation)
    return _respond(Turn(message, chat, book, answer, language, organization), utterance)


def command(intent: str, chat: Chat, book: RuleBook, language: str, channel: str = "") -> Outcome:
    """What an intent about the conversation gives when it is chosen and not typed."""
    asked = Answer(Band.ANSWER, intent, None, "", 1.0)
    message = Message("", language, channel=channel)
    return skills.respond(Turn(message, chat, book, asked, language, None))


def speak(wanted: str, chat: Chat, book: RuleBook, organization: str | None = None) -> Outcome:
    """The chat in another language from now on, its last answer told again."""
    asked = Answer(Band.ANSWER, "language", None, "", 1.0)
    turn = Turn(Message("", wanted), chat, book, asked, chat.speaking, organization)
    return skills.talk.switched(turn, wanted)


def _respond(turn: Turn, utterance: Utterance) -> Outcome:
    return _remembered(turn, utterance, skills.respond(turn))


def _remembered(turn: Turn, utterance: Utterance, outcome: Outcome) -> Outcome:
    """The outcome with the chat as it is then; talk about the conversation leaves it as it was."""
    offers = tuple((choice.entry, choice.section) for choice in outcome.reply.choices)
    before, answer = turn.chat.conversation, outcome.answer
    if answer.intent in TALK and answer.intent not in ("next", "previous") and not offers:
        return outcome
    if answer.intent == "language":
        return outcome
    conversation = after(before, utterance, answer, turn.book, offers)
    chat = replace(
        outcome.chat, conversation=conversation, last=answer, speaking=outcome.reply.language
    )
    return replace(outcome, chat=chat)


def _posting(text: str, message: Message, chat: Chat, book: RuleBook, language: str) -> Outcome:
    """The verdict on a posting that was pasted into the chat."""
    verdict = classify(paste.read(text, book.pack), book.pack)
    asked = Answer(Band.ANSWER, "classify", None, "", 1.0)
    turn = Turn(message, chat, book, asked, language, None)
    return _remembered(turn, read("", book), skills.classify.posting(turn, verdict))


def _only(text: str, chat: Chat, language: str) -> Outcome:
    """A sentence and nothing else; the chat stays where it was."""
    nothing = Answer(Band.DECLINE, "", None, "", 0.0)
    return Outcome(Reply(language, (Paragraph(text),)), chat, nothing)


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
    before, utterance = chat.conversation, read(message.text, book, language)
    section = before.offers[number - 1][1] if 1 <= number <= len(before.offers) else ""
    if section == skills.classify.DECIDED:
        entry = before.offers[number - 1][0]
        decided = Answer(Band.ANSWER, "classify", entry, section, 1.0)
        turn = Turn(message, chat, book, decided, language, organization)
        return _remembered(turn, utterance, skills.classify.picked(turn))
    answer = pick(number, before, book)
    if answer is not None:
        return _respond(Turn(message, chat, book, answer, language, organization), utterance)
    if not before.offers:
        return _only(say(language, "choice.nothing"), chat, language)
    text = say(language, "choice.none", number=number, count=len(before.offers))
    return _only(text, chat, language)
