"""Guessing passwords is made slow: a delay that grows with each wrong one, and little at once."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator

FREE = 5
"""Wrong passwords for a name, or from an address, before there is any delay."""
FIRST, LONGEST = 1.0, 300.0
"""Seconds after the next one, doubled each time, and at most: a name is never shut out for good."""
FORGIVEN = 3600.0
"""Seconds without a wrong one after which nothing is held against it any more."""
AT_ONCE, WAITING = 2, 8
"""Passwords that are checked at once (64 MB each), and callers who wait for that."""
KNOWN = 10_000


class Attempts:
    """What went wrong lately, by name and by address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(AT_ONCE + WAITING)

    def wait(self, *keys: str) -> float:
        """Seconds until one more attempt is taken under all of *keys*; 0 for now."""
        with self._lock:
            return max((self._left(key) for key in keys), default=0.0)

    def wrong(self, *keys: str) -> None:
        """One more wrong password under each of *keys*."""
        now = self._clock()
        with self._lock:
            for key in keys:
                count, last = self._wrong.pop(key, (0, now))
                self._wrong[key] = (1 if now - last > FORGIVEN else count + 1, now)
            while len(self._wrong) > KNOWN:
                self._wrong.popitem(last=False)

    def right(self, key: str) -> None:
        """The right password: nothing is held against that name any more."""
        with self._lock:
            self._wrong.pop(key, None)

    @contextlib.contextmanager
    def room(self) -> Iterator[bool]:
        """Whether there is room to check a password; where others have it, it is waited for.

        There is none where so many wait already that the threads of the server would run out.
        """
        if not self._queue.acquire(blocking=False):
            yield False
            return
        try:
            with self._room:
                yield True
        finally:
            self._queue.release()

    def _left(self, key: str) -> float:
        count, last = self._wrong.get(key, (0, 0.0))
        if count < FREE:
            return 0.0
        delay = min(LONGEST, FIRST * 2.0 ** min(count - FREE, 30))
        return max(0.0, last + delay - self._clock())
