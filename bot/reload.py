"""The content in use, and its replacement while running: only by content that passes the check."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot import check_cache, content_check
from knowledge.engine import base as knowledge_base
from knowledge.engine.audience import AUDIENCE_ROLES
from knowledge.engine.file_scan import FileState
from knowledge.engine.garbage import collect_and_freeze, collection_paused
from knowledge.engine.load import Loaded
from knowledge.engine.source import ContentError, Problem
from rules import book as rule_book
from rules.book import RuleBook
from rules.postings import overlay as overlays

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Content that was not taken, and why."""

    problems: tuple[Problem, ...]


class ContentReloader:
    """Holds the book; `refresh` swaps it in one assignment."""

    def __init__(self, root: Path = knowledge_base.ROOT, overlay: Path | None = None) -> None:
        """Raises ContentError when the content is broken at the start."""
        self.root, self.overlay = root, overlay
        self._lock = threading.Lock()
        self._stamp = self._present()
        self._passed = check_cache.last_passed(root, overlay)
        """The files that have passed the whole check, if any have."""
        self._editions = self._open()
        collect_and_freeze()
        self._used = self._stamp
        """The files as they were when the content in use was taken."""
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

    def has_changed(self) -> bool:
        """Whether any file of the content differs from when it was last looked at."""
        return self._present() != self._stamp

    def uses(self, paths: Iterable[Path]) -> bool:
        """Whether the content in use has these files of ours as they are now."""
        wanted = {str(path) for path in paths}
        now = {seen for seen in self._present() if seen[0] in wanted}
        return now == {seen for seen in self._used if seen[0] in wanted}

    def refresh(self) -> Refusal | None:
        """Take the content as it is now, if it passes the whole check. Returns why not, if not."""
        with self._lock:
            self._stamp = self._present()
            try:
                with collection_paused():
                    errors = self._take()
            except ContentError as error:
                errors = list(error.problems)
            except OSError as error:
                place = str(error.filename or self.overlay or self.root)
                errors = [Problem(place, 1, "error", f"cannot be read: {error.strerror}")]
            if errors:
                self.refusal = Refusal(tuple(sorted(errors)))
            collect_and_freeze()
            return self.refusal

    def _take(self) -> list[Problem]:
        """Take the content as it is now. Returns the errors for which it is not taken."""
        touched = check_cache.touched_entries(self._passed, self._stamp, self.overlay)
        read = content_check.read_content(self.root, self.overlay)
        found = content_check.problems(self.root, self.overlay, read, touched)
        errors = [problem for problem in found if problem.level == "error"] or self._lost()
        if not errors:
            self._editions, self.refusal = self._open(read), None
            self._passed = self._used = self._stamp
            check_cache.note(self._stamp, self.root, self.overlay)
        return errors

    def _open(self, read: Loaded | None = None) -> dict[frozenset[str], RuleBook]:
        """What is hidden -> the book without it: all of it, and what each role by itself sees."""
        whole = self._edition(NOTHING, read)
        hidden = {whole.base.hidden_from((role,)) for role in AUDIENCE_ROLES} - {NOTHING}
        return {NOTHING: whole, **{ids: self._edition(ids, read) for ids in hidden}}

    def _edition(self, hidden: frozenset[str], read: Loaded | None = None) -> RuleBook:
        own = overlays.knowledge(self.overlay)
        base = knowledge_base.open_base(self.root, hidden=hidden, own=own, read=read)
        book = rule_book.open_book(base, overlay=self.overlay)
        # Opened here, so that no question waits for it, and none fails if the cache is deleted.
        _ = book.pack, base.index, base.likelihoods
        return book

    def _lost(self) -> list[Problem]:
        """A problem where the overlay held something and holds nothing any more, as unmounted."""
        own = str(self.overlay)

        def inside(seen: frozenset[FileState]) -> bool:
            return any(path.startswith(f"{own}{os.sep}") for path, *_ in seen)

        if not inside(self._used) or inside(self._stamp):
            return []
        told = "it holds nothing any more: is it mounted? If that is meant, start the server again"
        return [Problem(own, 1, "error", told)]

    def _present(self) -> frozenset[FileState]:
        return check_cache.present(self.root, self.overlay)
