"""Batches of postings: classified in the background, their results kept for some days.

How far a batch is stands in the store; its results, which hold what the postings say, are files in
a folder that only the server may read.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.postings.model import Unreadable
from bot.postings.summary import Summary
from bot.postings.uploads import PREFIX, Inbox, tidy
from bot.store import Busy, Gone, Store
from bot.store.database import together
from bot.store.jobs import Job
from bot.web import outcomes
from bot.web.outcomes import FORMS, Options
from rules.postings.pack import Pack

WORKERS = 2
EVERY = 0.5
"""Seconds between two notes of how far a batch is."""
TRIES = 12
"""How often the end of a batch is tried to be written down while the database is busy."""
LEASE, HELD = "batch:", 20.0
"""A batch is worked on by whoever holds its lease, which lasts so many seconds unless renewed."""
WHY = INTERRUPTED, FULL, BROKEN = (
    "web.posting.failed.interrupted", "web.posting.failed.full", "web.posting.failed.broken",
)  # fmt: skip
"""Why a batch failed, where that is no fault of its files."""
log = logging.getLogger("zhiwen.web")


class Unfinished(Exception):
    """The person has a batch under way already."""


class Stopped(Exception):
    """The batch is not wanted any more, or the server ends."""


class Batches:
    """Starts batches and finds what came of them."""

    def __init__(
        self, store: Store, folder: Path, count: Callable[[Counter[tuple[str, str]]], None]
    ) -> None:
        """*count* is told the functions of a finished batch."""
        self.folder = folder
        self._store, self._count = store, count
        self._pool = ThreadPoolExecutor(WORKERS, "batch")
        self._lock = threading.Lock()
        self._stops: dict[str, threading.Event] = {}
        self._tidied = False
        self._holder = secrets.token_hex(8)
        self._over = threading.Event()
        threading.Thread(target=self._renew, name="batch leases", daemon=True).start()

    def recover(self) -> None:
        """Whatever is under way has somebody who works on it: what has nobody has failed.

        Raises Busy.
        """
        for job in self._store.jobs.running():
            if job.id not in self._stops and self._take(job.id):
                self._store.jobs.end(job.id, status="failed", problem=INTERRUPTED)
                self._store.leases.release(LEASE + job.id, self._holder)
        if not self._tidied:
            self._tidied = True
            tidy(self.folder)

    def _take(self, id_: str) -> bool:
        """Whether the batch is ours to work on, for a while. Raises Busy."""
        return self._store.leases.take(LEASE + id_, self._holder, HELD)

    def _renew(self) -> None:
        """Hold on to what is under way here; stop what was deleted, or taken for dead."""
        while not self._over.wait(HELD / 4):
            for id_, stop in list(self._stops.items()):
                with suppress(Busy):  # it is ours for a while yet
                    try:
                        self._store.jobs.get(id_)
                    except Gone:
                        stop.set()
                    else:
                        if not self._take(id_):
                            stop.set()

    def start(self, person: str, inbox: Inbox, options: Options, pack: Pack) -> str:
        """Begin a batch of the files, which from now on are ours to delete. Returns its id.

        Raises Unfinished, Busy; then the files are still the caller's.
        """
        self.recover()  # one whose server is gone keeps nobody from beginning anew
        with self._lock, together(self._store.engine):
            if any(job.person == person for job in self._store.jobs.running()):
                raise Unfinished
            form = inbox.uploads[0].form
            id_ = self._store.jobs.start(person, inbox.name, form)
            self._take(id_)
            # Before others see it: whoever looks for batches of nobody's must find this one ours.
            stop = self._stops[id_] = threading.Event()
        self._pool.submit(self._run, id_, inbox, options, pack, stop)
        return id_

    def get(self, id_: str) -> Job:
        """The batch of that id. Raises Gone."""
        return self._store.jobs.get(id_)

    def told(self, job: Job) -> dict[str, Any]:
        """What there is to tell about a finished batch; nothing where it is gone."""
        return outcomes.kept(self.folder / job.id)

    def result(self, job: Job, form: str) -> Path:
        """The results of a batch in one of FORMS. Raises Gone."""
        path = self.folder / job.id / f"result.{form}"
        if form not in FORMS or job.status != "done" or not path.is_file():
            raise Gone(form)
        return path

    def delete(self, job: Job) -> None:
        """Stop a batch if it is under way, and delete it with its results. Raises Busy."""
        self._store.jobs.remove(job.id)
        self._forget(job.id)

    def _forget(self, id_: str) -> None:
        """Stop the batch if it is under way, and delete its results."""
        with self._lock:
            stop = self._stops.get(id_)
        if stop:
            stop.set()
        shutil.rmtree(self.folder / id_, ignore_errors=True)

    def sweep(self) -> int:
        """Delete the results of batches that the store does not know any more. Returns how many."""
        gone = 0
        tidy(self.folder)
        for folder in self.folder.glob("*"):
            if folder.name.startswith(PREFIX) or not folder.is_dir():
                continue
            try:
                self._store.jobs.get(folder.name)
            except Gone:
                self._forget(folder.name)
                gone += 1
        return gone

    def stop(self) -> None:
        """Put an end to whatever is under way, and wait for it."""
        with self._lock:
            stops = list(self._stops.values())
        for stop in stops:
            stop.set()
        self._pool.shutdown()
        self._over.set()

    def _run(
        self, id_: str, inbox: Inbox, options: Options, pack: Pack, stop: threading.Event
    ) -> None:
        folder = self.folder / id_
        try:
            folder.mkdir(mode=0o700, parents=True)
            summary = outcomes.work(
                inbox, options, folder, pack, self._tell(id_, stop), self._store.corrections.of
            )
            self._done(id_, summary)
        except Unreadable as problem:
            with suppress(OSError):
                outcomes.keep(folder, {"problem": outcomes.in_all(problem)})
            self._failed(id_, problem.key)
        except Stopped:
            self._failed(id_, INTERRUPTED)
        except OSError as error:
            log.warning("batch cannot be written", extra={"job": id_, "reason": error.strerror})
            self._failed(id_, FULL)
        except Exception as error:
            # The end of a thread: nobody above would hear of it. The text of an error may hold what
            # a posting says, so only its kind is told.
            log.error("batch failed", extra={"job": id_, "kind": type(error).__name__})
            self._failed(id_, BROKEN)
        finally:
            inbox.empty()
            self._end(id_, folder)

    def _tell(self, id_: str, stop: threading.Event) -> outcomes.Tell:
        noted = time.monotonic()

        def tell(stage: str, done: int, broken: int, total: int | None) -> None:
            nonlocal noted
            if stop.is_set():
                raise Stopped
            now = time.monotonic()
            if now - noted >= EVERY:
                noted = now
                told = {"stage": stage, "total": total}
                with suppress(Busy):  # the next note will do
                    self._store.jobs.change(id_, done=done, broken=broken, summary=told)

        return tell

    def _done(self, id_: str, summary: Summary) -> None:
        counts = {
            "total": summary.total,
            "functions": dict(summary.functions),
            "families": dict(summary.families),
            "decisions": dict(summary.decisions),
            "oddities": dict(summary.oddities),
        }
        self._write(id_, status="done", done=summary.total, broken=summary.broken, summary=counts)
        self._count(Counter({("function", name): n for name, n in summary.functions.items()}))

    def _failed(self, id_: str, key: str) -> None:
        self._write(id_, status="failed", problem=key)

    def _write(self, id_: str, **values: Any) -> None:
        """Write the end of a batch down; each try waits for a busy database by itself."""
        for _ in range(TRIES):
            with suppress(Busy):
                self._store.jobs.end(id_, **values)
                self._store.leases.release(LEASE + id_, self._holder)
                return
        log.error("the end of a batch cannot be written", extra={"job": id_})

    def _end(self, id_: str, folder: Path) -> None:
        """The batch is over; if it was deleted meanwhile, so are its results."""
        with suppress(Busy):
            try:
                self._store.jobs.get(id_)
            except Gone:
                shutil.rmtree(folder, ignore_errors=True)
        with self._lock:
            self._stops.pop(id_, None)
