"""Leases: what one process at a time does for all, and values they share for a while."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Engine, delete, or_, select, update

from bot.store import tables as t
from bot.store.database import StoreUnavailable, put, put_new, reading, writing

STEP = 0.02
"""Seconds between two looks at a lease that somebody else holds."""


class Leases:
    """Takes, renews and gives back leases; nobody has to release one that ran out."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def take(self, name: str, holder: str, seconds: float) -> bool:
        """Whether the lease is *holder*'s for so long: it was free, has run out, or was theirs."""
        now = self._clock()
        values = {"holder": holder, "until": now + seconds}
        with writing(self._engine, durable=False) as db:
            if put_new(db, t.leases, {"name": name}, values):
                return True
            free = or_(t.leases.c.until <= now, t.leases.c.holder == holder)
            mine = update(t.leases).where(t.leases.c.name == name, free).values(values)
            return bool(db.execute(mine).rowcount)

    def release(self, name: str, holder: str) -> None:
        """Give it back before its time."""
        with writing(self._engine, durable=False) as db:
            same = (t.leases.c.name == name, t.leases.c.holder == holder)
            db.execute(delete(t.leases).where(*same))

    def seconds_since_expiry(self, name: str) -> float | None:
        """Seconds since it ran out, negative as long as somebody has it; None for no such lease."""
        with reading(self._engine) as db:
            until = db.execute(select(t.leases.c.until).where(t.leases.c.name == name)).scalar()
        return None if until is None else self._clock() - until

    @contextlib.contextmanager
    def hold(self, name: str, seconds: float, patience: float) -> Iterator[None]:
        """Hold a lease, waiting up to *patience* seconds for whoever has it.

        Raises StoreUnavailable.
        """
        holder, end = secrets.token_hex(8), time.monotonic() + patience
        while not self.take(name, holder, seconds):
            if time.monotonic() > end:
                raise StoreUnavailable(f"somebody else holds {name.partition(':')[0]}")
            time.sleep(STEP)
        try:
            yield
        finally:
            self.release(name, holder)

    def value(self, name: str) -> Any:
        """What is shared under that name, if it is still good."""
        good = (t.leases.c.name == name, t.leases.c.until > self._clock())
        with reading(self._engine) as db:
            return db.execute(select(t.leases.c.value).where(*good)).scalar()

    def share(self, name: str, value: Any, seconds: float) -> None:
        """Share a value with every process for so long."""
        values = {"holder": "", "until": self._clock() + seconds, "value": value}
        with writing(self._engine, durable=False) as db:
            put(db, t.leases, {"name": name}, values)
