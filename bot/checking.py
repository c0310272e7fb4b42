"""Every problem of content and rules, examples and near misses tried."""

from __future__ import annotations

from pathlib import Path

from knowledge.engine import base, load
from knowledge.engine.source import Problem
from rules import book as rule_book
from rules import check as rules_check
from rules import examples
from rules import load as rules_load
from rules.postings import check as posting_check
from rules.postings import load as posting_load
from rules.postings import overlay as overlays
from rules.questions import proof


def loaded(root: Path, overlay: Path | None = None) -> load.Loaded:
    """The content at *root* and an organization's own, as read."""
    return load.load(root, overlays.knowledge(overlay))


def problems(
    root: Path, overlay: Path | None = None, read: load.Loaded | None = None
) -> list[Problem]:
    """What is wrong with the content at *root*, the rules, and an organization's own.

    *read*: what `loaded` gave, if at hand. Examples are tried only on content without errors.
    Raises ContentError.
    """
    rules = rules_load.load()
    own = overlays.knowledge(overlay)
    found = [*base.problems(root, own), *rules.problems, *rules_check.check(rules)]
    found += posting_check.check(overlay=overlay)
    read = read or loaded(root, overlay)
    found += rules_check.open_to_all(
        read, (rule.function for rule in posting_load.load().functions)
    )
    found += proof.known(read, rules)
    if not any(problem.level == "error" for problem in found):
        book = rule_book.open_book(base.open_base(root, own=own), overlay=overlay)
        found += examples.check(read, book)
        found += proof.proved(read, book)
    return found
