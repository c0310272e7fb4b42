"""The regular expressions of one language, compiled once for a pack."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.posting.flat import pattern_of
from rules.posting.shapes import Levels, Oddities


@dataclass(frozen=True, slots=True)
class Odd:
    """An oddity's pattern, and the words without one of which it need not be tried."""

    oddity: str
    words: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is looked for in postings of one language."""

    years: tuple[re.Pattern[str], ...]
    people: tuple[re.Pattern[str], ...]
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
        tuple(re.compile(pattern_of(source)) for source in getattr(levels.years, language)),
        tuple(re.compile(pattern_of(source)) for source in getattr(levels.people, language)),
        tuple(odd),
    )
