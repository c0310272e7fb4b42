"""How senior the work is: rank by the title, years and people by what is asked for."""

from __future__ import annotations

import re

from rules.postings.model import Level
from rules.postings.normalized import NormalizedText
from rules.postings.posting_rules import PostingRules
from rules.postings.shapes import Levels

ORDER = ("intern", "specialist", "senior", "manager", "director")
MAX_YEARS, MAX_PEOPLE = 30, 999
_BRACKETS = re.compile(r"[(\[\u3010\u300c<][^)\]\u3011\u300d>]*[)\]\u3011\u300d>]")


BEFORE, BEHIND = 60, 40
"""Characters around a word of years or people within which a pattern is tried."""


def level(title: NormalizedText, body: NormalizedText, language: str, rules: PostingRules) -> Level:
    """The level of a posting, as far as it says."""
    patterns = rules.patterns(language)
    years = people = None
    low, high = _bounds(patterns.years, patterns.year_words, body.text, rules.levels)
    if low is not None and low <= MAX_YEARS:
        years = (low, high if high is not None and low <= high <= MAX_YEARS else None)
    low, _ = _bounds(patterns.people, patterns.people_words, body.text, rules.levels)
    if low is not None and 1 < low <= MAX_PEOPLE:
        people = low
    return Level(rank_of(title.text, language, rules), years, people)


def rank_of(title: str, language: str, rules: PostingRules) -> str | None:
    """The rank a normalized title ends with, as titles of all four languages do.

    An intern stays one, whatever follows; "senior" lifts a plain specialist.
    """
    bare = _BRACKETS.sub(" ", title)
    japanese = "ja" if language == "ja" else ""
    found = [hit.rows[0].owner for hit in rules.ranks.find(bare, japanese)]
    found = found or [hit.rows[0].owner for hit in rules.ranks.find(title, japanese)]
    if not found or "intern" in found:
        return "intern" if found else None
    if found[-1] == "specialist" and "senior" in found:
        return "senior"
    return found[-1]


def _bounds(
    pattern: re.Pattern[str] | None, words: re.Pattern[str] | None, text: str, levels: Levels
) -> tuple[int | None, int | None]:
    match = _first_match(pattern, words, text) if pattern else None
    if match is None:
        return None, None
    told = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value}
    return _number(told.get("low"), levels), _number(told.get("high"), levels)


def _first_match(
    pattern: re.Pattern[str], words: re.Pattern[str] | None, text: str
) -> re.Match[str] | None:
    """What *pattern* finds first, tried around the *words* only: a text is long, and they few."""
    if words is None:
        return pattern.search(text)
    for word in words.finditer(text):
        match = pattern.search(text, max(0, word.start() - BEFORE), word.end() + BEHIND)
        if match:
            return match
    return None


def _number(text: str | None, levels: Levels) -> int | None:
    if text is None:
        return None
    if text.isdecimal():
        return int(text)
    return next((n.value for n in levels.numerals if n.word == text), None)
