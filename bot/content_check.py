"""Every problem of content and rules, examples and near misses tried."""

from __future__ import annotations

from pathlib import Path

from knowledge.engine import base, load
from knowledge.engine.model import Faq
from knowledge.engine.source import Problem
from rules import book as rule_book
from rules import check as rules_check
from rules import examples, ownership
from rules import load as rules_load
from rules.book import RuleBook
from rules.postings import check as posting_check
from rules.postings import load as posting_load
from rules.postings import overlay as overlays
from rules.questions import proof


def read_content(root: Path, overlay: Path | None = None) -> load.Loaded:
    """The content at *root* and an organization's own, as read."""
    return base.read(root, overlays.knowledge(overlay))


def problems(
    root: Path,
    overlay: Path | None = None,
    read: load.Loaded | None = None,
    touched: frozenset[str] | None = None,
) -> list[Problem]:
    """What is wrong with the content at *root*, the rules, and an organization's own.

    *read*: what `loaded` gave, if at hand. Examples are tried only on content without errors.
    *touched*: the entries that are new or changed since all of it passed, None for all; what has
    nothing to do with them is not looked at again, nor are the rules. Raises ContentError.
    """
    read = read or read_content(root, overlay)
    found = read_problems(root, overlay, read, touched)
    if not any(problem.level == "error" for problem in found):
        own = overlays.knowledge(overlay)
        book = rule_book.open_book(base.open_base(root, own=own, read=read), overlay=overlay)
        found += try_examples(read, book, touched)
    return found


def read_problems(
    root: Path,
    overlay: Path | None,
    read: load.Loaded,
    touched: frozenset[str] | None = None,
) -> list[Problem]:
    """What is wrong before any question is asked."""
    found = base.problems(root, overlays.knowledge(overlay), read, touched)
    if touched is None or not _are_answers(touched, read):
        found += _of_rules(root, overlay, read)
    return found


def _are_answers(touched: frozenset[str], read: load.Loaded) -> bool:
    """Whether they are answers to questions alone, on which no rule leans and which name none."""
    told = [read.texts[id_][load.PRIMARY] for id_ in touched if id_ in read.texts]
    return all(isinstance(entry, Faq) and not entry.helps for entry in told)


def _of_rules(root: Path, overlay: Path | None, read: load.Loaded) -> list[Problem]:
    """Problems of the rules, and between them and the content."""
    rules = rules_load.load()
    found = [*rules.problems, *rules_check.check(rules), *posting_check.check(overlay=overlay)]
    functions = (rule.function for rule in posting_load.load().functions)
    found += rules_check.open_to_all(read, functions)
    found += proof.unknown_names(read, rules)
    if root == base.ROOT:  # content of others need not have the roles that our rules name
        found += ownership.unknown_roles(rules.tasks, rules.shared_work, read)
        found += rules_check.leads(read, rules)
    return found


def try_examples(
    read: load.Loaded, book: RuleBook, touched: frozenset[str] | None
) -> list[Problem]:
    """What is wrong when every example and near miss is put through the whole, as *book* has it."""
    found = examples.check(read, book, touched)
    if touched is None:
        found += ownership.check(read, book.pack, book.tasks, book.shared_work)
    found += proof.unproved_situations(read, book, touched)
    return found
