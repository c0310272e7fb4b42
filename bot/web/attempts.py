"""Guessing passwords is made slow: a delay that grows with each wrong one, and little at once.

Whoever guesses at a name from elsewhere does not shut out the person it belongs to: from an address
where they have signed in before, only what goes wrong there counts.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Protocol

from bot.store.leases import Leases
from bot.web.security import name_of

FREE = 5
"""Wrong passwords for a name, or from an address, before there is any delay."""
FIRST, LONGEST = 1.0, 300.0
"""Seconds after the next one, doubled each time, and at most: a name is never shut out for good."""
FORGIVEN = 3600.0
"""Seconds without a wrong one after which nothing is held against it any more."""
AT_ONCE, WAITING = 2, 8
"""Passwords that are checked at once (64 MB each), and callers who wait for that."""
KNOWN = 10_000
AT_HOME = 10.0
"""Seconds at most for a name at an address where its person has signed in before."""
REMEMBERED = 90 * 24 * 3600.0
"""Seconds for which it is remembered that they have."""


class Memory(Protocol):
    """Where it is remembered what went wrong, and where somebody has signed in."""

    def get(self, key: str) -> tuple[int, float] | None:
        """(how often, when last); None for nothing."""

    def put(self, key: str, value: tuple[int, float], seconds: float) -> None:
        """Remember it for so long."""

    def drop(self, key: str) -> None:
        """Forget it."""


class OwnMemory:
    """That of one process; the oldest is forgotten first."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def get(self, key: str) -> tuple[int, float] | None:
        """(how often, when last); None for nothing."""
        return self._rows.get(key)

    def put(self, key: str, value: tuple[int, float], seconds: float) -> None:
        """Remember it."""
        self._rows.pop(key, None)
        self._rows[key] = value
        while len(self._rows) > KNOWN:
            self._rows.popitem(last=False)

    def drop(self, key: str) -> None:
        """Forget it."""
        self._rows.pop(key, None)


class SharedMemory:
    """That of all processes on one database; every method may raise StoreUnavailable."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases

    def get(self, key: str) -> tuple[int, float] | None:
        """(how often, when last); None for nothing."""
        row = self._leases.value(_row(key))
        return (int(row[0]), float(row[1])) if row else None

    def put(self, key: str, value: tuple[int, float], seconds: float) -> None:
        """Remember it for so long."""
        self._leases.share(_row(key), list(value), seconds)

    def drop(self, key: str) -> None:
        """Forget it."""
        self._leases.release(_row(key), "")


def _row(key: str) -> str:
    """The name of a row; nobody's address is kept."""
    return f"sign-in:{name_of(key)}"


class Attempts:
    """What went wrong lately, by name and by address."""

    def __init__(
        self, clock: Callable[[], float] = time.time, memory: Memory | None = None
    ) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._memory = memory or OwnMemory()
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._queue = threading.BoundedSemaphore(AT_ONCE + WAITING)

    def wait(self, name: str, address: str) -> float:
        """Seconds until one more attempt at *name* from *address* is taken; 0 for now."""
        with self._lock:
            if self._memory.get(_home(name, address)):
                return self._seconds_left(_name_and_address_key(name, address), AT_HOME)
            return max(
                self._seconds_left(key, LONGEST) for key in (_name(name), _address_key(address))
            )

    def record_failure(self, name: str, address: str) -> None:
        """One more wrong password for *name* from *address*."""
        now = self._clock()
        with self._lock:
            at_home = self._memory.get(_home(name, address))
            for key in (
                _name_and_address_key(name, address) if at_home else _name(name),
                _address_key(address),
            ):
                count, last = self._memory.get(key) or (0, now)
                count = 1 if now - last > FORGIVEN else count + 1
                self._memory.put(key, (count, now), FORGIVEN)

    def record_success(self, name: str, address: str) -> None:
        """The right password: nothing is held against that name, and it is at home here."""
        with self._lock:
            for key in (_name(name), _name_and_address_key(name, address)):
                self._memory.drop(key)
            self._memory.put(_home(name, address), (1, self._clock()), REMEMBERED)

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

    def _seconds_left(self, key: str, longest: float) -> float:
        count, last = self._memory.get(key) or (0, 0.0)
        if count < FREE:
            return 0.0
        delay = min(longest, FIRST * 2.0 ** min(count - FREE, 30))
        # A clock that was set back must not keep anybody waiting for longer.
        return min(delay, max(0.0, last + delay - self._clock()))


def _name(name: str) -> str:
    return f"name {name}"


def _address_key(address: str) -> str:
    return f"at {address}"


def _name_and_address_key(name: str, address: str) -> str:
    return f"name {name} at {address}"


def _home(name: str, address: str) -> str:
    return f"home of {name} is {address}"
