"""The store: its parts over one engine, and how it is opened."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, select

from bot.store.chats import Chats
from bot.store.corrections import Corrections
from bot.store.database import POSTGRES, reading, together
from bot.store.engine import BUSY_SECONDS, engine_of
from bot.store.jobs import Jobs
from bot.store.keeping import Keeping
from bot.store.learning import Learning
from bot.store.leases import Leases
from bot.store.migrate import migrate
from bot.store.outbox import Outbox
from bot.store.people import People
from bot.store.runs import Runs


class Store:
    """Everything that is kept, in parts."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self.engine = engine
        self.people = People(engine, clock)
        self.chats = Chats(engine, clock)
        self.runs = Runs(engine, clock)
        self.learning = Learning(engine, clock)
        self.keeping = Keeping(engine, clock)
        self.jobs = Jobs(engine, clock)
        self.corrections = Corrections(engine, clock)
        self.outbox = Outbox(engine, clock)
        self.leases = Leases(engine, clock)

    @property
    def shared(self) -> bool:
        """Whether several processes, perhaps on several machines, are meant to use it at once."""
        return self.engine.dialect.name == POSTGRES

    def together(self, durable: bool = True) -> contextlib.AbstractContextManager[Connection]:
        """One transaction for all that the parts read and write inside; see `database.together`."""
        return together(self.engine, durable)

    def alive(self) -> bool:
        """Whether the database answers. Raises Busy where it does not."""
        with reading(self.engine) as db:
            return db.execute(select(1)).scalar() == 1

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(
    where: str,
    clock: Callable[[], float] = time.time,
    patience: float = BUSY_SECONDS,
) -> Store:
    """The store at a URL or file path, its tables made or brought up to date.

    *patience*: seconds that a writer waits for others. Raises BadInput where the driver is missing
    or a newer version made the tables, Busy where the database cannot be used.
    """
    engine = engine_of(where, patience)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine, clock)
