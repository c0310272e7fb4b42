"""What a server does from time to time."""

from __future__ import annotations

import logging
import time

from bot.app import App
from bot.web.batches import Batches

FORGET_SECONDS = 3600.0
PROBE = "probe"
log = logging.getLogger("zhiwen.web")


class Housekeeping:
    """Keeps one server in order."""

    def __init__(self, app: App, batches: Batches) -> None:
        self._app, self._batches = app, batches
        self.failing: set[str] = set()
        """Steps that failed when they were last tried."""
        self.forgot: float | None = None
        """When old rows were last forgotten, by the monotonic clock."""

    def once(self) -> None:
        """Each step by itself: one that fails is told, in the log and in /healthz; others go on."""
        for step in (self._written, self._flush, self._follow, self._recover, self._forget):
            name = step.__name__.strip("_")
            try:
                step()
            except Exception:
                log.exception("housekeeping failed; it goes on", extra={"step": name})
                self.failing.add(name)
            else:
                self.failing.discard(name)

    def _written(self) -> None:
        """Whether the database can be written: one that can only be read answers to the last."""
        self._app.store.leases.share(PROBE, None, 0)

    def _flush(self) -> None:
        """Write counts down."""
        self._app.counts.flush()

    def _follow(self) -> None:
        """Take changed content if it passes the check."""
        if self._app.content.changed():
            reload(self._app)

    def _recover(self) -> None:
        """See to batches whose server is gone."""
        self._batches.recover()

    def _forget(self) -> None:
        """Forget what is old, once an hour."""
        now = time.monotonic()
        if self.forgot is None or now - self.forgot >= FORGET_SECONDS:
            self.forgot = now
            gone = self._app.store.keeping.forget_old()
            gone["results"] = self._batches.sweep()
            log.info("forgot old rows", extra={"rows": sum(gone.values())})


def reload(app: App) -> bool:
    """Take the content as it is now. Returns whether it was taken; if not, the old one stays."""
    refusal = app.content.refresh()
    if refusal:
        log.warning("content refused", extra={"problems": len(refusal.problems)})
        return False
    log.info("content taken", extra={"version": app.book.version})
    return True
