"""A line that an editor teaches: a name, a question or a near miss of an entry, as file edits.

An entry of the organization's own gets the line in its own file; an entry of ours in the file of
additions, so that it goes on learning from updates.
"""

from __future__ import annotations

from pathlib import Path

from bot.editing import files
from bot.store.edits import FileEdit
from knowledge.engine import additions, insert
from knowledge.engine.base import KnowledgeBase
from knowledge.engine.model import KINDS
from knowledge.engine.normal import compact, question_key
from rules import proposal
from rules.postings.overlay import KNOWLEDGE
from rules.proposal import FIELDS, Change, Unfit


def edits(root: Path, overlay: Path, base: KnowledgeBase, change: Change) -> tuple[FileEdit, ...]:
    """The files that *change* changes. Raises Unfit, EditRefused.

    *base*: the content in use, which knows what the entry has in all.
    """
    if change.entry in base.own:
        patch = proposal.prepare(overlay / KNOWLEDGE, change)
        path, before, after = patch.file, patch.before, patch.after
    else:
        proposal.prepare(root, change)
        path = addition_of(change.entry, change.language)
        before = files.read(overlay, [path])[path] or ""
        after = _append_change(before, change)
    if _has(base, change):
        raise Unfit("there")
    was = files.read(overlay, [path])[path]
    return (FileEdit(path, was, after),)


def addition_of(entry: str, language: str) -> str:
    """The file of the overlay with what is added to an entry of ours in that language."""
    kind, _, slug = entry.partition(".")
    return f"{KNOWLEDGE}/{additions.FOLDER}/{language}/{KINDS[kind][1]}/{slug}.yaml"


def _append_change(before: str, change: Change) -> str:
    """The text of a file of additions with one more line."""
    key, flow = FIELDS[change.kind], change.kind == "alias"
    if not before.strip():
        item = insert.yaml_item(change.item, flow)
        return f"{key}: [{item}]\n" if flow else f"{key}:\n  - {item}\n"
    try:
        return insert.add_item(before, key, change.item, tuple(FIELDS.values()), flow=flow)
    except insert.CannotInsert:
        raise Unfit("layout") from None


def _has(base: KnowledgeBase, change: Change) -> bool:
    """Whether the entry has it already in that language, in another spelling perhaps."""
    if change.entry not in base.languages:
        return False
    told = base.entry(change.entry, change.language)
    if change.kind == "alias":
        names = (told.title, *told.aliases)
        return compact(change.text).text in {compact(name).text for name in names}
    asked = told.near_misses if change.kind == "near_miss" else [e.ask for e in told.examples]
    return question_key(change.text) in {question_key(one) for one in asked}
