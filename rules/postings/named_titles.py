"""Posted titles that the running text names: as wanted here, or as experience asked for.

"We are looking for a community manager" says what a posting is, wherever it stands; "three years as
a community manager" leans that way. A title beside "reports to" is somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rules.postings.automaton import CUE, KINDS, NAMED, TITLE, Hit
from rules.postings.employer import is_inside
from rules.postings.model import Signal
from rules.postings.normalized import NormalizedText
from rules.postings.posting_rules import PostingRules

AFTER, BEFORE = 60, 26
"""Characters beside the words in which a title is looked for."""
EXPERIENCE = ("experience", "\u7ecf\u9a8c", "\u7ecf\u9a13", "\uacbd\ud5d8", "\uacbd\ub825")
"""How cues end that ask for experience."""
INTRODUCED = (" as ", " in ")
NEAR = 3
"""Characters that may stand between a title and words after it."""
SAID = KINDS[NAMED] | KINDS[CUE]
_END = re.compile(r"[\n.;!?\u3002,\uff0c\u3001]")
_NUMBERED = re.compile(
    r"(?:\d{1,3}|[\u4e00\u4e8c\u4e24\u4e09\u82e5\u6570])[\u540d\u4eba\uba85](?!\u7684?\u56e2|\u4ee5\u4e0a|\u56e2)"
)
"""A number of people: "sales representative, 5"."""


Names = Sequence[tuple[int, int]]
"""Where the employer is named."""


class Found(NamedTuple):
    """A title in the normalized description: whose it is, and how it stands there."""

    owner: str
    kind: str
    start: int
    end: int


def find_named(
    normalized: NormalizedText, hits: Sequence[Hit], rules: PostingRules, names: Names = ()
) -> Iterator[Found]:
    """Every owner of a title that the text names outside employers' names, once for each kind."""
    seen: set[tuple[str, str]] = set()
    for found in _all_named(normalized.text, hits, rules):
        if (found.owner, found.kind) not in seen and not is_inside(found.start, found.end, names):
            seen.add((found.owner, found.kind))
            yield found


def signals(
    given: str,
    normalized: NormalizedText,
    hits: Sequence[Hit],
    rules: PostingRules,
    names: Names = (),
) -> Iterator[Signal]:
    """The same as evidence about the text as given, each with what it weighs."""
    rule = rules.verdict
    worth = {"named": rule.named / 100, "experience": rule.experience / 100}
    for owner, kind, at, to in find_named(normalized, hits, rules, names):
        start, end = normalized.span(at, to)
        weight = worth[kind] * rules.title_weight(owner)
        where = "duties" if kind == "named" else "requirements"
        yield Signal(owner, given[start:end], start, end, where, round(weight, 3), kind)


def _all_named(text: str, hits: Sequence[Hit], rules: PostingRules) -> Iterator[Found]:
    for hit in hits:
        if not hit.kinds & SAID:
            continue
        for row in hit.rows:
            if row.kind == NAMED and row.owner != "other":
                if row.duty == "after":
                    yield from _named_after(text, hit.end, row.owner, rules)
                else:
                    yield from _named_before(text, hit.start, row.owner, rules)
            elif row.kind == CUE and hit.phrase.endswith(EXPERIENCE):
                if text.startswith(INTRODUCED, hit.end):
                    yield from _named_after(text, hit.end, "experience", rules)
                yield from _named_before(text, hit.start, "experience", rules)
    for match in _NUMBERED.finditer(text):
        yield from _named_before(text, match.start(), "named", rules)


def _named_after(text: str, at: int, kind: str, rules: PostingRules) -> Iterator[Found]:
    end = _END.search(text, at, at + AFTER)
    window = text[at : end.start() if end else at + AFTER]
    for hit in rules.title.find(window):
        owners = [row.owner for row in hit.rows if row.kind == TITLE]
        if owners:
            yield from (Found(owner, kind, at + hit.start, at + hit.end) for owner in owners)
            return


def _named_before(text: str, at: int, kind: str, rules: PostingRules) -> Iterator[Found]:
    begin = max(0, at - BEFORE)
    edges = [edge.end() for edge in _END.finditer(text, begin, at)]
    begin = edges[-1] if edges else begin
    window = text[begin:at]
    last: Hit | None = None
    for hit in rules.title.find(window):
        if any(row.kind == TITLE for row in hit.rows):
            last = hit
    if last and len(window) - last.end <= NEAR:
        for row in last.rows:
            if row.kind == TITLE:
                yield Found(row.owner, kind, begin + last.start, begin + last.end)
