"""Whether a found phrase is a word of the text, and not pieces of two."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rules.postings.automaton import Hit
from rules.postings.normalized import NormalizedText

STEM = 2
"""Syllables of a Korean compound that may stand before or after a phrase in it; one is an ending or
a piece of another word."""


def whole_words(hits: Sequence[Hit], normalized: NormalizedText) -> list[Hit]:
    """The hits that are words of the text, in order."""
    cuts, text = normalized.cuts, normalized.text
    most, at, kept = len(cuts), 0, []
    for hit in hits:
        start, end = hit.start, hit.end
        while at < most and cuts[at] <= start:
            at += 1
        if at < most and cuts[at] < end:
            plain = False
        elif not "\uac00" <= text[start] <= "\ud7af":
            plain = True
        else:
            cut = at > 0 and cuts[at - 1] == start
            plain = cut or not start or not "\uac00" <= text[start - 1] <= "\ud7af"
        if plain or is_whole_word(hit, normalized):
            kept.append(hit)
    return kept


def is_whole_word(hit: Hit, normalized: NormalizedText) -> bool:
    """Whether the words of *hit* stand in the text as words, never joined over a space.

    Comparable text has no spaces between Han characters, kana or Hangul; where they were decides.
    A phrase may hold one, as people space as they like, but none may cut a lone character off the
    word beside it.
    """
    first = normalized.text[hit.start]
    if _hangul(first):
        return _is_whole_in_korean(hit, normalized)
    if not normalized.cuts or not _is_wide(first):
        return True
    inside = _cuts(normalized, hit.start + 1, hit.end)
    if not inside:
        return True
    text, start, end = normalized.text, hit.start, hit.end
    joined = [at for at in inside if _is_wide(text[at - 1]) and _is_wide(text[at])]
    if not joined or len(joined) >= end - start - 1:  # letter-spaced, as headings are
        return True
    cut_before = start > 0 and _is_wide(text[start - 1]) and not _cuts(normalized, start, start + 1)
    cut_after = end < len(text) and _is_wide(text[end]) and not _cuts(normalized, end, end + 1)
    return not (
        (cut_before and joined[0] - start < STEM) or (cut_after and end - joined[-1] < STEM)
    )


def _is_whole_in_korean(hit: Hit, normalized: NormalizedText) -> bool:
    text, start, end = normalized.text, hit.start, hit.end
    inside = _cuts(normalized, start + 1, end)
    before = _run_before(text, start, normalized)
    if before and (before < STEM or inside):
        return False
    if not inside:
        return True
    last = end - inside[-1]
    after = end < len(text) and _hangul(text[end]) and not _cuts(normalized, end, end + 1)
    return not (last < STEM and after)


def _run_before(text: str, at: int, normalized: NormalizedText) -> int:
    """Hangul syllables before *at* that belong to the same written word."""
    begin = at
    while begin and _hangul(text[begin - 1]) and not _cuts(normalized, begin, begin + 1):
        begin -= 1
    return at - begin


def _cuts(normalized: NormalizedText, start: int, end: int) -> tuple[int, ...]:
    """Where spaces were removed, from *start* to before *end*."""
    return normalized.cuts[
        bisect_left(normalized.cuts, start) : bisect_right(normalized.cuts, end - 1)
    ]


def _hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7af"


def _is_wide(char: str) -> bool:
    return "\u3041" <= char <= "\u9fff"
