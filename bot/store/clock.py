"""The time that several servers agree on: the database's, whatever their own clocks are set to."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Engine, text

from bot.store.database import reading

AGAIN = 5.0
"""Seconds after which the database is asked again: no two clocks run alike."""


class DatabaseClock:
    """UTC seconds since 1970 as the database has them, counted on here by a clock nobody can set.

    A server whose own clock jumps, or was wrong all along, so takes no lease for run out.
    """

    def __init__(
        self,
        engine: Engine,
        own: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        """*own*: told as long as the database has not been asked."""
        self._engine, self._own, self._steady = engine, own, steady
        self._read: tuple[float, float] | None = None

    def __call__(self) -> float:
        """The time now; asks nobody."""
        if self._read is None:
            return self._own()
        theirs, since = self._read
        return theirs + self._steady() - since

    def follow(self) -> None:
        """Ask the database, if that was some time ago. Raises StoreUnavailable."""
        if self._read is not None and self._steady() - self._read[1] < AGAIN:
            return
        with reading(self._engine) as db:
            now = db.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one()
        self._read = (float(now), self._steady())
