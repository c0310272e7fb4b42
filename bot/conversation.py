"""A message in a chat that is kept: recall the chat, respond, remember."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from dataclasses import dataclass

from bot import codec
from bot.assistant import reply
from bot.model import Chat, Message, Outcome, Reply
from bot.skills.classify import DECIDED
from bot.store import Busy, Store
from rules.book import RuleBook
from rules.postings.model import Verdict
from rules.questions.model import Answer, Band

PASTED = "classify"
"""The intent of a pasted posting, whose text is not kept."""

LONGEST_QUESTION = 200
"""Characters; a posting that was not recognised as one is longer and must not be kept for long."""


@dataclass(frozen=True, slots=True)
class Told:
    """What goes back, and under which number it was kept."""

    message: int | None
    asked: str
    reply: Reply
    answer: Answer
    chat: Chat
    """As it is now."""


def converse(
    store: Store,
    book: RuleBook,
    chat: str,
    message: Message,
    person: str | None = None,
    organization: str | None = None,
    tally: Counter[tuple[str, str]] | None = None,
    classifies: bool = True,
    before: Chat | None = None,
) -> Told:
    """Answer *message* in the chat of that id, and keep both. Raises Busy; then nothing is kept.

    Questions without a good answer are kept apart, without their asker. What is counted is added
    to *tally*, which its owner writes down from time to time. *before*: the chat, if at hand.
    """
    kept_chat = before if before is not None else codec.chat_from(store.chats.state(chat))
    before = present(kept_chat, book)
    outcome = reply(message, before, book, organization, classifies)
    pasted = outcome.answer.intent == PASTED
    asked = message.text if not pasted else "\u2026"
    after = outcome.chat
    kept = store.chats.keep(
        chat, person, codec.chat_to(after), asked, codec.reply_to(outcome.reply)
    )
    count(outcome, tally)
    if not pasted:
        # The answer is kept and given; a note for the editors is not worth taking it back.
        with contextlib.suppress(Busy):
            learn(store, book, message, outcome)
    return Told(kept, asked, outcome.reply, outcome.answer, after)


def present(chat: Chat, book: RuleBook) -> Chat:
    """The chat without what leans on an entry that the content no longer holds, or not for them."""
    before, last = chat.conversation, chat.last
    decided = {entry for entry, section in before.offers if section == DECIDED}
    gone = before.entries() - decided - set(book.base.languages)
    if last and not mentioned(last) <= set(book.base.languages):
        last = None
    return dataclasses.replace(chat, conversation=before.without(gone), last=last)


def mentioned(answer: Answer) -> frozenset[str]:
    """Every entry that an answer holds."""
    named = {answer.entry, answer.near, answer.about, *answer.compared, *answer.refused}
    named |= {candidate.entry for candidate in answer.others}
    named |= {id_ for other in answer.also for id_ in mentioned(other)}
    return frozenset(id_ for id_ in named if id_)


def count(outcome: Outcome, tally: Counter[tuple[str, str]] | None) -> None:
    """Add an outcome to the counts of the day."""
    if tally is None:
        return
    answer = outcome.answer
    tally["band", str(answer.band)] += 1
    tally["language", outcome.reply.language] += 1
    if answer.intent == PASTED:
        tally["function", (answer.entry or "").partition(".")[2] or "out_of_scope"] += 1


def count_verdict(verdict: Verdict, tally: Counter[tuple[str, str]]) -> None:
    """Add a verdict to the counts of the day."""
    tally["function", verdict.function] += 1
    tally["decision", str(verdict.decision)] += 1


def learn(store: Store, book: RuleBook, message: Message, outcome: Outcome) -> None:
    """Keep a question that got no answer, unless it is as long as only pasted texts are."""
    answer, language = outcome.answer, outcome.reply.language
    if len(message.text) > LONGEST_QUESTION:
        return
    if answer.band is not Band.ANSWER and answer.intent:
        near = [candidate.entry for candidate in answer.others]
        store.learning.unanswered(
            message.text, language, str(answer.band), near, answer.score, book.version
        )
