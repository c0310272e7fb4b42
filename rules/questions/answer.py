"""answer: a message and the conversation so far -> Answer: the door of this folder."""

from __future__ import annotations

from rules.book import RuleBook
from rules.questions.fresh import fresh
from rules.questions.model import Answer, Topic, Utterance


def answer(utterance: Utterance, book: RuleBook, topic: Topic) -> Answer:
    """Decide what *utterance* gets, in a chat that was last about *topic*. Pure."""
    return fresh(utterance, book)
