"""The regular expressions of one language, compiled once for a pack."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.postings.flat import pattern_of
from rules.postings.shapes import Levels, Oddities


@dataclass(frozen=True, slots=True)
class Odd:
    """An oddity's pattern, and the words without one of which it need not be tried."""

    oddity: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is looked for in postings of one language."""

    years: re.Pattern[str] | None
    people: re.Pattern[str] | None
    """Alternatives in one; their groups are called ``low1``, ``high1``, ``low2`` and so on."""
    odd: tuple[Odd, ...]


def patterns_of(language: str, levels: Levels, oddities: Oddities) -> Patterns:
    """The patterns of *language*, for use on flat text."""
    odd = []
    for rule in oddities.patterns:
        sources = getattr(rule, language)
        known = (word for word in rule.if_ if word.isascii() is (language == "en"))
        words = tuple(dict.fromkeys(map(pattern_of, known)))
        if sources:
            whole = "|".join(f"(?:{pattern_of(source)})" for source in sources)
            odd.append(Odd(rule.oddity, words, re.compile(whole)))
    return Patterns(
        _joined(getattr(levels.years, language)),
        _joined(getattr(levels.people, language)),
        tuple(odd),
    )


def _joined(sources: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern that finds what any of *sources* finds first in a text."""
    numbered = (
        re.sub(r"\(\?P<(low|high)>", rf"(?P<\g<1>{i}>", pattern_of(source))
        for i, source in enumerate(sources, 1)
    )
    return re.compile("|".join(numbered)) if sources else None
