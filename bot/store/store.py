"""The store: its parts over one engine, and how it is opened."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, select

from bot.store.audit import Audit
from bot.store.chats import Chats
from bot.store.clock import DatabaseClock
from bot.store.conversations import Conversations
from bot.store.corrections import Corrections
from bot.store.database import POSTGRES, reading, transaction
from bot.store.edits import Edits
from bot.store.engine import BUSY_SECONDS, engine_of
from bot.store.feedback import FeedbackStore
from bot.store.jobs import Jobs
from bot.store.leases import Leases
from bot.store.migrate import migrate
from bot.store.outbox import Outbox
from bot.store.people import People
from bot.store.personal import PersonalData
from bot.store.reminders import Reminders
from bot.store.replays import Replays
from bot.store.retention import Retention
from bot.store.runs import Runs
from bot.store.templates import Templates
from bot.store.tokens import Tokens


class Store:
    """Everything that is kept, in parts."""

    def __init__(self, engine: Engine, clock: Callable[[], float] | None = None) -> None:
        """*clock*: by default that of a PostgreSQL which several servers share, else our own."""
        self.engine = engine
        self._clock = DatabaseClock(engine) if clock is None and self.is_shared else clock
        clock = self.now = self._clock or time.time
        self.people = People(engine, clock)
        self.chats = Chats(engine, clock)
        self.conversations = Conversations(engine)
        self.runs = Runs(engine, clock)
        self.templates = Templates(engine, clock)
        self.reminders = Reminders(engine, clock)
        self.feedback = FeedbackStore(engine, clock)
        self.tokens = Tokens(engine, clock)
        self.audit = Audit(engine, clock)
        self.replays = Replays(engine, clock)
        self.retention = Retention(engine, clock)
        self.personal = PersonalData(engine)
        self.jobs = Jobs(engine, clock)
        self.corrections = Corrections(engine, clock)
        self.edits = Edits(engine, clock)
        self.outbox = Outbox(engine, clock)
        self.leases = Leases(engine, clock)

    @property
    def is_shared(self) -> bool:
        """Whether several processes, perhaps on several machines, are meant to use it at once."""
        return self.engine.dialect.name == POSTGRES

    def transaction(self, durable: bool = True) -> contextlib.AbstractContextManager[Connection]:
        """One transaction for all that the parts read and write; see `database.transaction`."""
        return transaction(self.engine, durable)

    def follow_clock(self) -> None:
        """Ask a database that several servers share what time it is. Raises StoreUnavailable."""
        if isinstance(self._clock, DatabaseClock):
            self._clock.follow()

    def ping(self) -> bool:
        """Whether the database answers. Raises StoreUnavailable where it does not."""
        with reading(self.engine) as db:
            return db.execute(select(1)).scalar() == 1

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_store(
    where: str,
    clock: Callable[[], float] | None = None,
    patience: float = BUSY_SECONDS,
) -> Store:
    """The store at a URL or file path, its tables made or brought up to date.

    *patience*: seconds that a writer waits for others. Raises BadInput where the driver is missing
    or a newer version made the tables, StoreUnavailable where the database cannot be used.
    """
    engine = engine_of(where, patience)
    try:
        migrate(engine)
        store = Store(engine, clock)
        store.follow_clock()
    except BaseException:
        engine.dispose()
        raise
    return store
