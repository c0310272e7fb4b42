"""A need in words -> the checklists that fit it, by the same question answering as the chat."""

from __future__ import annotations

from bot.texts import say
from rules import question
from rules.book import RuleBook
from rules.model import Answer, Band, Topic
from rules.utterance import read

MOST = 3


def find(book: RuleBook, need: str, language: str) -> tuple[str, ...]:
    """Ids of the checklists that fit *need*, the best first; none where nothing fits.

    The need is asked as it stands, then as a question for a checklist.
    """
    plain = need.strip()
    if not plain:
        return ()
    asked = [plain, say(language, "runs.need", need=plain)]
    answers = [question.answer(read(text, book), book, Topic()) for text in asked]
    found: dict[str, None] = {}
    for answer in answers:
        if answer.band is Band.ANSWER and _is_checklist(answer.entry):
            found.setdefault(str(answer.entry))
    for answer in answers:
        for id_ in _near(answer, book):
            found.setdefault(id_)
    return tuple(found)[:MOST]


def _near(answer: Answer, book: RuleBook) -> list[str]:
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
