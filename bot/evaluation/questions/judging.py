"""Asking, and judging what came: the right entry and section first, offered, or declined well?"""

from __future__ import annotations

from collections.abc import Iterable

from bot.assistant import reply
from bot.evaluation.questions.model import (
    ANY,
    COMPARE,
    Conversation,
    Judged,
    Key,
    Pair,
    Verdict,
    Wanted,
)
from bot.model import Chat, Message
from rules.book import RuleBook
from rules.questions.model import Answer, Band

OFFERS = 3
"""Offers that count: more than that nobody reads."""
TABLES = frozenset({COMPARE, "rows", "in_common", "how_they_work_together"})
"""Sections that set things side by side."""
OR_OFFERS = ("also fine", "as good")
"""In the note of a partial key: useful offers are as good as an answer."""


def run(conversations: Iterable[Conversation], book: RuleBook) -> list[Judged]:
    """Ask every conversation in a chat of its own, turn by turn, and judge each answer."""
    return [row for conversation in conversations for row in _talk(conversation, book)]


def _talk(conversation: Conversation, book: RuleBook) -> list[Judged]:
    chat, rows = Chat(), []
    for at, key in enumerate(conversation.turns):
        outcome = reply(Message(key.say, conversation.language), chat, book)
        chat = outcome.chat
        verdict = judge(outcome.answer, key, conversation.entries)
        rows.append(Judged(conversation, at, outcome.answer, verdict))
    return rows


def judge(answer: Answer, key: Key, entries: frozenset[str] | None = None) -> Verdict:
    """The verdict on *answer*; *entries*: those that existed when the key was made, if known.

    An answer to a further question of the same message counts like the first one.
    """
    given = answers(answer)
    if entries is not None and any(a.entry not in entries for a in given):
        return Verdict.UNREAD
    if key.wanted is Wanted.DECLINE:
        return _not_held(answer, given, key)
    if given or answer.band is Band.ANSWER:
        return _judge_answer(answer, given, key)
    return _not_answered(answer, key)


def answers(answer: Answer) -> list[Answer]:
    """What is answered with an entry, first and further ones."""
    return [a for a in (answer, *answer.also) if a.band is Band.ANSWER and a.entry]


def offers(answer: Answer) -> list[str]:
    """The entries that are offered, those that count."""
    return [candidate.entry for candidate in answer.others[:OFFERS]]


def hits(answer: Answer, pair: Pair) -> bool:
    """Whether *answer* gives that entry and section, or sets those entries side by side."""
    entry, section = pair
    if entry == COMPARE:
        return _compares(answer, set(section.split("|")))
    return answer.entry == entry and section in (ANY, answer.section)


def _compares(answer: Answer, things: set[str]) -> bool:
    """By what was compared; a written comparison, which may not tell, by what it is called."""
    if answer.section not in TABLES or not answer.entry:
        return False
    if things <= set(answer.compared):
        return len(things) > 1 or answer.section == COMPARE
    if len(things) == 1:
        return False
    if answer.entry in things:
        return True
    stems = {thing.partition(".")[2].partition("_")[0] for thing in things}
    return answer.entry.startswith("comparison.") and any(stem in answer.entry for stem in stems)


def _not_held(answer: Answer, given: list[Answer], key: Key) -> Verdict:
    if given:
        guessed = all(a.guess for a in given)
        return Verdict.NOISE_GUESSED if guessed else Verdict.ANSWERED
    if answer.band is Band.ANSWER and not answer.others:
        return Verdict.DECLINED  # a greeting returned, a posting asked for: nothing is claimed
    noise = [entry for entry in offers(answer) if entry not in key.helpful_entries]
    if answer.band is Band.DECLINE:
        return Verdict.NOISILY if noise else Verdict.DECLINED
    if answer.band is Band.SUGGEST and answer.others and not noise:
        return Verdict.DECLINED
    return Verdict.NOISE


def _judge_answer(answer: Answer, given: list[Answer], key: Key) -> Verdict:
    right = [a for a in given if any(hits(a, pair) for pair in key.accept)]
    if right:
        return Verdict.GUESSED if all(a.guess for a in right) else Verdict.RIGHT
    if given and all(a.guess for a in given):
        shown = {a.entry for a in given} | set(offers(answer))
        return Verdict.OFFERED if shown & key.helpful_entries else Verdict.MISGUESSED
    accepted = {entry for entry, _ in key.accept}
    return Verdict.SECTION if any(a.entry in accepted for a in given) else Verdict.WRONG


def _not_answered(answer: Answer, key: Key) -> Verdict:
    offered = offers(answer)
    either = key.wanted is Wanted.PARTIAL and any(words in key.note for words in OR_OFFERS)
    if either and key.helpful_entries.issuperset(offered):
        return Verdict.RIGHT
    if key.helpful_entries.intersection(offered):
        return Verdict.OFFERED
    return Verdict.USELESS if answer.band is Band.SUGGEST else Verdict.REFUSED
