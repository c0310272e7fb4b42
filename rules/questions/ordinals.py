"""Which one is meant: a compact text -> its number, by the words of ``ordinals.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.engine.normal import compact
from rules import cues
from rules.follow_ups import Ordinals

DIGITS = "0123456789"
NEVER = re.compile(r"(?!)")
LAST = -1


@dataclass(frozen=True, slots=True)
class Reader:
    """The words for ordinals of all languages, made ready to be looked for."""

    steps: re.Pattern[str]
    counted: re.Pattern[str]
    whole: re.Pattern[str]
    from_end: re.Pattern[str]
    last: re.Pattern[str]
    values: dict[str, int]
    """Every numeral and ordinal -> its number."""
    numbers: frozenset[str]
    """Every character that is a number."""

    def number(self, text: str) -> int | None:
        """The step that a compact text means; None where no word for a step stands beside it."""
        return self._value(self.steps.search(text))

    def place(self, text: str) -> tuple[int, int]:
        """Where that step is named; an empty span where it is not."""
        match = self.steps.search(text)
        return match.span() if match else (0, 0)

    def nth(self, text: str) -> tuple[int, int, int] | None:
        """(number, start, end) of one that is counted, -1 for the last, -2 for the one before."""
        ways = ((self.from_end, -1), (self.steps, 1), (self.whole, 1), (self.counted, 1))
        for pattern, sign in ways:
            match = pattern.search(text)
            value = self._value(match)
            if match and value:
                return sign * value, match.start(), match.end()
        match = self.last.search(text)
        return (LAST, match.start(), match.end()) if match else None

    def _value(self, match: re.Match[str] | None) -> int | None:
        if match is None:
            return None
        told = next(group for group in match.groups() if group)
        return int(told) if told.isdigit() else self.values[told]


def reader(ordinals: Ordinals) -> Reader:
    """A reader for these words; without any it finds nothing."""
    numerals = compact(ordinals.numerals).text
    values = {numeral: value for value, numeral in enumerate(numerals) if value}
    words = [[compact(word).text for word in row] for row in ordinals.words]
    values |= {word: value for value, row in enumerate(words, 1) for word in row}
    ends = [compact(end).text for row in ordinals.ends for end in row]
    ways = "|".join(rf"\s{re.escape(e)}(?![a-z])" if e.isascii() else re.escape(e) for e in ends)
    follow = rf"(?=$|[^\w\s]|{ways})" if ends else ""
    number = rf"([0-9]{{1,2}}|[{numerals}])" if numerals else "([0-9]{1,2})"
    ordinal = _one_of(sorted((w for row in words for w in row), key=len, reverse=True))

    def compile_templates(templates: Iterable[str], after: str = "") -> re.Pattern[str]:
        parts = [_pattern(template, number, ordinal) for template in templates]
        return re.compile("|".join(f"(?:{part}){after}" for part in parts)) if parts else NEVER

    return Reader(
        compile_templates(ordinals.steps),
        compile_templates(ordinals.counted, follow),
        compile_templates(ordinals.whole),
        compile_templates(ordinals.from_end),
        compile_templates(ordinals.last, follow),
        values,
        frozenset(DIGITS + numerals),
    )


def _one_of(words: list[str]) -> str:
    return "(" + "|".join(map(re.escape, words)) + ")" if words else "((?!))"


def _pattern(template: str, number: str, ordinal: str) -> str:
    """The pattern of a template, with the edges of Latin words and numbers kept."""
    found = []
    for way in cues.expand(template):
        text = re.escape(compact(way).text if "{" not in way else _compact_template(way))
        text = text.replace(r"\{n\}", number).replace(r"\{o\}", ordinal)
        head = r"(?<![a-z0-9])" if way[0].isascii() else ""
        tail = r"(?![a-z0-9])" if way[-1].isascii() else ""
        found.append(head + text + tail)
    return "|".join(found)


def _compact_template(way: str) -> str:
    """A template as it stands in compact texts."""
    return (
        compact(way.replace("{n}", "\u00b9").replace("{o}", "\u00b2"))
        .text.replace("1", "{n}")
        .replace("2", "{o}")
    )
