"""How senior the work is: rank by the title, years and people by what is asked for."""

from __future__ import annotations

import re

from rules.postings.flat import Flat
from rules.postings.model import Level
from rules.postings.pack import Pack
from rules.postings.shapes import Levels

ORDER = ("intern", "specialist", "senior", "manager", "director")
MAX_YEARS, MAX_PEOPLE = 30, 999
_BRACKETS = re.compile(r"[(\[\u3010\u300c<][^)\]\u3011\u300d>]*[)\]\u3011\u300d>]")


def level(title: Flat, body: Flat, language: str, pack: Pack) -> Level:
    """The level of a posting, as far as it says."""
    patterns = pack.patterns(language)
    years = people = None
    low, high = _bounds(patterns.years, body.text, pack.levels)
    if low is not None and low <= MAX_YEARS:
        years = (low, high if high is not None and low <= high <= MAX_YEARS else None)
    low, _ = _bounds(patterns.people, body.text, pack.levels)
    if low is not None and 1 < low <= MAX_PEOPLE:
        people = low
    return Level(rank_of(title.text, language, pack), years, people)


def rank_of(title: str, language: str, pack: Pack) -> str | None:
    """The rank a flat title ends with, as Chinese, Japanese, Korean and English titles all do.

    An intern stays one, whatever follows; "senior" lifts a plain specialist.
    """
    bare = _BRACKETS.sub(" ", title)
    japanese = "ja" if language == "ja" else ""
    found = [hit.rows[0].owner for hit in pack.ranks.find(bare, japanese)]
    found = found or [hit.rows[0].owner for hit in pack.ranks.find(title, japanese)]
    if not found or "intern" in found:
        return "intern" if found else None
    if found[-1] == "specialist" and "senior" in found:
        return "senior"
    return found[-1]


def _bounds(
    pattern: re.Pattern[str] | None, text: str, levels: Levels
) -> tuple[int | None, int | None]:
    match = pattern.search(text) if pattern else None
    if match is None:
        return None, None
    told = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value}
    return _number(told.get("low"), levels), _number(told.get("high"), levels)


def _number(text: str | None, levels: Levels) -> int | None:
    if text is None:
        return None
    if text.isdecimal():
        return int(text)
    return next((n.value for n in levels.numerals if n.word == text), None)
