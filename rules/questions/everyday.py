"""The things and states that a message speaks of in everyday words, with their spans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from knowledge.engine.normal import is_latin
from rules.book import Found
from rules.questions.model import Situation

KINDS = ("thing", "state")
NEAR = 14
"""Characters at most between a negation and its Latin word, or between the parts of a word."""
CLOSE = 3
"""The same between a negation and a word of a script without spaces."""
GAP = 8
"""Characters at most between the parts of a word with a gap."""


def situation(
    found: Iterable[Found], text: str, masked: list[tuple[int, int]]
) -> tuple[Situation, ...]:
    """What is spoken of, in order; a word inside a longer one of its kind does not count.

    *masked*: spans that mean something else.
    """
    rows = list(found)
    negations = [(f.start, f.end) for f in rows if f.phrase.kind == "negation"]
    spans = []
    for f in _whole(f for f in rows if f.phrase.kind in KINDS):
        if any(start < f.end and f.start < end for start, end in masked):
            continue
        if f.phrase.negated and not _is_negated(f, text, negations):
            continue
        spans.append(f)
    return tuple(
        dict.fromkeys(
            Situation(f"{f.phrase.kind}.{f.phrase.value}", f.start, f.end)
            for f in sorted(spans, key=lambda f: (f.start, -f.end, f.phrase.value))
            if not any(_inside(f, other) for other in spans)
        )
    )


def _whole(found: Iterable[Found]) -> Iterator[Found]:
    """Words in one piece, and those with a gap whose parts follow each other closely."""
    parts: defaultdict[tuple[str, str], list[Found]] = defaultdict(list)
    for f in found:
        if f.phrase.parts == 1:
            yield f
        else:
            parts[f.phrase.value, f.phrase.cue].append(f)
    for rows in parts.values():
        for first in (f for f in rows if f.phrase.part == 0):
            end = _end(first, rows)
            if end is not None:
                yield Found(first.phrase, first.start, end)


def _end(first: Found, rows: list[Found]) -> int | None:
    """Where the last part of a word ends that begins with *first*; None if a part is missing."""
    end: int | None = first.end
    for wanted in range(1, first.phrase.parts):
        near = (f.end for f in rows if f.phrase.part == wanted and 0 <= f.start - (end or 0) <= GAP)
        end = min(near, default=None)
        if end is None:
            return None
    return end


def _is_negated(f: Found, text: str, negations: list[tuple[int, int]]) -> bool:
    """Whether a negation stands before the word; in Japanese and Korean also behind it."""
    if is_latin(text[f.start]):
        return any(0 <= f.start - end <= NEAR for _, end in negations)
    before = any(0 <= f.start - end <= CLOSE for _, end in negations)
    han = "\u3400" <= text[f.start] <= "\u9fff"
    return before or (not han and any(0 <= start - f.end <= CLOSE for start, _ in negations))


def _inside(f: Found, other: Found) -> bool:
    """Whether *f* is a part of a longer word of the same kind."""
    return (
        f.phrase.kind == other.phrase.kind
        and other.start <= f.start
        and f.end <= other.end
        and other.end - other.start > f.end - f.start
    )
