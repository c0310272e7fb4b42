"""Two questions in one message, answered in turn, each leaning on the one before.

`several` answers such a message as one, clause beside clause; this comes after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rules.book import RuleBook
from rules.questions.clauses import MOST
from rules.questions.model import Answer, Band, Utterance
from rules.questions.remember import next_conversation
from rules.questions.state import Conversation
from rules.questions.utterance import read

FEWEST, ASKED = 2, 3
"""Questions of a message that are answered in turn: at least, and at most."""
ENOUGH = 6
"""Letters of a clause that is a question of its own though no word in it asks."""
LOOSE = ("define", "guideline", "what_about")
"""Intents whose words alone make no question: "ours is 40"."""
QUESTION = re.compile(r"\s*[?\uff1f]")
SPACE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
"""What parts questions that are typed on a phone, in scripts that need no space."""
SPACELESS = ("zh", "ja")

One = Callable[[Utterance, Conversation], Answer]
"""Decides a clause in the conversation as it has gone before it."""


def answer_parts(
    utterance: Utterance, before: Conversation, whole: Answer, book: RuleBook, one: One
) -> Answer:
    """*whole*, with the answers to the other questions of *utterance*. Pure.

    In a conversation the questions take the place of a *whole* that is not sure; a message by
    itself keeps what it gets as a whole, and is told the others beside it.
    """
    spans = _questions(utterance, book)
    if not FEWEST <= len(spans) <= ASKED or len(whole.compared) > 1 or whole.intent in book.replies:
        return whole
    told: list[Answer] = []
    talking = not before.empty
    for start, end in spans:
        clause = read(utterance.raw[start:end].strip(), book, utterance.language)
        answer = one(clause, before)
        told.append(replace(answer, asked=clause.raw))
        before = next_conversation(before, clause, answer, book)
    first = _first_answer(told, whole, talking)
    return _join_answers(first, told, book) if first else whole


def _questions(utterance: Utterance, book: RuleBook) -> list[tuple[int, int]]:
    """The spans of the clauses that ask something; none where there are too many clauses."""
    raw = utterance.raw
    spans = [
        part for span in book.clauses.split(raw) for part in _split_clause(span, utterance, book)
    ]
    return [span for span in spans if _asks(span, utterance, book)] if len(spans) <= MOST else []


def _split_clause(
    span: tuple[int, int], utterance: Utterance, book: RuleBook
) -> list[tuple[int, int]]:
    """The parts of a clause between spaces, where each of them asks something."""
    start, end = span
    if utterance.language not in SPACELESS:
        return [span]
    edges = [(start, start), *(m.span() for m in SPACE.finditer(utterance.raw, start, end))]
    ends = [*(begin for begin, _ in edges[1:]), end]
    parts = [(begin, stop) for (_, begin), stop in zip(edges, ends, strict=True)]
    return parts if all(_asks(part, utterance, book) for part in parts) else [span]


def _asks(span: tuple[int, int], utterance: Utterance, book: RuleBook) -> bool:
    """Whether a clause has words that ask, or a question mark behind it."""
    start, end = span
    cues = (*(c for c in utterance.cues if c.value not in LOOSE), *utterance.limits)
    return (
        any(start <= cue.start and cue.end <= end for cue in cues)
        or book.clauses.asks(utterance.raw[start:end])
        or QUESTION.match(utterance.raw, end) is not None
    )


def _first_answer(told: list[Answer], whole: Answer, talking: bool) -> Answer | None:
    """What stands first; None where the questions add nothing to *whole*."""
    held = [answer for answer in told if _is_answered(answer)]
    same = _is_answered(whole) and any(_place(answer) == _place(whole) for answer in held)
    unsure = not _is_answered(whole) or whole.guess
    if talking and held and (same or unsure):
        return replace(held[0], evidence=whole.evidence)
    return whole if same else None


def _join_answers(first: Answer, told: list[Answer], book: RuleBook) -> Answer:
    """*first* with what is told beside it: further answers, and by name what gets none."""
    also, missing = list(first.also), list(first.missing)
    seen = {_place(answer) for answer in (first, *also)}
    for answer in told:
        if _is_answered(answer):
            also += [answer] if _place(answer) not in seen else []
            seen.add(_place(answer))
        elif answer.limit or answer.missing:
            missing += [*((answer.limit,) if answer.limit else ()), *answer.missing]
        elif answer.intent not in book.replies and _says_enough(answer.asked, book):
            also.append(replace(answer, band=Band.DECLINE, others=(), entry=None, section=""))
    return replace(first, also=tuple(also[:ASKED]), missing=tuple(dict.fromkeys(missing)))


def _is_answered(answer: Answer) -> bool:
    return answer.band is Band.ANSWER and bool(answer.entry)


def _place(answer: Answer) -> tuple[str | None, str]:
    return answer.entry, answer.section


def _says_enough(asked: str, book: RuleBook) -> bool:
    """Whether a clause without an answer is a question of its own: "right?" is none."""
    return book.clauses.asks(asked) or sum(map(str.isalnum, asked)) >= ENOUGH
