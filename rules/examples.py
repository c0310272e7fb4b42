"""Puts every example and near miss of the content through the whole; what fails is a problem."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.load import Loaded
from knowledge.source import Problem
from rules.book import RuleBook
from rules.model import Answer, Band, Topic
from rules.question import answer
from rules.utterance import read


def check(loaded: Loaded, book: RuleBook) -> list[Problem]:
    """A problem for each example that its entry does not win and near miss that it does."""
    problems: list[Problem] = []
    for id_, texts in loaded.texts.items():
        for language, entry in texts.items():
            document = loaded.documents[id_, language]
            for i, example in enumerate(entry.examples):
                for message in _lost(decide(example.ask, language, book), id_, example.section):
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
    return answer(read(question, book, language), book, Topic())


def _lost(got: Answer, id_: str, section: str | None) -> Iterator[str]:
    if got.band is not Band.ANSWER:
        others = ", ".join(candidate.entry for candidate in got.others) or "nothing"
        yield f"is not answered ({got.band}: {others})"
    elif got.entry != id_:
        yield f"is won by {got.entry}"
    elif section and got.section != section:
        yield f"is answered by section '{got.section}', expected '{section}'"
