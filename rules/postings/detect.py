"""A pasted text -> a Posting with its title, and whether a chat message is a posting at all."""

from __future__ import annotations

import re

from rules.postings import structure
from rules.postings.automaton import HEADING
from rules.postings.evidence import gather
from rules.postings.model import Posting
from rules.postings.normalized import normalize_text
from rules.postings.posting_rules import PostingRules

MIN_CHARS = 40
"""Nobody pastes a posting shorter than this, and few questions are longer."""
MAX_TITLE = 40
LABELLED = 4
"""Lines among which a labelled title is looked for; a company's name may stand above it."""
MIN_SIGNALS = 4
"""Different signals that make a long text without headings a posting."""
_SENTENCE = re.compile(r"[\u3002\uff1b;!?\uff01\uff1f]|\d\s*[\u3001.)]|^[-*\u2022\u00b7]")
_BULLET = re.compile(
    r"^\s*(?:[-*\u2022\u00b7\u25cf\u25aa]|\(?\d{1,2}[\u3001.)\uff0e\uff09])"
    r"(?!.*[?\uff1f]\s*$)",
    re.M,
)
"""A list entry; one that asks is a question and no duty."""


def read(text: str, rules: PostingRules) -> Posting:
    """The posting in *text*: a labelled title or a short first line is its title."""
    lines = text.strip().splitlines()
    if not lines:
        return Posting("")
    for i, line in enumerate(lines[:LABELLED]):
        label = rules.title_label.match(_strip_marks(line))
        if label:
            rest = [*lines[:i], *lines[i + 1 :]]
            return Posting("\n".join(rest), label["title"].strip()[:MAX_TITLE])
    first = _strip_marks(lines[0])
    if len(lines) > 1 and _is_title(first, rules):
        return Posting("\n".join(lines[1:]), first)
    return Posting(text.strip())


def _strip_marks(line: str) -> str:
    return line.strip(" #*\u3010\u3011[]\t")


def _is_title(line: str, rules: PostingRules) -> bool:
    if not 1 < len(line) <= MAX_TITLE or _SENTENCE.search(line) or line.endswith((":", "\uff1a")):
        return False
    return not any(row.kind == HEADING for hit in rules.body.find(normalize_text(line).text)
                   for row in hit.rows)  # fmt: skip


def is_posting(text: str, rules: PostingRules) -> bool:
    """Whether a chat message is a job posting: headed like one, or listing many duties."""
    if len(text) < MIN_CHARS:
        return False
    normalized = normalize_text(text)
    hits = list(rules.body.find(normalized.text))
    _, names = structure.parts(normalized.text, hits)
    headed = {"duties", "requirements"} & set(names)
    listed = len(_BULLET.findall(text))
    if len(headed) == 2 and len(names) > 2:
        return True
    if not headed and listed < 2:
        return False
    signals = {(s.function, s.text) for s in gather(Posting(text), rules).signals}
    return len(signals) >= MIN_SIGNALS
