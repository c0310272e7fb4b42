"""What a server does from time to time."""

from __future__ import annotations

import logging
import time

from bot.web.service import Service
from knowledge.source import Problem
from rules.book import RuleBook

FORGET_SECONDS = 3600.0
log = logging.getLogger("zhiwen.web")
_forgotten: dict[int, float] = {}


def once(service: Service) -> None:
    """Write counts down, forget what is old, take changed content if it passes the check."""
    service.flush()
    if service.live.changed():
        reload(service)
    service.batches.recover()
    now = time.monotonic()
    if now - _forgotten.get(id(service), -FORGET_SECONDS) >= FORGET_SECONDS:
        _forgotten[id(service)] = now
        gone = service.store.keeping.forget_old()
        gone["results"] = service.batches.sweep()
        log.info("forgot old rows", extra={"rows": sum(gone.values())})


def reload(service: Service) -> bool:
    """Take the content as it is now. Returns whether it was taken; if not, the old one stays."""
    from knowledge import load
    from rules import examples
    from rules.posting import check

    def whole(book: RuleBook) -> list[Problem]:
        return [
            *check.check(overlay=service.live.overlay),
            *examples.check(load.load(service.live.root), book),
        ]

    refusal = service.live.refresh(whole)
    if refusal:
        log.warning("content refused", extra={"problems": len(refusal.problems)})
        return False
    log.info("content taken", extra={"version": service.book.version})
    return True
