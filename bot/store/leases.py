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

SLIGHT = 5.0
"""Seconds by which the clocks of two servers may differ for a while."""
STEP = 0.02
"""Seconds between two looks at a lease that somebody else holds."""


class Leases:
    """Takes, renews and gives back leases; nobody has to release one that ran out."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], float],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._clock, self._steady = engine, clock, steady
        self._standing: dict[str, tuple[str, float, float]] = {}
        """Name -> holder and end of a lease that ends too late, and since when that stands."""

    def take(self, name: str, holder: str, seconds: float) -> bool:
        """Whether the lease is *holder*'s for so long: it was free, has run out, or was theirs.

        All who take it take it for as long: one that ends later than that was taken before the
        clock was set back. Where it is not renewed for as long as it lasts, its holder is gone.
        """
        now = self._clock()
        values = {"holder": holder, "until": now + seconds}
        with writing(self._engine, durable=False) as db:
            if put_new(db, t.leases, {"name": name}, values):
                return True
            free = or_(t.leases.c.until <= now, t.leases.c.holder == holder)
            mine = update(t.leases).where(t.leases.c.name == name).values(values)
            if db.execute(mine.where(free)).rowcount:
                return True
            row = db.execute(select(t.leases).where(t.leases.c.name == name)).one_or_none()
            if row is None or not seconds or self._left(row, seconds) > 0:
                return False
            same = (t.leases.c.holder == row.holder, t.leases.c.until == row.until)
            return bool(db.execute(mine.where(*same)).rowcount)

    def _left(self, row: Any, seconds: float) -> float:
        """Seconds for which a lease that is taken for so long is still somebody's."""
        left: float = row.until - self._clock()
        if left <= seconds + SLIGHT:
            self._standing.pop(row.name, None)
            return left
        holder, until, since = self._standing.get(row.name, ("", 0.0, 0.0))
        if (holder, until) != (row.holder, row.until):
            since = self._steady()
            self._standing[row.name] = (row.holder, row.until, since)
        return since + seconds - self._steady()

    def release(self, name: str, holder: str) -> None:
        """Give it back before its time."""
        with writing(self._engine, durable=False) as db:
            same = (t.leases.c.name == name, t.leases.c.holder == holder)
            db.execute(delete(t.leases).where(*same))

    def seconds_since_expiry(self, name: str, seconds: float) -> float | None:
        """Seconds since it ran out, negative as long as somebody has it; None for no such lease.

        *seconds*: for how long it is taken.
        """
        with reading(self._engine) as db:
            row = db.execute(select(t.leases).where(t.leases.c.name == name)).one_or_none()
        return None if row is None else -self._left(row, seconds)

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
