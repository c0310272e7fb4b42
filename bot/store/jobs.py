"""Batches of postings that are being classified."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from bot.store import tables as t
from bot.store.database import NotFound, reading, writing


@dataclass(frozen=True, slots=True)
class Job:
    """A batch: what it is called, how far it is, and what it came to."""

    id: str
    person: str | None
    name: str
    form: str
    status: str
    """running, done or failed."""
    done: int
    broken: int
    problem: str
    summary: dict[str, Any]
    created: float


class Jobs:
    """Reads and writes jobs."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def start(self, person: str | None, name: str, form: str) -> str:
        """A new job. Returns its id."""
        id_ = secrets.token_hex(8)
        values: dict[str, Any] = {
            "id": id_, "person": person, "name": name[:200], "form": form, "status": "running",
            "done": 0, "broken": 0, "problem": "", "summary": {}, "created": self._clock(),
        }  # fmt: skip
        with writing(self._engine) as db:
            db.execute(insert(t.jobs).values(values))
        return id_

    def change(self, id_: str, **values: Any) -> None:
        """Set status, done, broken, problem or summary."""
        with writing(self._engine) as db:
            db.execute(update(t.jobs).where(t.jobs.c.id == id_).values(**values))

    def end(self, id_: str, **values: Any) -> None:
        """Set status, problem and the like of a job that runs; one that has ended stays as it is.

        Its end is told once: whoever took it for dead, or the one who worked on it after all.
        """
        runs = (t.jobs.c.id == id_, t.jobs.c.status == "running")
        with writing(self._engine) as db:
            db.execute(update(t.jobs).where(*runs).values(**values))

    def get(self, id_: str) -> Job:
        """A job. Raises NotFound."""
        with reading(self._engine) as db:
            row = db.execute(select(t.jobs).where(t.jobs.c.id == id_)).one_or_none()
        if row is None:
            raise NotFound(id_)
        return Job(**row._mapping)

    def list_for(self, person: str | None, most: int = 20) -> list[Job]:
        """A person's last jobs, newest first."""
        query = select(t.jobs).where(t.jobs.c.person == person)
        query = query.order_by(t.jobs.c.created.desc(), t.jobs.c.id).limit(most)
        with reading(self._engine) as db:
            return [Job(**row._mapping) for row in db.execute(query)]

    def list_running(self) -> list[Job]:
        """Every job that is not finished, whoever began it."""
        with reading(self._engine) as db:
            rows = db.execute(select(t.jobs).where(t.jobs.c.status == "running")).all()
        return [Job(**row._mapping) for row in rows]

    def remove(self, id_: str) -> None:
        """Delete a job."""
        with writing(self._engine) as db:
            db.execute(delete(t.jobs).where(t.jobs.c.id == id_))
