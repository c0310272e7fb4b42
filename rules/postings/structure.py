"""Which part of a posting a place belongs to: duties, requirements, benefits, company.

Headings open a part, in a list or in one run-on paragraph. Where no heading tells, the words of a
clause do: "three years of experience" is a requirement wherever it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from rules.postings.automaton import CUE, HEADING, KINDS, Hit

DUTIES, MIXED, COMPANY = "duties", "mixed", "company"
APPLICATION, DENIED = "application", "denied"
ANYWHERE = (APPLICATION, DENIED)
"""What a clause is, whatever part it stands in: how to apply, or what the work is not."""
"""Stages, interviews and papers are told anywhere, also among the duties."""
_BULLET = (
    r"[\s\d.,()\[\]<>{}#*+~=:;\u2010-\u2027\u2190-\u27bf\u3001\u3002\u300a-\u301f\u31cf"
    r"\u4e00\u4e8c\u4e09\u56db\u4e94\u516d]*"
)
_BEFORE = re.compile(
    rf"(?:^|[\n.;!?\u3002])(?:{_BULLET})$"
    r"|[\[\u3010\u300c<(\u25a0\u25c6\u25b6\u25cf\u2605\u25b7\u2022#*]\s?$"
)
"""What may stand between the end of a line or sentence and a heading."""
_OPENS = re.compile(
    r"\s?\??\s?(?:[\])\u3011\u300d>]\s?:?|:|$|\n|\d{1,2}[.,\u3001)]|\(\d|[\u2460-\u2473\u2022\u00b7*])"
)
"""What follows a heading: a colon, a closing bracket, a new line or the first bullet."""
_CLAUSE = re.compile(
    r"[\n\u3002;!?]|(?<=[a-z\uac00-\ud7af])\.(?=[ \na-z\uac00-\ud7af])|(?<=\D)\d{1,2}[.\u3001)]"
)
_SENTENCE = re.compile(r"[\n\u3002!?]|(?<=[a-z\uac00-\ud7af])\.(?=[ \na-z\uac00-\ud7af])")
BEFORE_CHARS = 14
LEAD = 2
"""Characters that may stand before a cue that must begin its clause."""

DIVIDING = KINDS[HEADING] | KINDS[CUE]
Parts = tuple[list[int], list[str]]
"""Where each part begins, and which it is; the first begins at 0."""


def parts(text: str, hits: Sequence[Hit]) -> Parts:
    """The parts of a normalized *text* by the headings and cues among *hits*."""
    starts, names = [0], [MIXED]
    cues: list[tuple[int, str, bool]] = []
    for hit in hits:
        if not hit.kinds & DIVIDING:
            continue
        row = hit.rows[0]
        if row.kind == HEADING and _is_heading(text, hit):
            starts.append(hit.start)
            names.append(row.owner)
        elif row.kind == CUE:
            cues.append((hit.start, row.owner, row.duty == "start"))
    if len(names) > 1 and DUTIES in names:
        names[0] = COMPANY
    return _with_clauses(text, (starts, names), cues) if cues else (starts, names)


def _is_heading(text: str, hit: Hit) -> bool:
    after = _OPENS.match(text, hit.end)
    if after is None:
        return False
    if after[0].strip()[:1] in (":", "]", "\u3011"):
        return True
    return _BEFORE.search(text[max(0, hit.start - BEFORE_CHARS) : hit.start]) is not None


def _with_clauses(text: str, found: Parts, cues: list[tuple[int, str, bool]]) -> Parts:
    """In parts that may hold anything, a clause with a cue is what its cue says."""
    if MIXED not in found[1] and not any(place in ANYWHERE for _, place, _ in cues):
        return found
    starts, names = found
    edges = sorted({*starts, *(match.end() for match in _CLAUSE.finditer(text)), len(text)})
    marks: dict[int, str] = {}
    heads = frozenset(starts)
    for at, place, leads in cues:
        i = bisect_right(starts, at) - 1
        own = names[i]
        if own != MIXED and place not in ANYWHERE:
            continue
        j = bisect_right(edges, at) - 1
        begin, end = edges[j], edges[j + 1]
        if place == COMPANY:  # what it does is listed to the end of the sentence
            over = _SENTENCE.search(text, end - 1)
            end = over.end() if over else len(text)
        if leads and at - begin > LEAD:
            continue
        if marks.get(begin, own) == own:  # where the clause before ends, another begins
            marks[begin] = place
        if end not in heads:
            marks.setdefault(end, own)
    if not marks:
        return found
    merged = dict(zip(starts, names, strict=True))
    for at, name in marks.items():
        if name == APPLICATION or merged.get(at, MIXED) == MIXED:
            merged[at] = name
    order = sorted(merged)
    return order, [merged[at] for at in order]


def part_at(found: Parts, at: int) -> str:
    """The part that position *at* lies in."""
    return found[1][bisect_right(found[0], at) - 1]
