"""Several titles in one text without a part for each: in one sentence, after a label, in a list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.postings.automaton import TITLE
from rules.postings.normalized import normalize_text
from rules.postings.patterns import NUMERAL
from rules.postings.posting_rules import PostingRules

MAX_TITLE = 40
MAX_LISTED = 20
"""Characters of a job that is not known as a title."""
COVERED = 0.4
"""Share of a text that a posted title must make up for the text to be one."""
LEFT = 30
"""A title and a number of people within a line."""
COUNTED = re.compile(
    rf"[\d{NUMERAL}\u5e72] ?(?:[\u540d\u4eba\uba85]|p(?:eople|ersons|ositions)|openings)"
)
PEOPLE = re.compile(
    rf"\s*[:\uff1a(\uff08\[ ]*\s*(?:\d{{1,3}}|\u82e5\u5e72|[{NUMERAL}])\s*"
    r"(?:\u540d|\u4eba|\uba85|people|persons|positions|openings)(?![a-z])[)\uff09]?",
    re.IGNORECASE,
)
UNITS = frozenset("\u540d\u4eba\uba85eE")
"""One of these stands in whatever `PEOPLE` finds; the last two in "people" and the like."""
_NUMBER = re.compile(rf"(?:\d{{1,3}}|\u82e5\u5e72|[{NUMERAL}])\s?(?:\u540d|\uba85)")
_NUMBERED = re.compile(r"([^\W\d_](?:[^\W\d_]| (?=[a-z])){1,23})\s*[:\uff1a(\uff08]?\s*$")
_BETWEEN = re.compile("[\u3001,\uff0c\u30fb]| and | \ubc0f |\u4ee5\u53ca")
_ASIDE = re.compile(r"\([^()\n]*\)|\uff08[^\uff08\uff09\n]*\uff09")
_ENDS = " #*\u3010\u3011[]\t:\uff1a-\u2014"
_CIRCLED = "".join(map(chr, range(0x2460, 0x2474)))
_LISTED = re.compile(
    rf"^[ \t]*(?:[\u2460-\u2473]|\d{{1,2}}[.)\u3001\uff0e\uff09]|[{NUMERAL}][\u3001.\uff0e])"
    r"[ \t]*(?P<name>[^:\uff1a\u2013\u2014\n]{2,40}?)[ \t]*(?:[:\uff1a\u2013\u2014]|[ \t]-[ \t])",
    re.MULTILINE,
)
"""A numbered line that begins with a name: "1) Accountant - closes the books"."""
_ITEM = re.compile(
    r"(?:^|(?<=[\s;\u3002\uff1b]))(?P<number>\d{1,2})[.)\u3001\uff0e\uff09]\s*"
    r"(?=(?P<name>[^\d\s][^\n]{1,59}))",
    re.MULTILINE,
)
_CLOSES = re.compile(
    r"\s*(?:$|[:\uff1a.,;(\uff08\u2013\u2014-]|who\b|to\b|for\b|\d)", re.IGNORECASE
)
"""What follows the name of a job that begins an item."""
_TWO = re.compile(r"(?:^|[\s;\u3002\uff1b])2[.)\u3001\uff0e\uff09]")
ABOVE = 80
"""Characters above numbered jobs in which words tell whose jobs they are."""


def offered_titles(text: str, rules: PostingRules) -> list[str]:
    """Posted titles that are offered together, in the order of their kinds; one or none is none.

    In one sentence with numbers of people or after words such as "hiring", between commas after a
    label, or at the beginning of numbered lines below such words.
    """
    before = (text[max(0, at.start() - LEFT) : at.start()] for at in _NUMBER.finditer(text))
    titles = _posted_titles(
        (match[1] for part in before if (match := _NUMBERED.search(part))), rules
    )
    hiring = _may_hire(text, rules)
    if hiring:
        for match in rules.hiring.offer.finditer(_ASIDE.sub("", text)):
            titles += _jobs_among(_pieces(match["titles"]), rules)
    for line in rules.title_lines.findall(f"\n{text}"):
        titles += _jobs_among(_pieces(line), rules)
    if hiring:
        titles += _numbered_jobs(text, rules)
    if len(set(titles)) < 2:
        titles += numbered_jobs(text, rules)
    return list(dict.fromkeys(titles))


def may_be_listed(text: str, rules: PostingRules) -> bool:
    """Whether *text* is worth looking through for titles that are offered together."""
    return len(COUNTED.findall(text)) > 1 or (
        _may_hire(text, rules) and rules.hiring.said.search(text) is not None
    )


def _may_hire(text: str, rules: PostingRules) -> bool:
    """Whether a word of hiring occurs at all: much quicker than the patterns."""
    small = text.lower()
    return any(word in small for word in rules.hiring.words)


def is_posted(name: str, rules: PostingRules) -> bool:
    """Whether a short text is a job title, or mostly one."""
    longest, whole = rules.title_in(name)
    return bool(longest) and longest >= COVERED * whole


def _pieces(text: str) -> list[str]:
    return [_name(piece) for piece in _BETWEEN.split(text)]


def _name(text: str) -> str:
    """A title without the number of people behind it."""
    return PEOPLE.split(text)[0].strip(_ENDS).lstrip(_CIRCLED)


def _posted_titles(names: Iterable[str], rules: PostingRules) -> list[str]:
    return [name for name in names if 1 < len(name) <= MAX_TITLE and is_posted(name, rules)]


def _jobs_among(names: Iterable[str], rules: PostingRules) -> list[str]:
    """The jobs among the names of an offer: known ones, and short ones that end like one."""
    return [
        name
        for name in names
        if 1 < len(name) <= MAX_TITLE
        and (is_posted(name, rules) or (len(name) <= MAX_LISTED and rules.hiring.role.search(name)))
    ]


def numbered_jobs(text: str, rules: PostingRules) -> list[str]:
    """The jobs with which items numbered 1, 2, … begin: "1. Marketing manager … 2. Sales …".

    A list of duties has none: each must begin with a posted title that ends like a job, and nobody
    else's jobs may be spoken of above them.
    """
    if not _TWO.search(text):
        return []
    found: list[tuple[str, int]] = []
    last = 0
    for item in _ITEM.finditer(text):
        number = int(item["number"])
        is_next = number > last if found else number == 1
        name = _job(item["name"], rules) if is_next else ""
        if name:
            last = number
            found.append((name, item.start()))
    if len(found) < 2 or rules.hiring.colleagues.search(
        text, max(0, found[0][1] - ABOVE), found[0][1]
    ):
        return []
    return list(dict.fromkeys(name for name, _ in found))


def _job(text: str, rules: PostingRules) -> str:
    """The posted title with which a text begins, behind ranks; nothing where it goes on."""
    rank = rules.hiring.rank.match(text)
    start = rank.end() if rank else 0
    if not any(rules.may_begin_title(text, at) for at in {0, start}):
        return ""  # as most duties: quicker than looking for a title anywhere in it
    normalized = normalize_text(text)
    for hit in rules.title.find(normalized.text):
        first, end = normalized.span(hit.start, hit.end)
        if first in (0, start) and any(row.kind == TITLE for row in hit.rows):
            name = text[:end]
            if rules.hiring.role.search(name) and _CLOSES.match(text, end):
                return name
    return ""


def _numbered_jobs(text: str, rules: PostingRules) -> list[str]:
    """The jobs that numbered lines begin with, if most of these lines do, and hiring is told."""
    told = rules.hiring.said.search(text)
    if not told:
        return []
    names = [_name(match["name"]) for match in _LISTED.finditer(text, told.start())]
    titles = list(dict.fromkeys(_jobs_among(names, rules)))
    return titles if len(titles) > 1 and 2 * len(titles) >= len(names) else []
