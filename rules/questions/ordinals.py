"""Which step is meant: a compact text -> its number, by the words of ``ordinals.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.normal import compact
from rules.load import Ordinals

DIGITS = "0123456789"
NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Reader:
    """The words for ordinals of all languages, made ready to be looked for."""

    pattern: re.Pattern[str]
    numerals: str
    words: dict[str, int]
    worded: re.Pattern[str]
    """Finds any of the words."""
    numbers: frozenset[str]
    """Every character that is a number."""

    def number(self, text: str) -> int | None:
        """The first ordinal in a compact text; None if there is none."""
        match = self.pattern.search(text)
        if match:
            digits = next(group for group in match.groups() if group)
            return int(digits) if digits.isdigit() else self.numerals.index(digits)
        match = self.worded.search(text)
        return self.words[match[0]] if match else None


def reader(ordinals: Ordinals) -> Reader:
    """A reader for these words; without any it finds nothing."""
    if not ordinals.words:
        return Reader(NEVER, "", {}, NEVER, frozenset(DIGITS))
    before, after = (
        "|".join(re.escape(compact(word).text) for word in words)
        for words in (ordinals.before, ordinals.after)
    )
    numerals = compact(ordinals.numerals).text
    words = {
        compact(word).text: number
        for number, row in enumerate(ordinals.words, start=1)
        for word in row
    }
    whole = (rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in words)
    return Reader(
        re.compile(rf"(?:{before})\s?([0-9]{{1,2}}|[{numerals}])|([0-9]{{1,2}})(?:{after})"),
        numerals,
        words,
        re.compile("|".join(whole)),
        frozenset(DIGITS + numerals),
    )
