"""What a batch came to: how many of each function, how sure, what is mixed or mislabelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.postings.model import Result
from bot.postings.output import name_of
from bot.texts import say
from rules.postings.posting_rules import PostingRules

SHOWN_PROBLEMS = 200


@dataclass(slots=True)
class Summary:
    """Counts that grow while results pass by."""

    total: int = 0
    functions: Counter[str] = field(default_factory=Counter)
    families: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    oddities: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    problems: list[Result] = field(default_factory=list)
    """The first rows that could not be read."""

    def watch(self, results: Iterable[Result]) -> Iterator[Result]:
        """Pass *results* on and count them."""
        for result in results:
            self.add(result)
            yield result

    def add(self, result: Result) -> None:
        """Count one result."""
        self.total += 1
        verdict = result.verdict
        if verdict is None:
            self.broken += 1
            if len(self.problems) < SHOWN_PROBLEMS:
                self.problems.append(result)
            return
        self.functions[verdict.function] += 1
        if verdict.family:
            self.families[verdict.family] += 1
        self.decisions[str(verdict.decision)] += 1
        self.oddities.update(sorted({flag.kind for flag in verdict.flags}))

    def lines(self, rules: PostingRules, language: str) -> Iterator[tuple[str, int | None]]:
        """(name, number) of everything counted; a heading has no number."""
        yield say(language, "classify.summary.total"), self.total
        yield say(language, "classify.summary.broken"), self.broken
        yield say(language, "classify.summary.functions"), None
        for name, count in self.functions.most_common():
            yield name_of(name, rules, language), count
        if self.families:
            yield say(language, "classify.summary.families"), None
            for name, count in self.families.most_common():
                yield name_of(name, rules, language), count
        yield say(language, "classify.summary.decisions"), None
        for name, count in self.decisions.most_common():
            yield say(language, f"classify.decision.{name}"), count
        if self.oddities:
            yield say(language, "classify.summary.oddities"), None
            for name, count in self.oddities.most_common():
                yield say(language, f"classify.oddname.{name}"), count
