"""Whether the clock was set lately: what cannot be undone waits until it is known to be right."""

from __future__ import annotations

import time
from collections.abc import Callable

SLIGHT = 600.0
"""Seconds by which a clock may be put right without anybody having to wait."""
SHORT, LONG = 3600.0, 24 * 3600.0
"""Seconds for which is waited before anybody is told what is due, and before anything is deleted.
Whoever sees to the server has so long to put a wrong clock right; then it is believed."""


def steady() -> float:
    """Seconds that nobody can set, those included in which the machine slept."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Jumps:
    """Compares a clock that can be set with one that cannot."""

    def __init__(self, clock: Callable[[], float], steady: Callable[[], float] = steady) -> None:
        """*clock*: seconds since 1970; *steady*: seconds since whenever."""
        self._clock, self._steady = clock, steady
        self._apart = clock() - steady()
        """By how much the one is ahead of the other, as far as the clock is believed."""
        self._since: float | None = None
        """When it was seen that the clock was set, by the steady one."""

    def look(self) -> float:
        """Seconds for which the clock has been another one than it was; 0 where it has not."""
        now = self._steady()
        apart = self._clock() - now
        if abs(apart - self._apart) > SLIGHT:
            self._since = now if self._since is None else self._since
            if now - self._since < LONG:
                return max(now - self._since, 1e-9)
        self._apart, self._since = apart, None
        return 0.0

    @property
    def seen(self) -> bool:
        """Whether the clock was another one when it was last looked at."""
        return self._since is not None
