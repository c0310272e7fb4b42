"""A long text -> pieces that fit a platform: at a paragraph, else a line, a sentence, anywhere."""

from __future__ import annotations

from typing import Literal

Unit = Literal["utf16", "bytes"]
BREAKS = ("\n\n", "\n", "\u3002", "\uff01", "\uff1f", ". ", "\uff1b", "; ", " ")
"""Where to part, the best first; the mark stays with what is before it."""
LEAST = 0.4
"""A piece is at least this full, or the next kind of place is taken."""


def size(text: str, unit: Unit) -> int:
    """How long the platform finds *text*: in UTF-16 code units or in bytes of UTF-8."""
    if unit == "bytes":
        return len(text.encode("utf-8", "replace"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def head(text: str, limit: int, unit: Unit) -> str:
    """The longest good beginning of *text* that fits; all of it if that fits."""
    if size(text, unit) <= limit:
        return text
    most = _fitting_length(text, limit, unit)
    for mark in BREAKS:
        at = text.rfind(mark, 0, most)
        if at + len(mark) >= most * LEAST and at > 0:
            return text[: at + len(mark)]
    return text[:most]


def split(text: str, limit: int, unit: Unit, most: int) -> tuple[tuple[str, ...], str]:
    """(at most *most* pieces that fit, what is left over). Nothing but edge spaces is lost."""
    pieces: list[str] = []
    left = text.strip()
    while left and len(pieces) < most:
        piece = head(left, limit, unit)
        pieces.append(piece.rstrip())
        left = left[len(piece) :].lstrip()
    return tuple(pieces), left


def _fitting_length(text: str, limit: int, unit: Unit) -> int:
    """How many characters fit; at least one, so that splitting goes on."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle], unit) <= limit else (low, middle - 1)
    return low
