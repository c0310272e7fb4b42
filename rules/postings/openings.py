"""Several openings in one text: where each begins, and what its title is.

A line begins an opening where a label stands before its title ("Position: ..."), where a posted
title is followed by a number of people, or where a posted title stands alone above a heading.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rules.postings.automaton import HEADING, Hit
from rules.postings.model import Posting
from rules.postings.normalized import NormalizedText, normalize_text
from rules.postings.offers import MAX_TITLE, PEOPLE, UNITS, is_posted, may_be_listed
from rules.postings.patterns import NUMERAL
from rules.postings.posting_rules import PostingRules

MIN_LINES, MAX_LINES = 4, 2_000
_LIST = re.compile(
    r"^[\s#*\u3010\[\-\u2022\u25cf\u25a0]*"
    rf"(?:\d{{1,2}}(?:[.)\u3001\uff0e]|\s)|[{NUMERAL}][\u3001.\uff0e])?[\s\u3010\[]*"
)
MAX_COUNTED = 16
"""A name before a number of people need not be known, if it is short."""
_ENDS = " #*\u3010\u3011[]\t:\uff1a-\u2014"
_LABEL = re.compile("[:\uff1a\\]\u3011]")
"""What follows a label."""
_WORD = re.compile(r"\w\w|[^\W\d]")
"""What may not stand before a heading in its line; a number and brackets may."""
_CLOSED = re.compile(r"[ \t\])\u3011\u300d>*#]*(?:[:\uff1a\-(\uff08\r\n]|$)")
"""What follows a heading."""
LABELS = ("duties", "mixed", "requirements")


class Opening(NamedTuple):
    """One of several openings: its title, and its lines in the text."""

    title: str
    start: int
    end: int


def openings(
    text: str, rules: PostingRules, known: tuple[NormalizedText, Sequence[Hit]] | None = None
) -> list[Opening]:
    """The openings in *text*, where there are at least two; else none.

    *known*: its normalized form and the phrases in it, where they are at hand.
    """
    normalized = known[0] if known else normalize_text(text)
    hits = known[1] if known else rules.body.find(normalized.text)
    lines = list(_lines(text))[:MAX_LINES]
    heads = _lines_with_heading(text, [at for at, _ in lines], normalized, hits)
    found = [
        (at, title)
        for i, (at, line) in enumerate(lines)
        if (title := _title(line, i + 1 in heads, rules))
    ]
    names = {title for _, title in found}
    if len(names) < 2 or not any(is_posted(name, rules) for name in names):
        return []
    edges = [at for at, _ in found[1:]] + [len(text)]
    return [Opening(title, at, end) for (at, title), end in zip(found, edges, strict=True)]


def may_be_several(text: str, names: Sequence[str], rules: PostingRules) -> bool:
    """Whether a text with parts of those *names* is worth looking through line by line."""
    return (
        (names.count("duties") > 1 and text.count("\n") > MIN_LINES)
        or may_be_listed(text, rules)
        or rules.title_lines.search(f"\n{text}") is not None
    )


def split(text: str, rules: PostingRules) -> list[Posting]:
    """A posting for each opening of *text*; none where it holds one at most."""
    parts = []
    for title, start, end in openings(text, rules):
        first, _, rest = text[start:end].partition("\n")
        head = _after_title(first, title)
        parts.append(Posting(f"{head}\n{rest}".strip(), title))
    return parts


def _after_title(line: str, title: str) -> str:
    at = line.find(title)
    return line[at + len(title) :].strip(_ENDS) if at >= 0 else ""


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield at, line.rstrip("\r\n")
        at += len(line)


def _title(line: str, headed: bool, rules: PostingRules) -> str | None:
    """The title that the line begins an opening with; *headed*: a heading stands below it."""
    bare = line.strip(_ENDS)
    label = _LABEL.search(bare) and rules.title_label.match(bare)
    if label:
        return PEOPLE.split(label["title"])[0].strip(_ENDS)[:MAX_TITLE] or None
    if len(bare) > MAX_TITLE * 2 or (not headed and UNITS.isdisjoint(bare)):
        return None
    bare = line[_LIST.match(line).end() :].strip(_ENDS)  # type: ignore[union-attr]
    people = None if UNITS.isdisjoint(bare) else PEOPLE.search(bare)
    name = bare[: people.start()].strip(_ENDS) if people else bare
    if not 1 < len(name) <= MAX_TITLE:
        return None
    if people and (len(name) <= MAX_COUNTED or is_posted(name, rules)):
        return name
    return name if headed and is_posted(name, rules) else None


def _lines_with_heading(
    text: str, starts: list[int], normalized: NormalizedText, hits: Sequence[Hit]
) -> set[int]:
    """Which of the lines that begin at *starts* begin with a heading."""
    heads = set()
    for hit in hits:
        row = hit.rows[0]
        if row.kind != HEADING or row.owner not in LABELS:
            continue
        at, end = normalized.span(hit.start, hit.end)
        i = bisect_right(starts, at) - 1
        if i >= 0 and not _WORD.search(text, starts[i], at) and _CLOSED.match(text, end):
            heads.add(i)
    return heads
