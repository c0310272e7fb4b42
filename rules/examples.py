"""Every example must settle its question, every near miss is put through the whole.

An example is settled before any rule has a say (`question.settled`), so it is enough that its entry
and section are what is kept for it; a near miss may be answered on several ways, so it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.engine.asking import Example
from knowledge.engine.load import Loaded
from knowledge.engine.source import Problem
from rules.book import RuleBook
from rules.questions.answer import answer
from rules.questions.fresh import settled
from rules.questions.model import Answer, Band
from rules.questions.utterance import read


def check(loaded: Loaded, book: RuleBook) -> list[Problem]:
    """A problem for each example that its entry does not win and near miss that it does."""
    problems: list[Problem] = []
    for id_, texts in loaded.texts.items():
        for language, entry in texts.items():
            document = loaded.documents[id_, language]
            for i, example in enumerate(entry.examples):
                for message in _lost(example, id_, book):
                    problems.append(
                        document.problem(("examples", i), f"example '{example.ask}' {message}")
                    )
            for i, question in enumerate(entry.near_misses):
                got = decide(question, language, book)
                if got.band is Band.ANSWER and got.entry == id_:
                    problems.append(
                        document.problem(
                            ("near_misses", i), f"near miss '{question}' is answered by this entry"
                        )
                    )
    return problems


def decide(question: str, language: str, book: RuleBook) -> Answer:
    """What *question* gets in a fresh chat."""
    return answer(read(question, book, language), book)


def _lost(example: Example, id_: str, book: RuleBook) -> Iterator[str]:
    """Why an example does not settle its own question: another entry or section claims it."""
    entry, section = settled(example.ask, book) or ("nothing", "")
    if entry != id_:
        yield f"is won by {entry}"
    elif (example.section or "") != section:
        yield f"is answered by section '{section}', expected '{example.section or ''}'"
