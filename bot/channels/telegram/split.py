"""Marked text for Telegram: runs of plain text with a tag, parted before they become HTML.

Parting comes before markup, so no piece can end inside a tag, an entity or a surrogate pair, and
its length is what Telegram counts: UTF-16 units of the text without markup.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from bot.render import split

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is marked in one way."""

    text: str
    tag: str = ""
    """A tag of Telegram's HTML, or none."""


Runs = tuple[Run, ...]


def clean(text: str) -> str:
    """*text* as Telegram can take it: lines end alike, no control signs, no half of a pair."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(" ", _LONE.sub("\ufffd", lines))


def merge_runs(runs: Iterable[Run]) -> Runs:
    """The runs, those side by side that are marked alike made one."""
    return tuple(
        Run("".join(run.text for run in alike), tag)
        for tag, alike in groupby(runs, key=lambda run: run.tag)
    )


def plain_text(runs: Iterable[Run]) -> str:
    """The text without its marks."""
    return "".join(run.text for run in runs)


def html(runs: Iterable[Run]) -> str:
    """The text with its marks, escaped."""
    return "".join(
        f"<{run.tag}>{_escape(run.text)}</{run.tag}>" if run.tag else _escape(run.text)
        for run in runs
        if run.text
    )


def part(runs: Runs, limit: int) -> list[Runs]:
    """The runs in pieces of at most *limit* UTF-16 units, each good by itself.

    A piece ends at a paragraph, else at a line, a sentence, a word, anywhere. Only spaces at the
    ends of pieces are lost.
    """
    pieces: list[Runs] = []
    left = _strip(runs)
    while left:
        cut = len(split.head(plain_text(left), limit, "utf16"))
        pieces.append(_strip(_span(left, 0, cut)))
        left = _strip(_span(left, cut))
    return pieces


def _escape(text: str) -> str:
    return markup.escape(text, quote=False)


def _strip(runs: Runs) -> Runs:
    """Without spaces at both ends."""
    body = plain_text(runs)
    stripped = body.strip()
    start = len(body) - len(body.lstrip())
    return _span(runs, start, start + len(stripped)) if stripped else ()


def _span(runs: Runs, start: int, end: int | None = None) -> Runs:
    """The characters from *start* to *end*, with their marks."""
    spans: list[Run] = []
    at = 0
    for run in runs:
        low = max(start - at, 0)
        high = len(run.text) if end is None else min(end - at, len(run.text))
        if low < high:
            spans.append(Run(run.text[low:high], run.tag))
        at += len(run.text)
    return tuple(spans)
