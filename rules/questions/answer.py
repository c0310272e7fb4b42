"""answer: a message and the conversation so far -> Answer: the door of this folder."""

from __future__ import annotations

from rules.book import RuleBook
from rules.questions import dialogue
from rules.questions.model import Answer, Utterance
from rules.questions.state import EMPTY, Conversation


def answer(utterance: Utterance, book: RuleBook, before: Conversation = EMPTY) -> Answer:
    """Decide what *utterance* gets in a conversation that has gone as *before*. Pure."""
    return dialogue.resolve(utterance, before, book)
