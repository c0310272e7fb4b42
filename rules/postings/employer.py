"""Where a posting names its employer, whose name says nothing about the work.

"Blue Whale Marketing Ltd" hires drivers, too: words inside such a name, and inside its short form
elsewhere in the text, are no evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.postings.automaton import CUE, HEADING, NAMED, Hit
from rules.postings.normalized import pattern_of
from rules.postings.occurring import Occurring

SHORTEST = 4
"""Characters of a short form that is looked for elsewhere."""
MAX_NAME = 18
STRUCTURE = frozenset({HEADING, CUE, NAMED})
_HAN = (
    "\u6709\u9650\u516c\u53f8",
    "\u6709\u9650\u8d23\u4efb\u516c\u53f8",
    "\u80a1\u4efd\u516c\u53f8",
    "\u96c6\u56e2\u516c\u53f8",
    "\u96c6\u56e2\u6709\u9650",
    "\u682a\u5f0f\u4f1a\u793e",
    "\u5408\u540c\u4f1a\u793e",
)
_LATIN = " inc.", " inc,", " inc ", " ltd", " llc", " gmbh", " plc", " pty"
_LABELS = (
    *(
        "\u516c\u53f8\u540d\u79f0:",
        "\u516c\u53f8\u540d:",
        "\u516c\u53f8:",
        "\u4f01\u4e1a\u540d\u79f0:",
        "\u4f1a\u793e\u540d:",
        "\u4f01\u696d\u540d:",
        "\ud68c\uc0ac\uba85:",
        "\uae30\uc5c5\uba85:",
    ),
    *("company name:", "company:", "employer:"),
)
_FORM = re.compile(
    pattern_of(
        "(?:\u80a1\u4efd)?\u6709\u9650(?:\u8d23\u4efb)?\u516c\u53f8|\u80a1\u4efd\u516c\u53f8|\u96c6\u56e2(?:\u6709\u9650)?\u516c\u53f8|\u682a\u5f0f\u4f1a\u793e"
    )
)
_LEFT = re.compile(
    rf"(?:.*[\u7684\u662f\u4e3a\u5728\u4e0e\u548c\u7ed9\u7531\u53ca\u4e8e])?([\u3041-\u9fff()]{{2,{MAX_NAME}}})$"
)
"""A Han name before its form, begun after a word of the sentence around it."""
_RIGHT = re.compile(
    pattern_of(
        "(?:\u682a\u5f0f\u4f1a\u793e|\u5408\u540c\u4f1a\u793e|\uc8fc\uc2dd\ud68c\uc0ac|\\(\uc8fc\\))"
    )
    + rf"([^\s,.:;()\u3001\u3002\u300c\u300d]{{2,{MAX_NAME}}}?)"
    r"(?=$|[\s,.:;()\u3001\u3002\u300c\u300d\u306f\u306e\u304c\u3067\uc740\ub294]|\uc5d0\uc11c|\uc758)"
)
_BEFORE_JU = re.compile(rf"([\uac00-\ud7af]{{2,{MAX_NAME}}})\(\uc8fc\)")
_ENGLISH = re.compile(
    r"(?:^|[\n,.;:(]|\b(?:at|join|with|for) )([a-z0-9&' ]{2,40}?),? (?:inc|ltd|llc|gmbh|plc|pty)\b"
)
_LABELLED = re.compile(
    rf"(?:{'|'.join(pattern_of(label) for label in _LABELS)})([^\n\u3002;]{{2,40}})"
)
_PLACES = re.compile(
    pattern_of(
        "^.{0,3}?(?:\u7701|\u5e02|\u5317\u4eac|\u4e0a\u6d77|\u6df1\u5733|\u5e7f\u5dde|\u676d\u5dde|\u53f0\u5317|\u4e1c\u4eac|\u6210\u90fd|\u6b66\u6c49|\u5357\u4eac|\u82cf\u5dde)"
    )
)
_KINDS = re.compile(
    pattern_of(
        "(?:\u79d1\u6280|\u7f51\u7edc|\u4fe1\u606f|\u6280\u672f|\u4f20\u5a92|\u6587\u5316|\u54a8\u8be2|\u7ba1\u7406|\u670d\u52a1|\u53d1\u5c55|\u8d38\u6613|\u5546\u52a1|\u5b9e\u4e1a|\u6295\u8d44|\u5e7f\u544a|\u6559\u80b2)*$"
    )
)


def names(text: str) -> list[tuple[int, int]]:
    """Where a normalized *text* says an employer's name, whole or short: (start, end)."""
    spans = set(_names(text))
    return sorted(
        spans | {again for start, end in spans for again in _repetitions(text, text[start:end])}
    )


def is_inside(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether the words from *start* to before *end* lie in one of the names."""
    return any(first <= start and end <= last for first, last in spans)


def hits_outside(hits: Sequence[Hit], spans: Sequence[tuple[int, int]]) -> Sequence[Hit]:
    """The *hits* that lie in none of the names; what divides the posting stays."""
    if not spans:
        return hits
    return [
        hit
        for hit in hits
        if hit.rows[0].kind in STRUCTURE or not is_inside(hit.start, hit.end, spans)
    ]


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Where names of employers stand; the plain words are looked for first, as most have none."""
    told = _WORDS.numbers(text)
    if 0 in told:
        for form in _FORM.finditer(text):
            left = max(0, form.start() - MAX_NAME - 1)
            name = _LEFT.search(text[left : form.start()])
            if name:
                yield left + name.start(1), form.start()
    for number, pattern in enumerate((_RIGHT, _BEFORE_JU, _ENGLISH, _LABELLED), 1):
        if number in told:
            yield from (match.span(1) for match in pattern.finditer(text))


_FORMS = (
    "\u682a\u5f0f\u4f1a\u793e",
    "\u5408\u540c\u4f1a\u793e",
    "\uc8fc\uc2dd\ud68c\uc0ac",
    "(\uc8fc)",
)
_WORDS = Occurring(
    (number, map(pattern_of, words))
    for number, words in enumerate((_HAN, _FORMS, ("(\uc8fc)",), _LATIN, _LABELS))
)
"""Plain words, with the numbers of the patterns that are worth trying where they occur."""


def _repetitions(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Where the name stands again, without its place and with less of what it trades in."""
    bare = _PLACES.sub("", name, count=1).strip("() ")
    for short in {name, bare, _KINDS.sub("", bare)}:
        if len(short) >= SHORTEST:
            for match in re.finditer(re.escape(short), text):
                yield match.span()
