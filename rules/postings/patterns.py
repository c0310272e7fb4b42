"""The regular expressions of one language, compiled once for all its rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.cues import Phrases
from rules.postings.normalized import pattern_of
from rules.postings.occurring import Occurring
from rules.postings.shapes import Flags, Levels, Structure

NUMERAL = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u4e24"
"""Han digits of small numbers, within a class of characters."""


@dataclass(frozen=True, slots=True)
class FlagPattern:
    """A flag's pattern, and the words without one of which it need not be tried."""

    flag: str
    words: tuple[str, ...]
    """Looked for anywhere."""
    whole: frozenset[str]
    """Words of Latin letters, which are quicker compared with those of the text."""
    pattern: re.Pattern[str]


_LATIN = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is looked for in postings of one language."""

    years: re.Pattern[str] | None
    people: re.Pattern[str] | None
    """Alternatives in one; their groups are called ``low1``, ``high1``, ``low2`` and so on."""
    year_words: re.Pattern[str] | None
    people_words: re.Pattern[str] | None
    """Words one of which stands in whatever the two find, if that is known."""
    flags: tuple[FlagPattern, ...]
    flag_words: Occurring
    """Their words, with the numbers of the flags."""

    def worth_trying(self, text: str, language: str) -> list[FlagPattern]:
        """The flags whose pattern may be found in a normalized *text*, in order."""
        words, told = latin_words(text, language), self.flag_words.numbers(text)
        return [
            flag
            for number, flag in enumerate(self.flags)
            if number in told or not flag.whole.isdisjoint(words)
        ]


def latin_words(text: str, language: str) -> frozenset[str]:
    """The words of a text whose patterns go by whole words; none for the other languages."""
    return frozenset(_LATIN.findall(text)) if language == "en" else frozenset()


def patterns_of(language: str, levels: Levels, flags: Flags) -> Patterns:
    """The patterns of *language*, for use on normalized text."""
    compiled: list[FlagPattern] = []
    for rule in flags.patterns:
        sources = getattr(rule, language)
        known = (word for word in rule.if_ if word.isascii() is (language == "en"))
        words = tuple(dict.fromkeys(map(pattern_of, known)))
        if sources:
            whole = "|".join(f"(?:{pattern_of(source)})" for source in sources)
            single = frozenset(word for word in words if _LATIN.fullmatch(word))
            spread = tuple(word for word in words if word not in single)
            compiled.append(FlagPattern(rule.flag, spread, single, re.compile(whole)))
    return Patterns(
        _join_patterns(getattr(levels.years, language)),
        _join_patterns(getattr(levels.people, language)),
        _words(getattr(levels.year_words, language)),
        _words(getattr(levels.people_words, language)),
        tuple(compiled),
        Occurring(enumerate(flag.words for flag in compiled)),
    )


def _join_patterns(sources: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern that finds what any of *sources* finds first in a text."""
    numbered = (
        re.sub(r"\(\?P<(low|high)>", rf"(?P<\g<1>{i}>", pattern_of(source))
        for i, source in enumerate(sources, 1)
    )
    return re.compile("|".join(numbered)) if sources else None


def _words(said: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(pattern_of, said))) if said else None


def any_of(words: Phrases) -> str:
    """An expression for any of *words*, the longest first."""
    said = sorted({word for _, word in words.all()}, key=lambda word: (-len(word), word))
    return rf"(?:{'|'.join(map(re.escape, said))})" if said else "(?!)"


@dataclass(frozen=True, slots=True)
class Hiring:
    """How several jobs are offered in one text."""

    words: tuple[str, ...]
    """Words one of which occurs, in small letters, wherever *said* or *offer* may be found."""
    said: re.Pattern[str]
    """Words that say that somebody is wanted."""
    offer: re.Pattern[str]
    """A sentence that offers jobs, as group ``titles``: "Hiring: cashier, driver and cook"."""
    role: re.Pattern[str]
    """What the name of a job ends with."""
    rank: re.Pattern[str]
    """What may stand before the name of a job."""
    colleagues: re.Pattern[str]
    """Words that tell of other people's jobs."""


def hiring_of(structure: Structure) -> Hiring:
    """The patterns of *structure* for texts that offer several jobs."""
    said, at_start = any_of(structure.hiring), any_of(structure.hiring_lines)
    offer = (
        rf"(?:(?:^|[\n,\uff0c\u3002;\uff1b!\uff01])[^\n\uff0c,\u3002:\uff1a]{{0,8}}?{said}"
        rf"|(?:^|\n)[\s\d.\u3001#*\u3010\[]{{0,6}}{at_start})[\u3011\]]?[:\uff1a]?\s*"
        r"(?P<titles>[^\n\u3002.;\uff1b:\uff1a]{5,120})"
    )
    words = {
        word.lower()
        for told in (structure.hiring, structure.hiring_lines)
        for _, word in told.all()
    }
    return Hiring(
        tuple(word for word in sorted(words) if not any(w in word for w in words - {word})),
        re.compile(rf"{said}|(?:^|\n)\W{{0,6}}{at_start}", re.IGNORECASE),
        re.compile(offer, re.IGNORECASE),
        re.compile(rf"{any_of(structure.roles)}$", re.IGNORECASE),
        re.compile(rf"(?:{any_of(structure.ranks)}\s*)*", re.IGNORECASE),
        re.compile(any_of(structure.colleagues), re.IGNORECASE),
    )
