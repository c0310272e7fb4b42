"""What a server does from time to time; of several on one database one alone forgets."""

from __future__ import annotations

import datetime
import logging
import secrets
import tempfile
import time
from collections.abc import Callable

from bot.app import App
from bot.reminders.sending import send_due
from bot.runs import renew
from bot.web.batches import Batches
from bot.web.jumps import SHORT, Jumps
from bot.web.startup import folder

REMIND_SECONDS = 120.0
FORGET_SECONDS, SLACK = 3600.0, 60.0
"""Between two times that old rows are forgotten; the turn to do so ends so much sooner."""
QUICK, SELDOM = 0.1, 100
"""Seconds for a look at the content; one that takes longer may take a hundredth of the time."""
PAGE = 4_096
"""Bytes of a file that shows whether one can be written."""
PROBE, FORGET = "probe", "forget"
"""Leases: one that is only written, and one that who forgets holds until it is time again."""
log = logging.getLogger("zhiwen.web")


class Housekeeping:
    """Keeps one server in order."""

    def __init__(self, app: App, batches: Batches) -> None:
        self._app, self._batches = app, batches
        self.jumps = Jumps(app.store.now)
        self.failing: set[str] = set()
        """Steps that failed when they were last tried."""
        self._look = 0.0
        """When the content is looked at again, by the monotonic clock."""
        self.forgot: float | None = None
        """When old rows were last forgotten, by the monotonic clock."""
        self.reminded: float | None = None
        """When somebody was last looked for who is to be reminded."""
        self.renewed: datetime.date | None = None
        """The day on which runs were last renewed."""

    def run_steps(self) -> None:
        """Each step by itself: one that fails is told, in the log and in /healthz; others go on."""
        steps: dict[str, Callable[[], None]] = {  # named as in /healthz and the log
            "clock": self._follow_clock, "written": self._check_writable,
            "files": self._check_files, "flush": self._flush, "follow": self._follow_content,
            "recover": self._recover, "forget": self._forget, "renew": self._renew,
            "remind": self._remind,
        }  # fmt: skip
        for name, step in steps.items():
            try:
                step()
            except Exception:
                log.exception("housekeeping failed; it goes on", extra={"step": name})
                self.failing.add(name)
            else:
                self.failing.discard(name)

    def _follow_clock(self) -> None:
        """Keep to the time of a database that several servers share; note when it was set."""
        self._app.store.follow_clock()
        before = self.jumps.seen
        self.jumps.look()
        if self.jumps.seen and not before:
            log.warning("the clock was set; nothing is deleted until it is known to be right")

    def _check_writable(self) -> None:
        """Whether the database can be written: one that can only be read answers to the last."""
        self._app.store.leases.share(PROBE, None, 0)

    def _check_files(self) -> None:
        """Whether files can be written where those of uploads are kept."""
        place = folder(self._app.config)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"0" * PAGE)

    def _flush(self) -> None:
        """Write counts down."""
        self._app.counts.flush()

    def _follow_content(self) -> None:
        """Take changed content if it passes the check; look less often where that takes long."""
        begun = time.monotonic()
        if begun < self._look:
            return
        changed = self._app.content.has_changed()
        took = time.monotonic() - begun
        self._look = begun + took * SELDOM if took > QUICK else begun
        if changed:
            reload(self._app)

    def _recover(self) -> None:
        """See to batches whose server is gone."""
        self._batches.recover()

    def _forget(self) -> None:
        """Forget what is old, once an hour: rows in one server of all, files in each."""
        now = time.monotonic()
        if self.jumps.seen or (self.forgot is not None and now - self.forgot < FORGET_SECONDS):
            return
        self._forget_rows()
        self._batches.sweep()
        self.forgot = now

    def _forget_rows(self) -> None:
        """Unless another server does, or has done so within the hour."""
        # A name of its own each time, so that nobody takes it again before it is time.
        turn, leases = secrets.token_hex(8), self._app.store.leases
        if not leases.take(FORGET, turn, FORGET_SECONDS - SLACK):
            return
        try:
            gone = self._app.store.retention.forget_old()
        except BaseException:
            leases.release(FORGET, turn)
            raise
        log.info("forgot old rows", extra={"rows": sum(gone.values())})

    def _renew(self) -> None:
        """Begin the checklists that come again."""
        today = self._now().date()
        if self.renewed != today and not 0 < self.jumps.look() < SHORT:
            renew(self._app.store, today)
            self.renewed = today

    def _remind(self) -> None:
        """Tell people what is due, once in some minutes."""
        now = time.monotonic()
        if 0 < self.jumps.look() < SHORT:
            return
        if self.reminded is None or now - self.reminded >= REMIND_SECONDS:
            self.reminded = now
            send_due(self._app, self._now())

    def _now(self) -> datetime.datetime:
        """The time that all servers agree on, told as by a clock on the wall here."""
        return datetime.datetime.fromtimestamp(self._app.store.now())


def reload(app: App) -> bool:
    """Take the content as it is now. Returns whether it was taken; if not, the old one stays."""
    refusal = app.content.refresh()
    if refusal:
        log.warning("content refused", extra={"problems": len(refusal.problems)})
        return False
    log.info("content taken", extra={"version": app.book.version})
    return True
