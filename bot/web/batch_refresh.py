"""Results of a batch that keep up with what people decide about its postings."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from bot.postings import decisions
from bot.store import NotFound, Store, StoreUnavailable
from bot.store.corrections import Correction
from bot.web import batch_results, batch_table
from bot.web.batch_table import Line
from rules.postings.posting_rules import PostingRules

AT_ONCE = 3_000
"""Rows whose results are written anew while somebody waits; more of them in the background."""
_one = threading.Lock()
_writing: set[Path] = set()
log = logging.getLogger("zhiwen.web")


def corrections(lines: tuple[Line, ...], store: Store) -> dict[str, Correction]:
    """What people have decided about the postings of a table. Raises StoreUnavailable."""
    return store.corrections.get_many(line.input for line in lines if line.input)


def refresh(folder: Path, store: Store, rules: PostingRules) -> bool:
    """Whether the results hold every decision by now; a large batch takes a while.

    Raises StoreUnavailable, OSError. A batch of an earlier release stays as it is.
    """
    try:
        lines = batch_table.lines(folder)
    except NotFound:
        return True
    if len(lines) <= AT_ONCE:
        _rewrite(folder, store, rules)
        return True
    if not _is_stale(folder, lines, store):
        return True
    if folder not in _writing:
        _writing.add(folder)
        arguments = (folder, store, rules)
        threading.Thread(target=_in_background, args=arguments, name="results", daemon=True).start()
    return False


def _is_stale(folder: Path, lines: tuple[Line, ...], store: Store) -> bool:
    written = batch_results.read_overview(folder).get("decided")
    return batch_table.fingerprint(lines, corrections(lines, store)) != written


def _rewrite(folder: Path, store: Store, rules: PostingRules) -> None:
    """One at a time, and only where somebody has decided something since."""
    with _one:
        if _is_stale(folder, batch_table.lines(folder), store):
            of: decisions.DecisionLookup = store.corrections.get_many
            batch_results.rewrite(folder, rules, of)


def _in_background(folder: Path, store: Store, rules: PostingRules) -> None:
    try:
        _rewrite(folder, store, rules)
    except (NotFound, StoreUnavailable, OSError) as error:
        log.warning("results cannot be written anew", extra={"kind": type(error).__name__})
    finally:
        _writing.discard(folder)
