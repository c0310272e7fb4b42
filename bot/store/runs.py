"""Checklist runs: a frozen copy that several people work through at once.

Every mark is one transaction with its line of history, so what was acknowledged is on disk. A mark
carries the revision it was made on where the caller knows it; without one the last writer wins.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from bot.records import STATES, Event, Mark, Run
from bot.store import tables as t
from bot.store.database import Conflict, Gone, put, reading, writing

MAX_TITLE = 200


class Runs:
    """Reads and writes runs, marks and their history."""

    def __init__(self, engine: Engine, clock: Callable[[], float]) -> None:
        self._engine, self._clock = engine, clock

    def start(
        self,
        checklist: str,
        title: str,
        language: str,
        version: str,
        template: dict[str, Any],
        by: str,
        anchor: str | None = None,
        owners: dict[str, str] | None = None,
    ) -> str:
        """Begin a run of a frozen template. Returns its id."""
        run = Run(
            secrets.token_hex(6), checklist, title[:MAX_TITLE], language, version, template, anchor,
            owners or {}, "open", self._clock(), by, None, None, 0, {},
        )  # fmt: skip
        self.begin(run)
        return run.id

    def begin(self, run: Run) -> None:
        """Keep a run that begins, as it stands."""
        values = {
            field.name: getattr(run, field.name) for field in fields(run) if field.name != "marks"
        }
        with writing(self._engine) as db:
            db.execute(insert(t.runs).values(values))
            self._note(db, run.id, "", "start", run.title, run.created_by, run.created)

    def get(self, id_: str) -> Run:
        """A run with its marks. Raises Gone."""
        with reading(self._engine) as db:
            row = db.execute(select(t.runs).where(t.runs.c.id == id_)).one_or_none()
            if row is None:
                raise Gone(id_)
            marks = db.execute(select(t.marks).where(t.marks.c.run == id_)).all()
        return _run(row, marks)

    def all(self, status: str | None = None, most: int = 100) -> list[Run]:
        """Runs, the newest first, with their marks."""
        query = select(t.runs).order_by(t.runs.c.created.desc(), t.runs.c.id).limit(most)
        if status:
            query = query.where(t.runs.c.status == status)
        with reading(self._engine) as db:
            rows = db.execute(query).all()
            ids = [row.id for row in rows]
            found = db.execute(select(t.marks).where(t.marks.c.run.in_(ids))).all() if ids else []
        marks: dict[str, list[Any]] = {row.id: [] for row in rows}
        for mark in found:
            marks[mark.run].append(mark)
        return [_run(row, marks[row.id]) for row in rows]

    def mark(
        self,
        id_: str,
        item: str,
        state: str,
        by: str,
        note: str | None = "",
        seen: int | None = None,
    ) -> Mark:
        """Set an item's state; the same state again changes nothing.

        *note*: None keeps the one there is, unless it was the reason for "not applicable". *seen*:
        the item's revision the person acted on, 0 if it had no mark; Conflict if it has changed
        since. Raises Gone for an unknown run, Conflict for a closed one, ValueError for an unknown
        state.
        """
        if state not in STATES:
            raise ValueError(state)
        with writing(self._engine) as db:
            self._open(db, id_)
            same = (t.marks.c.run == id_, t.marks.c.item == item)
            row = db.execute(select(t.marks).where(*same)).one_or_none()
            old = _mark(row) if row else Mark(item, "open", "", by, self._clock(), 0)
            if note is None:
                note = old.note if old.state != "na" or state == "na" else ""
            if (old.state, old.note) == (state, note):
                return old
            if seen is not None and seen != old.revision:
                raise Conflict(item)
            new = Mark(item, state, note, by, self._clock(), old.revision + 1)
            values = {
                "state": state, "note": note, "by": by, "at": new.at, "revision": new.revision
            }  # fmt: skip
            put(db, t.marks, {"run": id_, "item": item}, values)
            self._change(db, id_)
            self._note(db, id_, item, state, note, by, new.at)
            return new

    def close(self, id_: str, by: str, seen: int | None = None) -> None:
        """Close a run; whether it may be is the caller's to decide, on the revision *seen*.

        Raises Gone, Conflict for a closed run or one that has changed since.
        """
        with writing(self._engine) as db:
            self._open(db, id_, seen)
            now = self._clock()
            self._change(db, id_, status="closed", closed=now, closed_by=by)
            self._note(db, id_, "", "close", "", by, now)

    def reopen(self, id_: str, by: str) -> None:
        """Open a closed run again; an open one stays as it is. Raises Gone."""
        with writing(self._engine) as db:
            if self._lock(db, id_)[0] == "open":
                return
            self._change(db, id_, status="open", closed=None, closed_by=None)
            self._note(db, id_, "", "reopen", "", by, self._clock())

    def assign(
        self,
        id_: str,
        owners: dict[str, str],
        anchor: str | None,
        by: str,
        seen: int | None = None,
    ) -> None:
        """Set who holds which role, and the date T.

        Raises Gone, Conflict for a closed run or one that has changed since the revision *seen*.
        """
        with writing(self._engine) as db:
            self._open(db, id_, seen)
            self._change(db, id_, owners=owners, anchor=anchor)
            self._note(db, id_, "", "assign", anchor or "", by, self._clock())

    def history(self, id_: str) -> list[Event]:
        """Everything that happened in a run, oldest first."""
        query = select(t.history).where(t.history.c.run == id_).order_by(t.history.c.id)
        with reading(self._engine) as db:
            return [Event(r.item, r.action, r.note, r.by, r.at) for r in db.execute(query)]

    def _open(self, db: Connection, id_: str, seen: int | None = None) -> None:
        """Hold an open run. Raises Gone, Conflict."""
        status, revision = self._lock(db, id_)
        if status != "open" or seen not in (None, revision):
            raise Conflict(id_)

    def _lock(self, db: Connection, id_: str) -> tuple[str, int]:
        """The run's status and revision, its row held until the transaction ends."""
        query = select(t.runs.c.status, t.runs.c.revision).where(t.runs.c.id == id_)
        row = db.execute(query.with_for_update()).one_or_none()
        if row is None:
            raise Gone(id_)
        return str(row.status), int(row.revision)

    def _change(self, db: Connection, id_: str, **values: Any) -> None:
        """Set columns of a run, which has one more revision."""
        more = update(t.runs).where(t.runs.c.id == id_)
        db.execute(more.values(revision=t.runs.c.revision + 1, **values))

    def _note(
        self, db: Connection, id_: str, item: str, action: str, note: str, by: str, at: float
    ) -> None:
        values = {"run": id_, "item": item, "action": action, "note": note, "by": by, "at": at}
        db.execute(insert(t.history).values(values))


def _run(row: Any, marks: Any) -> Run:
    return Run(
        row.id, row.checklist, row.title, row.language, row.version, row.template, row.anchor,
        row.owners, row.status, row.created, row.created_by, row.closed, row.closed_by,
        row.revision,
        {m.item: _mark(m) for m in marks},
    )  # fmt: skip


def _mark(row: Any) -> Mark:
    return Mark(row.item, row.state, row.note, row.by, row.at, row.revision)
