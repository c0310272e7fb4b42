"""Which section of an entry answers: what is asked for, else what its kind is mostly asked for."""

from __future__ import annotations

from knowledge.engine.model import Entry
from rules.questions.model import Intent

ALWAYS = {"checklist": "pause_points", "misconception": "correction", "faq": "summary"}
"""Kinds that are asked for one thing, whatever the words."""
COMPARISON = {"in_common": "in_common", "cooperate": "how_they_work_together"}
USUAL = {
    "concept": "points",
    "metric": "points",
    "practice": "steps",
    "role": "responsibilities",
    "stage": "do",
    "tool": "what_for",
    "organization": "units",
}
"""What tells most about an entry where nobody says what is wanted, and it is not merely named."""
DEFINITIONS = ("summary", "definition")
DEFINE = "define"


def choose(entry: Entry, intent: Intent, named: bool, left: int) -> str:
    """The key of the section of *entry* that answers.

    *named*: whether the message names the entry; *left*: how many content words nothing explains.
    Measured on questions keyed by others (docs/understanding.md): this rule finds the section for
    more of them than the best matching line does.
    """
    kind = entry.id.partition(".")[0]
    if kind in ALWAYS:
        return ALWAYS[kind]
    if kind == "comparison":
        return COMPARISON.get(intent.name, "rows")
    if intent.evidence and intent.name == DEFINE and (named or left <= 1):
        return "summary"
    if intent.evidence and intent.name != DEFINE:
        for section in intent.sections:
            if section not in DEFINITIONS and getattr(entry, section, None):
                return section
    if named and not left and not intent.evidence:
        return "summary"
    usual = USUAL.get(kind, "summary")
    return usual if getattr(entry, usual, None) else "summary"
