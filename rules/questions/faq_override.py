"""What an organization answers itself, although it is a limit of ours."""

from __future__ import annotations

from knowledge.engine.normal import fold
from rules.book import RuleBook
from rules.questions import rank
from rules.questions.model import Intent, Utterance


def covers(utterance: Utterance, intent: Intent, book: RuleBook) -> bool:
    """Whether the nearest entry is an organization's answer to a question on that very subject."""
    if not any(id_.startswith("faq.") for id_ in book.base.own):
        return False
    first = rank.candidates(utterance, intent, book)[:1]
    if not first or not first[0].entry.startswith("faq."):
        return False
    entry = book.base.entry(first[0].entry)
    asked = fold("\n".join((entry.title, *(example.ask for example in entry.examples))))
    return all(fold(limit.text) in asked for limit in utterance.limits)
