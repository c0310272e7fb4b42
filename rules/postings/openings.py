"""Several openings in one text: where each begins, and what its title is.

A line begins an opening where a label stands before its title ("Position: ..."), where a posted
title is followed by a number of people, or where a posted title stands alone above a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rules.postings.automaton import HEADING, TITLE
from rules.postings.flat import flatten
from rules.postings.model import Posting
from rules.postings.pack import Pack

MAX_TITLE = 40
MIN_LINES, MAX_LINES = 4, 2_000
COVERED = 0.4
"""Share of a line that a posted title must make up for the line to be one."""
_NUMERAL = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u4e24"
_PEOPLE = re.compile(
    rf"\s*[:\uff1a(\uff08\[ ]*\s*(?:\d{{1,3}}|\u82e5\u5e72|[{_NUMERAL}])\s*"
    r"(?:\u540d|\u4eba|\uba85|people|persons|positions|openings)(?![a-z])[)\uff09]?",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^[\s#*\u3010\[\-\u2022\u25cf\u25a0]*"
    rf"(?:\d{{1,2}}(?:[.)\u3001\uff0e]|\s)|[{_NUMERAL}][\u3001.\uff0e])?[\s\u3010\[]*"
)
_COUNTED = re.compile(
    rf"[\d{_NUMERAL}\u5e72] ?(?:[\u540d\u4eba\uba85]|p(?:eople|ersons|ositions)|openings)"
)
MAX_COUNTED = 16
"""A name before a number of people need not be known, if it is short."""
_ENDS = " #*\u3010\u3011[]\t:\uff1a-\u2014"
LABELS = ("duties", "mixed", "requirements")


class Opening(NamedTuple):
    """One of several openings: its title, and its lines in the text."""

    title: str
    start: int
    end: int


def openings(text: str, pack: Pack) -> list[Opening]:
    """The openings in *text*, where there are at least two; else none."""
    lines = list(_lines(text))[:MAX_LINES]
    found = [
        (at, title) for i, (at, line) in enumerate(lines) if (title := _title(i, line, lines, pack))
    ]
    names = {title for _, title in found}
    if len(names) < 2 or not any(is_posted(name, pack) for name in names):
        return []
    edges = [at for at, _ in found[1:]] + [len(text)]
    return [Opening(title, at, end) for (at, title), end in zip(found, edges, strict=True)]


def may_be_several(text: str, names: Sequence[str], pack: Pack) -> bool:
    """Whether a text with parts of those *names* is worth looking through line by line."""
    return (
        (names.count("duties") > 1 and text.count("\n") > MIN_LINES)
        or len(_COUNTED.findall(text)) > 1
        or len(pack.title_lines.findall(f"\n{text}")) > 1
    )


def split(text: str, pack: Pack) -> list[Posting]:
    """A posting for each opening of *text*; none where it holds one at most."""
    parts = []
    for title, start, end in openings(text, pack):
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


def _title(i: int, line: str, lines: list[tuple[int, str]], pack: Pack) -> str | None:
    """The title that the line begins an opening with."""
    bare = line.strip(_ENDS)
    label = pack.title_label.match(bare)
    if label:
        return _PEOPLE.split(label["title"])[0].strip(_ENDS)[:MAX_TITLE] or None
    if len(bare) > MAX_TITLE * 2:
        return None
    bare = line[_LIST.match(line).end() :].strip(_ENDS)  # type: ignore[union-attr]
    people = _PEOPLE.search(bare)
    name = bare[: people.start()].strip(_ENDS) if people else bare
    if not 1 < len(name) <= MAX_TITLE:
        return None
    if people and (len(name) <= MAX_COUNTED or is_posted(name, pack)):
        return name
    if not is_posted(name, pack):
        return None
    below = lines[i + 1][1] if i + 1 < len(lines) else ""
    return name if _is_heading(below, pack) else None


def is_posted(name: str, pack: Pack) -> bool:
    """Whether a short text is a job title, or mostly one."""
    flat = flatten(name)
    return any(
        any(row.kind == TITLE for row in hit.rows)
        and (hit.end - hit.start) >= COVERED * len(flat.text)
        for hit in pack.title.find(flat.text)
    )


def _is_heading(line: str, pack: Pack) -> bool:
    flat = flatten(line[: MAX_TITLE * 2]).text
    hit = next(iter(pack.body.find(flat)), None)
    if (
        hit is None
        or hit.start > 3
        or hit.rows[0].kind != HEADING
        or hit.rows[0].owner not in LABELS
    ):
        return False
    rest = flat[hit.end : hit.end + 2].lstrip(" ])\u3011")
    return not rest or rest[0] in ":\uff1a\n(-"
