"""reply: a message and its chat -> an outcome. The same message on the same content: same bytes."""

from __future__ import annotations

from dataclasses import replace

from bot import skills
from bot.language import language_of
from bot.model import Chat, Message, Outcome, Paragraph, Reply, Turn, chosen_answer
from bot.texts import say
from knowledge.engine.normal import clean
from rules.book import RuleBook
from rules.postings import detect
from rules.postings.classify import classify
from rules.questions import answer as question
from rules.questions.model import Utterance
from rules.questions.numbers import pick
from rules.questions.remember import next_conversation
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
        return _sentence(say(language, "empty.body"), chat, language)
    number = _number(text)
    if number is not None:
        return _pick(number, message, chat, book, language, organization)
    if len(text) >= detect.MIN_CHARS and detect.is_posting(text, book.pack):
        if not classifies:
            return _sentence(say(language, "classify.denied"), chat, language)
        return _answer_posting(text, message, chat, book, language)
    utterance = read(text, book, message.language)
    answer = question.answer(utterance, book, chat.conversation)
    return _respond(Turn(message, chat, book, answer, language, organization), utterance)


def command(intent: str, chat: Chat, book: RuleBook, language: str, channel: str = "") -> Outcome:
    """What an intent about the conversation gives when it is chosen and not typed."""
    message = Message("", language, channel=channel)
    return skills.respond(Turn(message, chat, book, chosen_answer(intent), language, None))


def answer_pick(
    entry: str,
    section: str,
    intent: str,
    message: Message,
    chat: Chat,
    book: RuleBook,
    organization: str | None = None,
) -> Outcome | None:
    """What an offered section of an entry gives when it is picked; None if it is not there.

    *intent*: what was wanted when it was offered; *message*: without words, in a language.
    """
    language = language_of(message, chat, "")
    nothing_said = read("", book, language)
    if section == skills.classify.DECIDED:
        turn = Turn(
            message, chat, book, chosen_answer("classify", entry, section), language, organization
        )
        return _remember(turn, nothing_said, skills.classify.choose_function(turn))
    if entry not in book.base.languages:
        return None
    offers = ((entry, section),)
    answer = pick(1, replace(chat.conversation, intent=intent, offers=offers), book)
    assert answer is not None
    return _respond(Turn(message, chat, book, answer, language, organization), nothing_said)


def speak(wanted: str, chat: Chat, book: RuleBook, organization: str | None = None) -> Outcome:
    """The chat in another language from now on, its last answer told again."""
    turn = Turn(
        Message("", wanted), chat, book, chosen_answer("language"), chat.speaking, organization
    )
    return skills.talk.switch_language(turn, wanted)


def _respond(turn: Turn, utterance: Utterance) -> Outcome:
    return _remember(turn, utterance, skills.respond(turn))


def _remember(turn: Turn, utterance: Utterance, outcome: Outcome) -> Outcome:
    """The outcome with the chat as it is then; talk about the conversation leaves it as it was."""
    offers = tuple((choice.entry, choice.section) for choice in outcome.reply.choices)
    before, answer = turn.chat.conversation, outcome.answer
    if answer.intent in turn.book.replies and not offers:
        return outcome
    if answer.intent == "language":
        return outcome
    conversation = next_conversation(before, utterance, answer, turn.book, offers)
    chat = replace(
        outcome.chat, conversation=conversation, last=answer, speaking=outcome.reply.language
    )
    return replace(outcome, chat=chat)


def _answer_posting(
    text: str, message: Message, chat: Chat, book: RuleBook, language: str
) -> Outcome:
    """The verdict on a posting that was pasted into the chat."""
    verdict = classify(detect.read(text, book.pack), book.pack)
    turn = Turn(message, chat, book, chosen_answer("classify"), language, None)
    return _remember(turn, read("", book), skills.classify.posting(turn, verdict))


def _sentence(text: str, chat: Chat, language: str) -> Outcome:
    """A sentence and nothing else; the chat stays where it was."""
    return Outcome(Reply(language, (Paragraph(text),)), chat)


def _number(text: str) -> int | None:
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
    before = chat.conversation
    if 1 <= number <= len(before.offers):
        entry, section = before.offers[number - 1]
        outcome = answer_pick(entry, section, before.intent, message, chat, book, organization)
        if outcome is not None:
            return outcome
    utterance = read(message.text, book, language)
    answer = pick(number, before, book)
    if answer is not None:
        return _respond(Turn(message, chat, book, answer, language, organization), utterance)
    if not before.offers:
        return _sentence(say(language, "choice.nothing"), chat, language)
    text = say(language, "choice.none", number=number, count=len(before.offers))
    return _sentence(text, chat, language)
