"""The content in use, and its replacement while running: only by content that passes the check."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot import checking
from knowledge.engine import base as knowledge_base
from knowledge.engine import compiled
from knowledge.engine.audience import AUDIENCE_ROLES
from knowledge.engine.source import ContentError, Problem
from rules import book as rule_book
from rules import load as rules_load
from rules.book import RuleBook
from rules.postings import load as posting_load
from rules.postings import overlay as overlays

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Content that was not taken, and why."""

    problems: tuple[Problem, ...]


class Live:
    """Holds the book; `refresh` swaps it in one assignment."""

    def __init__(self, root: Path = knowledge_base.ROOT, overlay: Path | None = None) -> None:
        """Raises ContentError when the content is broken at the start."""
        self.root, self.overlay = root, overlay
        self._lock = threading.Lock()
        self._stamp = self._present()
        self._editions = self._open()
        self.refusal: Refusal | None = None
        """Why the newest content is not in use, if it is not."""

    @property
    def book(self) -> RuleBook:
        """All of it, as those see it who may see everything."""
        return self._editions[NOTHING]

    def seen_by(self, roles: Iterable[str]) -> RuleBook:
        """The book as someone with these roles sees it: without entries kept from them."""
        editions = self._editions
        hidden = editions[NOTHING].base.hidden_from(frozenset(roles))
        if hidden not in editions:
            with self._lock:
                if hidden not in editions:
                    editions[hidden] = self._edition(hidden)
        return editions[hidden]

    def changed(self) -> bool:
        """Whether any file of the content differs from when it was last looked at."""
        return self._present() != self._stamp

    def refresh(self) -> Refusal | None:
        """Take the content as it is now, if it passes the whole check. Returns why not, if not."""
        with self._lock:
            self._stamp = self._present()
            try:
                found = checking.problems(self.root, self.overlay)
                errors = [problem for problem in found if problem.level == "error"]
                if not errors:
                    self._editions, self.refusal = self._open(), None
            except ContentError as error:
                errors = list(error.problems)
            except OSError as error:
                place = str(error.filename or self.overlay or self.root)
                errors = [Problem(place, 1, "error", f"cannot be read: {error.strerror}")]
            if errors:
                self.refusal = Refusal(tuple(sorted(errors)))
            return self.refusal

    def _open(self) -> dict[frozenset[str], RuleBook]:
        """What is hidden -> the book without it: all of it, and what each role by itself sees."""
        whole = self._edition(NOTHING)
        hidden = {whole.base.hidden_from((role,)) for role in AUDIENCE_ROLES} - {NOTHING}
        return {NOTHING: whole, **{ids: self._edition(ids) for ids in hidden}}

    def _edition(self, hidden: frozenset[str]) -> RuleBook:
        own = overlays.knowledge(self.overlay)
        base = knowledge_base.open_base(self.root, hidden=hidden, own=own)
        book = rule_book.open_book(base, overlay=self.overlay)
        # Opened here, so that no question waits for it, and none fails if the cache is deleted.
        _ = book.pack, base.index, base.likelihoods
        return book

    def _present(self) -> str:
        own = overlays.paths(self.overlay) if self.overlay else []
        return compiled.stamp(
            [
                *knowledge_base.files(self.root, overlays.knowledge(self.overlay)),
                *rules_load.paths(),
                *posting_load.paths(),
                *own,
            ]
        )
