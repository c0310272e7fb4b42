"""Batches of postings: classified in the background, their results kept for some days.

How far a batch is stands in the store; its results, which hold what the postings say, are files in
a folder that only the server may read. Of several servers that share the folder, each goes on with
the batches of one that is gone.
"""

from __future__ import annotations

import logging
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
from bot.store import NotFound, Store, StoreUnavailable
from bot.store.database import transaction
from bot.store.jobs import Job
from bot.web import batch_results, handover
from bot.web.batch_leases import ELSEWHERE, HELD, BatchLeases
from bot.web.batch_results import FORMS, Options
from bot.web.handover import Work
from rules.postings.posting_rules import PostingRules

WORKERS = 2
EVERY = 0.5
"""Seconds between two notes of how far a batch is."""
TRIES = 12
"""How often the end of a batch is tried to be written down while the database is busy."""
BEGIN, BEGINNING = "begin:", 10.0
"""Of one person one batch begins at a time, and in so many seconds."""
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
        self,
        store: Store,
        folder: Path,
        count: Callable[[Counter[tuple[str, str]]], None],
        pack: Callable[[], PostingRules],
    ) -> None:
        """*count* is told the functions of a finished batch; *pack* gives the rules in use."""
        self.folder = folder
        self._store, self._count, self._pack = store, count, pack
        self._pool = ThreadPoolExecutor(WORKERS, "batch")
        self._lock = threading.Lock()
        self._stops: dict[str, threading.Event] = {}
        self._tidied = False
        self._leases = BatchLeases(store.leases)
        self._over = threading.Event()
        threading.Thread(target=self._renew, name="batch leases", daemon=True).start()

    def recover(self) -> None:
        """Whatever is under way has somebody who works on it: what has nobody is gone on with here.

        Where its files are not here and no server that has them took it, it has failed. Raises
        StoreUnavailable.
        """
        for job in self._store.jobs.list_running():
            if job.id not in self._stops and not self._over.is_set():
                self._adopt(job)
        if not self._tidied:
            self._tidied = True
            tidy(self.folder, handover.files_of(self.folder))

    def _adopt(self, job: Job) -> None:
        """Go on with a batch that nobody holds, or note that it has failed."""
        id_, lapsed = job.id, self._leases.seconds_since_expiry(job.id)
        if lapsed is not None and lapsed < 0:
            return
        work = handover.read_work(self.folder / id_)
        if work is None and self._leases.seems_alive(job, lapsed):
            return
        if work is None and lapsed is not None and lapsed < ELSEWHERE:
            return
        with self._lock:
            if id_ in self._stops or not self._leases.take(id_):
                return
            if work is None or work.begun >= handover.TRIES:
                self._failed(id_, INTERRUPTED)
                handover.delete_work(self.folder / id_)
                return
            with suppress(OSError):  # nothing can be written here now; another server may
                inbox = handover.take_over(self.folder / id_, work)
                if inbox is not None:
                    log.warning("batch taken over", extra={"job": id_})
                    self._submit(id_, inbox, work.options, self._pack())
                    return
            self._leases.let_go(id_)

    def _renew(self) -> None:
        """Hold on to what is under way here; stop what was deleted, or taken for dead."""
        while not self._over.wait(HELD / 4):
            for id_, stop in list(self._stops.items()):
                with suppress(StoreUnavailable):  # it is ours for a while yet
                    if self._is_gone(id_) or not self._leases.take(id_):
                        stop.set()

    def start(self, person: str, inbox: Inbox, options: Options, pack: PostingRules) -> str:
        """Begin a batch of the files, which from now on are ours to delete. Returns its id.

        Raises Unfinished, StoreUnavailable, OSError; then the files are still the caller's.
        """
        self.recover()  # one that nobody can go on with keeps nobody from beginning anew
        with self._store.leases.hold(f"{BEGIN}{person}", BEGINNING, BEGINNING), self._lock:
            with transaction(self._store.engine):
                if any(job.person == person for job in self._store.jobs.list_running()):
                    raise Unfinished
                form = inbox.uploads[0].form
                id_ = self._store.jobs.start(person, inbox.name, form)
                # In the same transaction: whoever looks for batches of nobody's finds this ours.
                self._leases.take(id_)
            try:
                handover.keep(self.folder / id_, Work(inbox.folder, inbox.uploads, options))
            except OSError:
                self._store.jobs.remove(id_)
                raise
            self._submit(id_, inbox, options, pack)
        return id_

    def _submit(self, id_: str, inbox: Inbox, options: Options, pack: PostingRules) -> None:
        stop = self._stops[id_] = threading.Event()
        self._pool.submit(self._run, id_, inbox, options, pack, stop)

    def get(self, id_: str) -> Job:
        """The batch of that id. Raises NotFound."""
        return self._store.jobs.get(id_)

    def overview(self, job: Job) -> dict[str, Any]:
        """What there is to tell about a finished batch; nothing where it is gone."""
        return batch_results.read_overview(self.folder / job.id)

    def result(self, job: Job, form: str) -> Path:
        """The results of a batch in one of FORMS. Raises NotFound."""
        path = self.folder / job.id / f"result.{form}"
        if form not in FORMS or job.status != "done" or not path.is_file():
            raise NotFound(form)
        return path

    def delete(self, job: Job) -> None:
        """Stop a batch if it is under way, and delete it with its results.

        Raises StoreUnavailable.
        """
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
        tidy(self.folder, handover.files_of(self.folder))
        for folder in self.folder.glob("*"):
            if folder.name.startswith(PREFIX) or not folder.is_dir():
                continue
            if self._is_gone(folder.name):
                self._forget(folder.name)
                gone += 1
        return gone

    def stop(self) -> None:
        """Let go of whatever is under way: the next server, or another one, goes on with it."""
        self._over.set()
        with self._lock:
            stops = list(self._stops.values())
        for stop in stops:
            stop.set()
        self._pool.shutdown(cancel_futures=True)

    def _run(
        self, id_: str, inbox: Inbox, options: Options, pack: PostingRules, stop: threading.Event
    ) -> None:
        folder, over = self.folder / id_, True
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            summary = batch_results.work(
                inbox,
                options,
                folder,
                pack,
                self._tell(id_, stop),
                self._store.corrections.get_many,
            )
            self._finish(id_, summary)
        except Unreadable as problem:
            with suppress(OSError):
                batch_results.keep(folder, {"problem": batch_results.in_all(problem)})
            self._failed(id_, problem.key)
        except Stopped:
            over = self._is_gone(id_)
        except OSError as error:
            log.warning("batch cannot be written", extra={"job": id_, "reason": error.strerror})
            self._failed(id_, FULL)
        except Exception as error:
            # The end of a thread: nobody above would hear of it. The text of an error may hold what
            # a posting says, so only its kind is told.
            log.error("batch failed", extra={"job": id_, "kind": type(error).__name__})
            self._failed(id_, BROKEN)
        finally:
            self._end(id_, folder, inbox, over)

    def _tell(self, id_: str, stop: threading.Event) -> batch_results.Tell:
        noted = time.monotonic()

        def tell(stage: str, done: int, broken: int, total: int | None) -> None:
            nonlocal noted
            if stop.is_set():
                raise Stopped
            now = time.monotonic()
            if now - noted >= EVERY:
                noted = now
                told = {"stage": stage, "total": total}
                with suppress(StoreUnavailable):  # the next note will do
                    self._store.jobs.change(id_, done=done, broken=broken, summary=told)

        return tell

    def _finish(self, id_: str, summary: Summary) -> None:
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
            with suppress(StoreUnavailable):
                self._store.jobs.end(id_, **values)
                self._leases.release(id_)
                return
        log.error("the end of a batch cannot be written", extra={"job": id_})

    def _is_gone(self, id_: str) -> bool:
        """Whether nobody wants the batch any more; if not, somebody else goes on with it."""
        try:
            self._store.jobs.get(id_)
        except NotFound:
            return True
        except StoreUnavailable:
            return False
        return False

    def _end(self, id_: str, folder: Path, inbox: Inbox, over: bool) -> None:
        """The batch is *over*, or left to others; if it was deleted, so are its results."""
        if over:
            with suppress(OSError):
                handover.delete_work(folder)
            inbox.empty()
        else:
            inbox.leave()
            self._leases.let_go(id_)
        if self._is_gone(id_):
            shutil.rmtree(folder, ignore_errors=True)
        with self._lock:
            self._stops.pop(id_, None)
