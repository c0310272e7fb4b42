"""What this machine has to give: cores and memory, as a container is allowed them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

EACH = 400_000_000
"""Bytes that a worker may come to need; it takes 250 MB, and more while it takes new content."""
MOST = 8
"""Workers beyond which the database is what everybody waits for."""
CONTROL = Path("/sys/fs/cgroup")


def workers(alone: bool) -> int:
    """How many workers suit it: one for each core, as far as memory goes.

    *alone*: one person at their own machine, for whom one is enough.
    """
    if alone:
        return 1
    return max(1, min(cores(), memory() // EACH, MOST))


def cores() -> int:
    """The cores that may be used, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    quota, _, period = _line("cpu.max").partition(" ")
    if quota.isdecimal() and period.isdecimal():
        allowed = min(allowed, max(1, int(quota) // int(period)))
    return allowed


def memory() -> int:
    """Bytes that may be used; where that cannot be told, enough."""
    found = []
    limit = _line("memory.max")
    if limit.isdecimal():
        found.append(int(limit))
    with contextlib.suppress(AttributeError, ValueError, OSError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return min(found, default=EACH * MOST)


def _line(name: str) -> str:
    """What the control group of this process says; nothing where there is none."""
    try:
        return (CONTROL / name).read_text("utf-8").strip()
    except OSError:
        return ""
