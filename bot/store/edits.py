"""Edits of an overlay's files: tried, applied, taken back; what each file said before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Engine, select, update

from bot.store import tables as t
from bot.store.database import NotFound, put_new, reading, writing

RUNNING, FAILED, TRIED, APPLIED, UNDONE = "running", "failed", "tried", "applied", "undone"
WRITTEN = (APPLIED, UNDONE)
"""The states of an edit that has changed files."""


@dataclass(frozen=True, slots=True)
class FileEdit:
    """One file of the overlay, before and after; None where there is no such file."""

    path: str
    """Below the overlay: ``knowledge/faq/leave.yaml``."""
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: what it is, and how far it has come."""

    id: str
    at: float
    by: str
    entry: str
    what: Mapping[str, Any]
    """How it was made: a line that was taught, or a form."""
    files: tuple[FileEdit, ...]
    status: str
    """running, failed, tried, applied or undone."""
    result: Mapping[str, Any]
    """What the trial found; while it runs, how far it is."""
    changed: float
    changed_by: str


class Edits:
    """Reads and writes edits."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def add(
        self, id_: str, by: str, entry: str, what: Mapping[str, Any], files: Iterable[FileEdit]
    ) -> bool:
        """Keep an edit that is to be tried. Returns whether it is new; else nothing is changed."""
        now = self._clock()
        values: dict[str, Any] = {
            "at": now, "by": by[:80], "entry": entry[:80], "what": dict(what),
            "files": [[one.path, one.before, one.after] for one in files], "status": RUNNING,
            "result": {}, "changed": now, "changed_by": by[:80],
        }  # fmt: skip
        with writing(self._engine) as db:
            return put_new(db, t.edits, {"id": id_}, values)

    def get(self, id_: str) -> Edit:
        """One of them. Raises NotFound."""
        with reading(self._engine) as db:
            row = db.execute(select(t.edits).where(t.edits.c.id == id_)).one_or_none()
        if row is None:
            raise NotFound(id_)
        return _edit(row)

    def note(self, id_: str, result: Mapping[str, Any], status: str = RUNNING) -> bool:
        """How far a trial is, or what it found; nothing of one that has ended."""
        runs = (t.edits.c.id == id_, t.edits.c.status == RUNNING)
        values = {"result": dict(result), "status": status}
        with writing(self._engine, durable=status != RUNNING) as db:
            return bool(db.execute(update(t.edits).where(*runs).values(values)).rowcount)

    def move(self, id_: str, old: Iterable[str], new: str, by: str) -> bool:
        """Set the state of an edit that is in one of the *old* ones. Returns whether it was."""
        held = (t.edits.c.id == id_, t.edits.c.status.in_(tuple(old)))
        values = {"status": new, "changed": self._clock(), "changed_by": by[:80]}
        with writing(self._engine) as db:
            return bool(db.execute(update(t.edits).where(*held).values(values)).rowcount)

    def list_recent(
        self, most: int = 100, statuses: Iterable[str] = (), skip: int = 0
    ) -> list[Edit]:
        """The last edits but for the first *skip*, by when they were changed, newest first."""
        query = select(t.edits).order_by(t.edits.c.changed.desc(), t.edits.c.id)
        query = query.limit(most).offset(skip)
        if wanted := tuple(statuses):
            query = query.where(t.edits.c.status.in_(wanted))
        with reading(self._engine) as db:
            return [_edit(row) for row in db.execute(query)]


def _edit(row: Any) -> Edit:
    values = {field.name: getattr(row, field.name) for field in fields(Edit)}
    return Edit(**{**values, "files": tuple(FileEdit(*one) for one in row.files)})
