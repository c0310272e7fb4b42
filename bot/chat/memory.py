"""What a chat may still lean on, what of an answer is counted, and what editors are to see."""

from __future__ import annotations

import dataclasses

from bot.model import Chat, Counts, Outcome
from bot.skills.classify import DECIDED
from rules.book import RuleBook
from rules.postings.model import Verdict
from rules.questions.model import Answer, Band

PASTED = "classify"
"""The intent of a pasted posting, whose text is not kept."""
LONGEST_QUESTION = 200
"""Characters; a posting that was not recognised as one is longer and must not be kept for long."""


@dataclasses.dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that got no answer, for the editors; nobody is named with it."""

    question: str
    language: str
    band: str
    near: tuple[str, ...]
    score: float
    version: str


def present(chat: Chat, book: RuleBook) -> Chat:
    """The chat without what leans on an entry that the content no longer holds, or not for them.

    What was left over of a text that may be about such an entry goes, too.
    """
    before, last = chat.conversation, chat.last
    decided = {entry for entry, section in before.offers if section == DECIDED}
    gone = before.entries() - decided - set(book.base.languages)
    rest = "" if gone else chat.rest
    if last and not entries_of(last) <= set(book.base.languages):
        last, rest = None, ""
    if not gone and last is chat.last:
        return chat
    return dataclasses.replace(chat, conversation=before.forget_entries(gone), last=last, rest=rest)


def entries_of(answer: Answer) -> frozenset[str]:
    """Every entry that an answer holds."""
    named = {answer.entry, answer.near, answer.about, *answer.compared, *answer.refused}
    named |= {candidate.entry for candidate in answer.others}
    named |= {id_ for other in answer.also for id_ in entries_of(other)}
    return frozenset(id_ for id_ in named if id_)


def counts(outcome: Outcome) -> Counts:
    """What of an outcome is counted, of the day."""
    answer = outcome.answer
    counted = (("band", str(answer.band)), ("language", outcome.reply.language))
    if answer.intent != PASTED:
        return counted
    function = (answer.entry or "").partition(".")[2] or "out_of_scope"
    return (*counted, ("function", function))


def verdict_counts(verdict: Verdict) -> Counts:
    """What of a verdict is counted, of the day."""
    return ("function", verdict.function), ("decision", str(verdict.decision))


def open_question(text: str, outcome: Outcome, version: str) -> OpenQuestion | None:
    """The question, if it got no answer and is not as long as only pasted texts are."""
    answer = outcome.answer
    if len(text) > LONGEST_QUESTION or answer.intent == PASTED:
        return None
    if answer.band is Band.ANSWER or not answer.intent:
        return None
    near = tuple(candidate.entry for candidate in answer.others)
    language = outcome.reply.language
    return OpenQuestion(text, language, str(answer.band), near, answer.score, version)
