"""What a batch came to: how many of each function, how sure, what is mixed or mislabelled.

What a person decided counts as that; what the rules had said of it is told beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.postings.answer import Held, decision_text, effective_answer
from bot.postings.model import Result
from bot.postings.output import name_of
from bot.texts import say
from rules.postings.model import OUT_OF_SCOPE
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
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What the rules said and what a person decided, where the two differ."""
    broken: int = 0
    problems: list[Result] = field(default_factory=list)
    """The first rows that could not be read."""

    def watch(self, results: Iterable[Result], rules: PostingRules) -> Iterator[Result]:
        """Pass *results* on and count them."""
        for result in results:
            self.add(result, rules)
            yield result

    def add(self, result: Result, rules: PostingRules) -> None:
        """Count one result."""
        verdict = result.verdict
        if verdict is None:
            self.total += 1
            self.broken += 1
            if len(self.problems) < SHOWN_PROBLEMS:
                self.problems.append(result)
            return
        held = effective_answer(verdict, result.row.decided, rules)
        self.count(held, verdict.family or verdict.function, (f.kind for f in verdict.flags))

    def count(self, held: Held, said: str, flags: Iterable[str]) -> None:
        """Count one posting: what holds, what the rules said, and its kinds of flags."""
        self.total += 1
        self.functions[held.function] += 1
        if held.family:
            self.families[held.family] += 1
        self.decisions[held.decision] += 1
        if held.name != said:
            self.changed[said, held.name] += 1
        self.oddities.update(sorted(set(flags)))

    def lines(self, rules: PostingRules, language: str) -> Iterator[tuple[str, int | None]]:
        """(name, number) of everything counted; a heading has no number."""

        def name(function: str) -> str:  # of an earlier release it may be none any more
            known = function in rules.by_name or function == OUT_OF_SCOPE
            return name_of(function, rules, language) if known else function

        yield say(language, "classify.summary.total"), self.total
        yield say(language, "classify.summary.broken"), self.broken
        yield say(language, "classify.summary.functions"), None
        yield from ((name(key), n) for key, n in self.functions.most_common())
        if self.families:
            yield say(language, "classify.summary.families"), None
            yield from ((name(key), n) for key, n in self.families.most_common())
        yield say(language, "classify.summary.decisions"), None
        for key, n in self.decisions.most_common():
            yield decision_text(key, language), n
        if self.changed:
            yield say(language, "classify.summary.changed"), None
            for (said, now), n in self.changed.most_common():
                yield say(language, "classify.summary.change", said=name(said), now=name(now)), n
        if self.oddities:
            yield say(language, "classify.summary.oddities"), None
            for key, n in self.oddities.most_common():
                yield say(language, f"classify.oddname.{key}"), n
