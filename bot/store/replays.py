"""Replays: the names of calls and messages that came before, so that nothing is done twice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from sqlalchemy import Engine

from bot.store import tables as t
from bot.store.database import put_new, transaction, writing
from bot.store.types import digest


class Replays:
    """Knows what came before; names are hashed, as a platform's number may hold who sent it."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def first_time(self, channel: str, message: str) -> bool:
        """Whether this message of a channel is new; from now on it is not."""
        with writing(self._engine) as db:
            key = {"channel": channel, "message": digest(message)}
            return put_new(db, t.replays, key, {"at": self._clock()})

    @contextlib.contextmanager
    def first_time_transaction(self, channel: str, name: str) -> Iterator[bool]:
        """Whether a call of that name is new, and one transaction for all that it writes.

        The name is kept together with what the call came to, or neither is: one that failed, or
        whose process died, is new again.
        """
        with transaction(self._engine):
            yield self.first_time(channel, name)
