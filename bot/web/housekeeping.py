"""What a server does from time to time."""

from __future__ import annotations

import logging
import time

from bot.web.service import Service

FORGET_SECONDS = 3600.0
PROBE = "probe"
log = logging.getLogger("zhiwen.web")


def once(service: Service) -> None:
    """Each step by itself: one that fails is told, in the log and in /healthz; the others go on."""
    for step in (_written, _flush, _follow, _recover, _forget):
        name = step.__name__.strip("_")
        try:
            step(service)
        except Exception:
            log.exception("housekeeping failed; it goes on", extra={"step": name})
            service.failing.add(name)
        else:
            service.failing.discard(name)


def _written(service: Service) -> None:
    """Try whether the database can be written: one that can only be read answers to the last."""
    service.store.leases.share(PROBE, None, 0)


def _flush(service: Service) -> None:
    """Write counts down."""
    service.flush()


def _follow(service: Service) -> None:
    """Take changed content if it passes the check."""
    if service.live.changed():
        reload(service)


def _recover(service: Service) -> None:
    """See to batches whose server is gone."""
    service.batches.recover()


def _forget(service: Service) -> None:
    """Forget what is old, once an hour."""
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
