"""A need in words -> the checklists that fit it, by the same question answering as the chat."""

from __future__ import annotations

from collections import defaultdict

from bot.texts import say
from knowledge.engine.model import Practice, Stage
from rules.book import RuleBook
from rules.questions import answer as question
from rules.questions.model import Answer, Band
from rules.questions.utterance import read

MOST = 3
SURE = 2.0
"""What an answer counts, beside 1 for the first that is only near, a half for the second ..."""


def find(book: RuleBook, need: str, language: str) -> tuple[str, ...]:
    """Ids of the checklists that fit *need*, the best first; none where nothing fits."""
    return best_match(book, need, language)[0]


def best_match(book: RuleBook, need: str, language: str) -> tuple[tuple[str, ...], bool]:
    """The same, and whether the first is an answer and no mere guess.

    The need is asked as it stands and as a question for a checklist; what both lead to comes first.
    """
    plain = need.strip()
    if not plain:
        return (), False
    asked = [plain, say(language, "runs.need", need=plain)]
    answers = [question.answer(read(text, book), book) for text in asked]
    if answers[0].band is Band.DECLINE and answers[1].band is not Band.ANSWER:
        return (), False
    scores: defaultdict[str, float] = defaultdict(float)
    for answer in answers:
        for id_ in _certain_checklists(answer, book):
            scores[id_] += SURE
        for rank, id_ in enumerate(dict.fromkeys(_candidates(answer, book)), 1):
            scores[id_] += 1 / rank
    ids = tuple(sorted(scores, key=lambda id_: -scores[id_]))[:MOST]
    return ids, bool(ids) and scores[ids[0]] >= SURE


def _certain_checklists(answer: Answer, book: RuleBook) -> tuple[str, ...]:
    """The checklist that is the answer, or the ones of the way of working that is."""
    if answer.band is not Band.ANSWER or answer.entry is None:
        return ()
    if _is_checklist(answer.entry):
        return (answer.entry,)
    entry = book.base.entry(answer.entry)
    return entry.checklists if isinstance(entry, Practice | Stage) else ()


def _candidates(answer: Answer, book: RuleBook) -> list[str]:
    """The checklists an answer points to: those of its entry, and its runners-up."""
    if answer.band is Band.DECLINE:
        return []
    ids = [] if answer.entry is None else [answer.entry]
    ids += [candidate.entry for candidate in answer.others]
    found = []
    for id_ in ids:
        if _is_checklist(id_):
            found.append(id_)
        else:
            entry = book.base.entry(id_)
            own = getattr(entry, "checklists", ())
            found += [link for link in (*own, *entry.related) if _is_checklist(link)]
    return found


def _is_checklist(id_: str | None) -> bool:
    return id_ is not None and id_.startswith("checklist.")
