"""What a server does from time to time."""

from __future__ import annotations

import logging
import time

from bot.app import App
from bot.web.batches import Batches

FORGET_SECONDS = 3600.0
log = logging.getLogger("zhiwen.web")


class Housekeeping:
    """Keeps one server in order."""

    def __init__(self, app: App, batches: Batches) -> None:
        self._app, self._batches = app, batches
        self.forgot: float | None = None
        """When old rows were last forgotten, by the monotonic clock."""

    def once(self) -> None:
        """Write counts down, forget what is old, take changed content if it passes the check."""
        app = self._app
        app.counts.flush()
        if app.content.changed():
            reload(app)
        self._batches.recover()
        now = time.monotonic()
        if self.forgot is None or now - self.forgot >= FORGET_SECONDS:
            self.forgot = now
            gone = app.store.keeping.forget_old()
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
