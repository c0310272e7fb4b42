"""Which line of a list the message asked for: it stands first, whatever the list's own order."""

from __future__ import annotations

from collections import Counter

from knowledge.engine.base import KnowledgeBase
from knowledge.engine.normal import compact
from knowledge.engine.tokens import words_of
from rules.questions.model import Answer

NAMES = frozenset({"name", "near", "sound"})
KINDS = NAMES | {"signal", "word", "thing"}
"""Kinds of evidence that may say which line is meant; the name of the entry itself does not."""
SHORTEST = 2
"""Characters of a word that tells anything."""
MATCHING, NEARLY = 2, 0.75
"""Lines that are told of an owner's work, and what share of the best one they must have."""


def asked_line_first(
    lines: tuple[str, ...], answer: Answer, base: KnowledgeBase
) -> tuple[str, ...]:
    """The lines, the one that was asked for first; all others in their order. Pure."""
    place = best_line_index(lines, answer, base)
    return lines if not place else (lines[place], *lines[:place], *lines[place + 1 :])


def best_line_index(lines: tuple[str, ...], answer: Answer, base: KnowledgeBase) -> int:
    """The place of the line that shares most with the message; 0 where none does."""
    scores = _scores(lines, answer, base)
    best = max(scores, default=0.0)
    return scores.index(best) if best > 0 else 0


def best_lines(lines: tuple[str, ...], answer: Answer, base: KnowledgeBase) -> tuple[str, ...]:
    """The line that shares most with the message, and one that shares nearly as much; perhaps
    none."""
    scores = _scores(lines, answer, base)
    best = max(scores, default=0.0)
    order = sorted(range(len(lines)), key=lambda i: -scores[i])
    return tuple(lines[i] for i in order[:MATCHING] if best > 0 and scores[i] >= NEARLY * best)


def _scores(lines: tuple[str, ...], answer: Answer, base: KnowledgeBase) -> list[float]:
    """How much each line shares with the message.

    A word counts by its length, and less the more lines have it.
    """
    wanted: set[str] = set()
    for e in answer.evidence:
        of_itself = e.kind in NAMES and e.value == answer.entry
        if e.kind in KINDS and not of_itself:
            wanted |= _words(e.text, base)
    shared = [_words(line, base) & wanted for line in lines]
    common = Counter(word for words in shared for word in words)
    return [sum(len(word) / common[word] for word in words) for words in shared]


def _words(text: str, base: KnowledgeBase) -> set[str]:
    normal = compact(text)
    tokens = words_of(normal.text, base.words, normal.gaps())
    return {token.text for token in tokens if len(token.text) >= SHORTEST}
