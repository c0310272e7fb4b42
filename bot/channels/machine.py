"""What this machine has to give: cores and memory, as a container is allowed them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

EACH = 400_000_000
"""Bytes that a worker may come to need; it takes 250 MB, and more while it takes new content."""
MOST = 8
"""Workers beyond which the database is what everybody waits for."""
READER = 300_000_000
"""Bytes that a process beside them needs at least, to read what somebody sends."""
CONTROL = Path("/sys/fs/cgroup")
GROUPS = Path("/proc/self/cgroup")
LIMITS = {"": "memory.max", "memory": "memory.limit_in_bytes"}
"""Controller, as GROUPS names it -> the file that says how much memory a group may use."""


def workers(alone: bool) -> int:
    """How many workers suit it: one for each core, as far as memory goes.

    *alone*: one person at their own machine, for whom one is enough.
    """
    if alone:
        return 1
    return max(1, min(cores(), (memory() - READER) // EACH, MOST))


def readers_share(processes: int, at_once: int, most: int) -> tuple[int, int]:
    """How many files each of so many processes may read at once, and with how many bytes each.

    *at_once*, *most*: where there is memory enough.
    """
    left = memory() - EACH * processes
    each = max(1, at_once // processes) if left >= at_once * most else 1
    return each, min(most, max(READER, left // (each * processes)))


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
    found = [int(limit) for limit in _limits() if limit.isdecimal()]
    with contextlib.suppress(AttributeError, ValueError, OSError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return min(found, default=EACH * MOST)


def _limits() -> Iterator[str]:
    """What each group that this process is in, and each above it, may use."""
    yield _line("memory.max")
    with contextlib.suppress(OSError):
        for line in GROUPS.read_text("utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            for controller, name in LIMITS.items():
                if controller in controllers.split(","):
                    own = PurePosixPath((controller + path).lstrip("/"))
                    yield from (_line(str(one / name)) for one in (own, *own.parents))


def _line(name: str) -> str:
    """What a control group says; nothing where there is none."""
    try:
        return (CONTROL / name).read_text("utf-8").strip()
    except OSError:
        return ""
