"""How a server is: each thing it needs, tried; degraded while it still answers and keeps."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from bot.app import App
from bot.release import release
from bot.store import StoreUnavailable
from bot.web.housekeeping import Housekeeping
from bot.web.startup import folder
from knowledge.engine.cache import folder as compiled

TOO_LOW = 50_000_000
"""Bytes free on the disk below which nothing can be relied on to be kept."""
BEHIND = 300.0
"""Seconds after which a reply that has not gone out says that its channel is in trouble."""
USABLE, DEGRADED, UNUSABLE = "ok", "degraded", "unusable"


def look(
    app: App, housekeeping: Housekeeping, running: Mapping[str, Callable[[], bool]]
) -> tuple[int, dict[str, Any]]:
    """The status of HTTP and what is told: 503 where questions cannot be answered or kept.

    *housekeeping*: what it tries from time to time; *running*: whether what runs beside the server
    works now, by the name of the channel.
    """
    live, failing = app.content, housekeeping.failing
    database = _database(app, failing)
    told: dict[str, Any] = {
        "database": database,
        "content": _content_state(lambda: live.book.base.index.search("brand", limit=1)),
        "disk": _disk(folder(app.config), failing),
        "cache": _writable(compiled()),
        "channels": _channels(app, running) if database == USABLE else {},
        "clock": "set" if housekeeping.jumps.seen else USABLE,
        "housekeeping": sorted(failing),
        "stopped": sorted(name for name, works in running.items() if not works()),
        "release": release(),
        "version": live.book.version,
        "refused": len(live.refusal.problems) if live.refusal else 0,
    }
    if UNUSABLE in (told["database"], told["content"]):
        return 503, {"status": UNUSABLE, **told}
    states = {told["disk"], told["cache"], told["clock"], *told["channels"].values()}
    worse = told["refused"] or told["housekeeping"] or told["stopped"] or states != {USABLE}
    return 200, {"status": DEGRADED if worse else USABLE, **told}


def _channels(app: App, running: Mapping[str, Callable[[], bool]]) -> dict[str, str]:
    """Each chat platform: ok, stopped, or behind with replies that should long have gone out."""
    try:
        late = app.store.outbox.late_channels(BEHIND)
    except StoreUnavailable:
        late = set()
    told = {name: "behind" if name in late else USABLE for name in app.config.platforms}
    return told | {name: "stopped" for name, works in running.items() if not works()}


def _database(app: App, failing: Collection[str]) -> str:
    """Whether it answers now, and could be written when that was last tried, seconds ago."""
    if "written" in failing:
        return UNUSABLE
    try:
        app.store.ping()
    except StoreUnavailable:
        return UNUSABLE
    return USABLE


def _content_state(look_up: Callable[[], object]) -> str:
    """Whether the compiled content can be read, whatever is wrong with it otherwise."""
    try:
        look_up()
    except Exception:
        return UNUSABLE
    return USABLE


def _writable(place: Path) -> str:
    """Whether changed content can be compiled there; a folder that is gone is made again."""
    while not place.exists() and place != place.parent:
        place = place.parent
    return USABLE if os.access(place, os.W_OK | os.X_OK) else "unwritable"


def _disk(place: Path, failing: Collection[str]) -> str:
    """Whether there is room, and files could be written when that was last tried."""
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        return "unreadable"
    if free < TOO_LOW:
        return "full"
    return "unwritable" if "files" in failing else USABLE
