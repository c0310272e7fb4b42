"""What a server does from time to time."""

from __future__ import annotations

import logging
import time

from bot.web.service import Service

FORGET_SECONDS = 3600.0
log = logging.getLogger("zhiwen.web")


def once(service: Service) -> None:
    """Write counts down, forget what is old, take changed content if it passes the check."""
    service.flush()
    if service.live.changed():
        reload(service)
    service.batches.recover()
    now = time.monotonic()
    if service.forgot is None or now - service.forgot >= FORGET_SECONDS:
        service.forgot = now
        gone = service.store.keeping.forget_old()
        gone["results"] = service.batches.sweep()
        log.info("forgot old rows", extra={"rows": sum(gone.values())})


def reload(service: Service) -> bool:
    """Take the content as it is now. Returns whether it was taken; if not, the old one stays."""
    refusal = service.live.refresh()
    if refusal:
        log.warning("content refused", extra={"problems": len(refusal.problems)})
        return False
    log.info("content taken", extra={"version": service.book.version})
    return True
