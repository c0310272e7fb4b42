"""One normalisation for everything that is compared, and the way back to the original text.

NFKC, case, and one form for simplified, traditional and Japanese variants of a Han character.
The result is for matching only and never shown.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Normal:
    """A text made comparable; ``starts[i]`` is where character i began in the original."""

    text: str
    starts: tuple[int, ...]
    """One longer than the text: the last is the original's length."""

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original text that ``text[start:end]`` came from."""
        return self.starts[start], max(self.starts[end], self.starts[start] + 1)


@cache
def _folds() -> dict[str, str]:
    table = {}
    for line in (TABLES / "fold.txt").read_text(encoding="utf-8").splitlines():
        table.update(dict.fromkeys(line[1:], line[0]))
    return table


def fold(text: str) -> str:
    """*text* made comparable, when nobody needs the way back."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return text if text.isascii() else text.translate(_translation())


@cache
def _translation() -> dict[int, str]:
    return {ord(variant): char for variant, char in _folds().items()}


def normalise(text: str) -> Normal:
    """*text* made comparable, with the original position of every character."""
    out: list[str] = []
    starts: list[int] = []
    i, length = 0, len(text)
    while i < length:
        j = i + 1
        while j < length and unicodedata.combining(text[j]):
            j += 1
        piece = _piece(text[i:j])
        out.append(piece)
        starts += [i] * len(piece)
        i = j
    return Normal("".join(out), (*starts, length))


@lru_cache(maxsize=65_536)
def _piece(cluster: str) -> str:
    return fold(cluster)


_DROPPED = frozenset("\"'“”‘’「」『』《》〈〉()[]【】<>*`~")
_SPACING = frozenset("-_·・/")


def compact(text: str) -> Normal:
    """*text* normalised for finding names: no quotes, no spaces except between Latin words."""
    full = normalise(text)
    chars: list[str] = []
    starts: list[int] = []
    for char, start in zip(full.text, full.starts, strict=False):
        if char in _DROPPED:
            continue
        if char.isspace() or char in _SPACING:
            if chars and chars[-1] != " ":
                chars.append(" ")
                starts.append(start)
            continue
        if chars and chars[-1] == " " and not (_latin(char) and len(chars) > 1 and _latin(chars[-2])):
            chars.pop()
            starts.pop()
        chars.append(char)
        starts.append(start)
    if chars and chars[-1] == " ":
        chars.pop()
        starts.pop()
    return Normal("".join(chars), (*starts, full.starts[-1]))


def _latin(char: str) -> bool:
    return char < "\u0250" and char.isalnum()
