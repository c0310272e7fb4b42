"""Two questions in one message: each clause is answered by itself, what is not held is told beside.

`question_parts` goes on from there, with clauses that lean on one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from rules.book import RuleBook
from rules.questions.clauses import MOST
from rules.questions.intent import MAX_LEFT
from rules.questions.model import Answer, Band, Clause, Intent, Utterance
from rules.questions.partial import held_part
from rules.questions.relations import KIND, holds, related_entries

ANSWERS = 3
"""Answers to one message at most."""


Ask = Callable[[Utterance, Intent], Answer]
"""Answers an utterance of which is known what is wanted."""


def answer_several(
    utterance: Utterance, whole: Answer, book: RuleBook, one: Callable[[str], Clause], ask: Ask
) -> Answer:
    """The answer to *utterance* with those to its further questions; *whole* if it has only one.

    *one* reads and answers a clause by itself.
    """
    if any(e.kind in ("example", "lead") for e in whole.evidence):
        return whole
    part = held_part(utterance, whole, book, one)
    if part:
        return part
    spans = book.clauses.split(utterance.raw)
    asking = [span for span in spans if _asks(utterance, span)]
    if len(spans) > len(asking) == 1:
        return _beside_a_scene(one(utterance.raw[slice(*asking[0])]), utterance, whole)
    if len(spans) > MOST or len(asking) < 2:
        return whole
    told = _in_turn([one(utterance.raw[start:end]) for start, end in asking], book, ask)
    held = _distinct(a for a in told if a.band is Band.ANSWER and a.entry)
    sure = [answer for answer in held if not answer.guess]
    missing = tuple(dict.fromkeys(key for a in told for key in a.missing))
    if missing and held:
        return _join_answers(sure or held, missing, whole)
    if not missing and len(sure) > 1 and not whole.compared:
        return _join_answers(sure, (), whole)
    if len(held) > 1 and whole.band is not Band.ANSWER:
        return _join_answers(held, (), whole)
    return whole


def _beside_a_scene(clause: Clause, utterance: Utterance, whole: Answer) -> Answer:
    """The answer to the one clause that asks, where what else is said hides it from the whole.

    Only of a thing the clause names, and only where it is sure and *whole* is not.
    """
    answer, sure = clause.answer, whole.band is Band.ANSWER and not whole.guess
    if sure or utterance.limits or not clause.intent.evidence or not clause.utterance.mentions:
        return whole
    if answer.band is not Band.ANSWER or answer.guess or not answer.entry:
        return whole
    return replace(answer, evidence=whole.evidence)


def _in_turn(clauses: list[Clause], book: RuleBook, ask: Ask) -> list[Answer]:
    """The answers in order; a clause that names nothing asks of what the one before was about."""
    told: list[Answer] = []
    before: Clause | None = None
    for clause in clauses:
        leaning = (
            _resolve_ellipsis(clause, before, book, ask)
            if before and _is_elliptic(clause, book)
            else None
        )
        told.append(leaning or clause.answer)
        before = clause if clause.answer.entry else before
    return told


def _is_elliptic(clause: Clause, book: RuleBook) -> bool:
    """Whether a clause asks something and names nothing of its own."""
    utterance, intent = clause.utterance, clause.intent
    left = sum(word.weight for word in utterance.words)
    bare = not utterance.mentions and not utterance.limits and left <= MAX_LEFT
    return bare and bool(intent.evidence) and intent.name not in book.talk


def _resolve_ellipsis(clause: Clause, before: Clause, book: RuleBook, ask: Ask) -> Answer | None:
    """What *clause* asks of what was asked of before: of the task, where its owner was told."""
    if before.intent.name == "owner":
        task = replace(before.utterance, cues=clause.utterance.cues)
        answer = ask(task, clause.intent)
        return answer if answer.band is Band.ANSWER else None
    return _of_the_same(clause.intent, before.answer.entry or "", book)


def _of_the_same(intent: Intent, thing: str, book: RuleBook) -> Answer | None:
    """What is asked of *thing*, or of the entry of the wanted kind that belongs to it."""
    kind = KIND.get(intent.name)
    if kind and not thing.startswith(f"{kind}."):
        thing = next(iter(related_entries(thing, kind, book)), "")
    section = holds(book.base.entry(thing), intent) if thing else ""
    return Answer(Band.ANSWER, intent.name, thing, section, 1.0) if section else None


def _asks(utterance: Utterance, span: tuple[int, int]) -> bool:
    """Whether words that ask something stand in that span of the message."""
    start, end = span
    return any(start <= e.start and e.end <= end for e in (*utterance.cues, *utterance.limits))


def _join_answers(held: list[Answer], missing: tuple[str, ...], whole: Answer) -> Answer:
    first, *rest = held[:ANSWERS]
    return replace(first, also=tuple(rest), missing=missing, evidence=whole.evidence)


def _distinct(answers: Iterable[Answer]) -> list[Answer]:
    """Those that tell something else than the ones before."""
    kept: dict[tuple[str | None, str], Answer] = {}
    for answer in answers:
        kept.setdefault((answer.entry, answer.section), answer)
    return list(kept.values())
