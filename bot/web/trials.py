"""Trials of edits, in the background: one after the other, each in a process of its own.

How far one is and what it found stands in the store. A trial whose server is gone is begun anew by
whichever server is asked about it.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import secrets
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.app import App
from bot.editing import trial
from bot.store import StoreUnavailable
from bot.store.edits import FAILED, RUNNING, TRIED, Edit
from rules.proposal import Asked

LEASE, HELD = "trial:", 30.0
"""A trial is worked on by whoever holds its lease, which lasts so many seconds unless renewed."""
EVERY = 0.5
"""Seconds between two looks at the process."""
STAGE = "stage"
MAX_OTHERS = 300
"""Questions that people asked of late, which are asked before and after."""
log = logging.getLogger("zhiwen.web")


class Trials:
    """Begins trials, and goes on with those that nobody works on."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(1, "trial")
        self._holder = secrets.token_hex(8)
        self._mine: set[str] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()

    def start(self, edit: Edit) -> None:
        """Try the edit, unless it is being tried already. Raises StoreUnavailable."""
        with self._lock:
            if edit.status != RUNNING or edit.id in self._mine or self._over.is_set():
                return
            if not self._app.store.leases.take(LEASE + edit.id, self._holder, HELD):
                return
            self._mine.add(edit.id)
        self._pool.submit(self._run, edit)

    def stop(self) -> None:
        """End what is under way; another server, or this one started anew, begins it again."""
        self._over.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, edit: Edit) -> None:
        try:
            result = self._run_trial(edit)
            if result is not None:
                self._app.store.edits.note(edit.id, result, FAILED if "broken" in result else TRIED)
        except Exception:
            log.exception("a trial broke", extra={"edit": edit.id})
            with suppress(StoreUnavailable):
                self._app.store.edits.note(edit.id, {"broken": True}, FAILED)
        finally:
            with suppress(StoreUnavailable):
                self._app.store.leases.release(LEASE + edit.id, self._holder)
            with self._lock:
                self._mine.discard(edit.id)

    def _run_trial(self, edit: Edit) -> dict[str, Any] | None:
        """What the process found; None where the trial is not ours any more."""
        content, leases = self._app.content, self._app.store.leases
        if content.overlay is None:
            return {"broken": True}
        if not leases.take(LEASE + edit.id, self._holder, HELD):
            return None  # it has waited here so long that another server took it
        asked = [(question, language) for question, language in edit.what.get("asked", ())]
        spawn = multiprocessing.get_context("spawn")  # words are learnt there, not here
        here, there = spawn.Pipe(duplex=False)
        process = spawn.Process(
            target=_child,
            args=(there, content.root, content.overlay, edit, asked, self._recent_questions(edit)),
            daemon=True,
        )
        process.start()
        there.close()
        try:
            return self._watch(edit, here)
        finally:
            if process.is_alive():
                process.terminate()
            process.join()
            here.close()

    def _watch(self, edit: Edit, here: Any) -> dict[str, Any] | None:
        """Note how far the process is until it has told what it found."""
        store = self._app.store
        while not self._over.is_set():
            if not here.poll(EVERY):
                with suppress(StoreUnavailable):
                    if not store.leases.take(LEASE + edit.id, self._holder, HELD):
                        return None
                continue
            try:
                kind, value = here.recv()
            except EOFError:
                return {"broken": True}
            if kind == "found":
                return dict(value)
            with suppress(StoreUnavailable):
                if not store.edits.note(edit.id, {STAGE: value}):
                    return None
        return None

    def _recent_questions(self, edit: Edit) -> list[Asked]:
        """What people asked of late and nobody is named with: open questions, and judged ones."""
        feedback = self._app.store.feedback
        open_ = [(one.question, one.language) for one in feedback.questions()]
        judged = [(one.question, one.language) for one in feedback.all(most=MAX_OTHERS)]
        newest = dict.fromkeys((*open_, *judged))
        mine = {question for question, _ in edit.what.get("asked", ())}
        return [one for one in newest if one[0] not in mine][:MAX_OTHERS]


def _child(
    out: Any, root: Path, overlay: Path, edit: Edit, asked: Iterable[Asked],
    others: Iterable[Asked],
) -> None:  # fmt: skip
    """The process: tells each stage, and what was found."""
    with suppress(OSError, AttributeError):
        os.nice(5)  # whoever asks goes first
    found = trial.try_out(
        root, overlay, edit.files, asked, others, lambda stage: out.send(("stage", stage))
    )
    out.send(("found", trial.to_data(found)))
    out.close()
