"""The audit table: who did what to whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, insert, select

from bot.store import tables as t
from bot.store.database import reading, writing


class Audit:
    """Writes and reads lines of the audit table."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def note(self, by: str, action: str, target: str = "", detail: str = "") -> None:
        """A line of the audit table."""
        values = {
            "at": self._clock(), "by": by[:80], "action": action[:40], "target": target[:200],
            "detail": detail,
        }  # fmt: skip
        with writing(self._engine) as db:
            db.execute(insert(t.audit).values(values))

    def list_recent(self, most: int = 200, skip: int = 0) -> list[dict[str, Any]]:
        """The last lines of the audit table but for the first *skip*, newest first."""
        query = select(t.audit).order_by(t.audit.c.id.desc()).limit(most).offset(skip)
        with reading(self._engine) as db:
            return [dict(row._mapping) for row in db.execute(query)]
