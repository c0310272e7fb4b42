"""Every example must settle its question, every near miss is put through the whole.

An example is settled before any rule has a say (`question.settled`), so it is enough that its entry
and section are what is kept for it; a near miss may be answered on several ways, so it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.engine.asking import Example
from knowledge.engine.load import Loaded
from knowledge.engine.normal import fold, question_key
from knowledge.engine.source import Problem
from knowledge.engine.tokens import words_of
from rules.book import RuleBook
from rules.questions.answer import answer
from rules.questions.model import Answer, Band
from rules.questions.standalone import settled_by_example
from rules.questions.utterance import read

NEAR = 5
"""So many entries that a question is like may have to do with its answer."""


def check(loaded: Loaded, book: RuleBook, touched: frozenset[str] | None = None) -> list[Problem]:
    """A problem for each example that its entry does not win and near miss that it does.

    *touched*: the entries that have changed since all of them were fine, None for all.
    """
    problems: list[Problem] = []
    claimed, said = _touched_questions(loaded, touched), _words_of(touched, book)
    for id_, texts in loaded.texts.items():
        for language, entry in texts.items():
            document = loaded.documents[id_, language]
            for i, example in enumerate(entry.examples):
                if claimed is not None and question_key(example.ask) not in claimed:
                    continue
                for message in _unsettled(example, id_, book):
                    problems.append(
                        document.problem(("examples", i), f"example '{example.ask}' {message}")
                    )
            for i, question in enumerate(entry.near_misses):
                if touched is not None and not _concerns(question, id_, touched, said, book):
                    continue
                got = decide(question, language, book)
                if got.band is Band.ANSWER and got.entry == id_:
                    problems.append(
                        document.problem(
                            ("near_misses", i), f"near miss '{question}' is answered by this entry"
                        )
                    )
    return problems


def _touched_questions(loaded: Loaded, touched: frozenset[str] | None) -> frozenset[str] | None:
    """The questions whose examples may be settled otherwise than before: those of *touched*."""
    if touched is None:
        return None
    told = (entry for id_ in touched for entry in loaded.texts.get(id_, {}).values())
    return frozenset(question_key(one.ask) for entry in told for one in entry.examples)


def _words_of(touched: frozenset[str] | None, book: RuleBook) -> frozenset[str]:
    """Every word of those entries."""
    return frozenset(word for id_ in touched or () for word in book.base.vocabulary(id_))


def _concerns(
    question: str, id_: str, touched: frozenset[str], said: frozenset[str], book: RuleBook
) -> bool:
    """Whether a near miss of an entry may be answered otherwise than before.

    *said*: the words of those *touched*; a question that shares less than half of its own with
    them is like others.
    """
    if id_ in touched:
        return True
    text = fold(question)
    words = {word.text for word in words_of(text, book.base.words)} - book.base.lexicon.stop
    if 2 * len(words & said) < len(words):
        return False
    hits = book.base.index.search(text, NEAR, by_line=False)
    return any(hit.key.partition("|")[0] in touched for hit in hits)


def decide(question: str, language: str, book: RuleBook) -> Answer:
    """What *question* gets in a fresh chat."""
    return answer(read(question, book, language), book)


def _unsettled(example: Example, id_: str, book: RuleBook) -> Iterator[str]:
    """Why an example does not settle its own question: another entry or section claims it."""
    entry, section = settled_by_example(example.ask, book) or ("nothing", "")
    if entry != id_:
        yield f"is won by {entry}"
    elif (example.section or "") != section:
        yield f"is answered by section '{section}', expected '{example.section or ''}'"
