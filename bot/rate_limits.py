"""How often one person may ask."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

RATE, BURST = 20.0, 120
"""Requests a second for one person in the long run, and at once."""
PEOPLE = 10_000


class RateLimiter:
    """A bucket of requests for each person; when it is empty they wait."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        rate: float = RATE,
        burst: int = BURST,
    ) -> None:
        self._clock, self._rate, self._burst = clock, rate, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, who: str) -> bool:
        """Whether *who* may make one more request now."""
        now = self._clock()
        left, since = self._buckets.pop(who, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._rate)
        allowed = left >= 1
        self._buckets[who] = (left - allowed, now)
        while len(self._buckets) > PEOPLE:
            self._buckets.popitem(last=False)
        return allowed
