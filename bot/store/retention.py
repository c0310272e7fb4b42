"""Retention: how long each table keeps its rows."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Engine, Table, delete, select, tuple_

from bot.store import tables as t
from bot.store.database import writing

DAY = 24 * 3600.0
KEEP = {
    "messages": 30 * DAY,
    "chats": 30 * DAY,
    "questions": 365 * DAY,
    "feedback": 365 * DAY,
    "audit": 180 * DAY,
    "replays": 2 * DAY,
    "jobs": 7 * DAY,
    "reminders": 7 * DAY,
    "edits": 730 * DAY,
}
"""Seconds each table keeps its rows. Runs and counts stay, people until they are erased."""
STEP = 2_000
"""Rows that go in one transaction."""
AGE = {
    "chats": "changed", "jobs": "created", "tokens": "expires", "sessions": "expires",
    "leases": "until",
}  # fmt: skip
"""The column that tells how old a row is, where it is not ``at``."""


class Retention:
    """Deletes what has been kept long enough."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def forget_old(self) -> dict[str, int]:
        """Delete what has been kept long enough. Returns how many rows of each table went."""
        now, deleted = self._clock(), {}
        old = {name: now - seconds for name, seconds in KEEP.items()}
        for name, before in (old | {"tokens": now, "sessions": now, "leases": now}).items():
            age = t.metadata.tables[name].c[AGE.get(name, "at")]
            deleted[name] = self._delete(age.table, age < before)
        return deleted

    def _delete(self, table: Table, old: ColumnElement[bool]) -> int:
        """Step by step, so that nobody waits long behind it. Returns how many rows went."""
        key, deleted, step = table.primary_key.columns, 0, STEP
        while step == STEP:
            some = select(*key).where(old).limit(STEP)
            with writing(self._engine) as db:
                step = db.execute(delete(table).where(tuple_(*key).in_(some))).rowcount
            deleted += step
        return deleted
