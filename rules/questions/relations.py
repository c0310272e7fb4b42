"""Whose a thing is, its checklist, its number, its tool: entries of one kind about another."""

from __future__ import annotations

from collections import Counter
from typing import Any

from knowledge.engine.model import Checklist, Entry, Role
from rules.book import RuleBook
from rules.questions.model import Intent, Utterance
from rules.questions.section import ALWAYS, DEFINE, DEFINITIONS, USUAL

SHORTER = "shorter"
"""The want that is met by the summary of what was told."""
KIND = {"owner": "role", "checklist": "checklist", "tools": "tool"}
"""Intents that ask for an entry of another kind."""
OWN = {"checklist": "checklists", "metric": "metrics", "role": "teams"}
"""The field in which an entry lists its own."""


def holds(entry: Entry, intent: Intent) -> str:
    """The section of *entry* that tells what *intent* asks, never a definition instead; or ""."""
    if intent.name in (DEFINE, SHORTER):
        return "summary"
    if entry.kind in ALWAYS and (ALWAYS[entry.kind] in intent.sections or _is_broad(intent)):
        return ALWAYS[entry.kind]
    for section in intent.sections:
        if section not in DEFINITIONS and getattr(entry, section, None):
            return section
    return ""


def _is_broad(intent: Intent) -> bool:
    return "steps" in intent.sections or "points" in intent.sections


def usual_section(entry: Entry) -> str:
    """The section that an entry is mostly asked for."""
    section = ALWAYS.get(entry.kind) or USUAL.get(entry.kind, "summary")
    if entry.kind == "comparison":
        return "rows"
    return section if getattr(entry, section, None) else "summary"


def related_entries(thing: str, kind: str, book: RuleBook) -> tuple[str, ...]:
    """Entries of *kind* that belong to *thing*, the nearest first.

    The one of the same name, then those that it lists itself, those it is related to, those that
    its items are assigned to, and those that list it.
    """
    if thing.startswith(f"{kind}."):
        return (thing,)
    entry = book.base.entry(thing)
    slug = thing.partition(".")[2]
    rows = [f"{kind}.{slug}", *_own_relations(entry, kind), *entry.related, *_owners(entry, kind)]
    rows += _listing(thing, kind, book)
    known = book.base.languages
    return tuple(dict.fromkeys(i for i in rows if i.startswith(f"{kind}.") and i in known))


def _own_relations(entry: Entry, kind: str) -> tuple[Any, ...]:
    own = getattr(entry, OWN.get(kind, ""), ()) or ()
    return own if isinstance(own, tuple) else ()


def _owners(entry: Entry, kind: str) -> list[str]:
    """The roles that most items of a checklist are assigned to."""
    if kind != "role" or not isinstance(entry, Checklist):
        return []
    roles = Counter(
        item.owner_role for pause in entry.pause_points for item in pause.items if item.owner_role
    )
    return [role for role, _ in roles.most_common()]


def _listing(thing: str, kind: str, book: RuleBook) -> list[str]:
    """Entries of *kind* that name the thing among their own."""
    entries = (book.base.entry(id_) for id_ in book.base.ids(kind))
    return [
        e.id for e in entries if thing in e.related or (isinstance(e, Role) and thing in e.metrics)
    ]


def nearest_entry(ids: tuple[str, ...], words: tuple[str, ...], book: RuleBook) -> str:
    """Which of several related entries: the one that uses most of the words; else the first."""
    return max(ids, key=lambda id_: (len(book.base.vocabulary(id_) & set(words)), -ids.index(id_)))


def unexplained_weight(utterance: Utterance, words: Any, entry: str, book: RuleBook) -> float:
    """How much of the words an entry does not use."""
    vocabulary = book.base.vocabulary(entry)
    return float(sum(word.weight for word in words if word.text not in vocabulary))
