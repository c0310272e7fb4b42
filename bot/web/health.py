"""How a server is: each thing it needs, tried; degraded while it still answers and keeps."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.store import Busy
from bot.web.service import Service, folder

TOO_LOW = 50_000_000
"""Bytes free on the disk below which nothing can be relied on to be kept."""
USABLE, DEGRADED, UNUSABLE = "ok", "degraded", "unusable"


def look(service: Service) -> tuple[int, dict[str, Any]]:
    """The status of HTTP and what is told: 503 where questions cannot be answered or kept."""
    live = service.live
    told: dict[str, Any] = {
        "database": _database(service),
        "content": _tried(lambda: live.book.base.asked("")),
        "disk": _disk(folder(service.config)),
        "housekeeping": sorted(service.failing),
        "stopped": sorted(name for name, task in service.running.items() if task.done()),
        "version": live.book.version,
        "refused": len(live.refusal.problems) if live.refusal else 0,
    }
    if UNUSABLE in (told["database"], told["content"]):
        return 503, {"status": UNUSABLE, **told}
    worse = told["refused"] or told["housekeeping"] or told["stopped"] or told["disk"] != "ok"
    return 200, {"status": DEGRADED if worse else USABLE, **told}


def _database(service: Service) -> str:
    """Whether it answers now, and could be written when that was last tried, seconds ago."""
    if "written" in service.failing:
        return UNUSABLE
    try:
        service.store.alive()
    except Busy:
        return UNUSABLE
    return USABLE


def _tried(look_up: Callable[[], object]) -> str:
    """Whether the compiled content can be read, whatever is wrong with it otherwise."""
    try:
        look_up()
    except Exception:
        return UNUSABLE
    return USABLE


def _disk(place: Path) -> str:
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        return "unreadable"
    return "full" if free < TOO_LOW else "ok"
