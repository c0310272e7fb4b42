"""Checklist runs: a frozen copy that several people work through at once.

Every mark is one transaction with its line of history, so what was acknowledged is on disk. A mark
carries the revision it was made on where the caller knows it; without one the last writer wins.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Engine, Select, insert, select, update

from bot.records import STATES, Event, Mark, Run
from bot.store import tables as t
from bot.store.database import Conflict, NotFound, put, put_new, reading, transaction, writing

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
        id_: str = "",
    ) -> str:
        """Begin a run of a frozen template; one that has *id_* already stays. Returns its id."""
        run = Run(
            id_ or secrets.token_hex(6), checklist, title[:MAX_TITLE], language, version, template,
            anchor, owners or {}, "open", self._clock(), by, None, None, 0, {},
        )  # fmt: skip
        self.begin(run)
        return run.id

    def begin(self, run: Run) -> bool:
        """Keep a run that begins, as it stands. Returns whether it is new: its id was not there."""
        values = {
            field.name: getattr(run, field.name) for field in fields(run) if field.name != "marks"
        }
        with writing(self._engine) as db:
            if not put_new(db, t.runs, {"id": values.pop("id")}, values):
                return False
            self._note(db, run.id, "", "start", run.title, run.created_by, run.created)
        return True

    def get(self, id_: str) -> Run:
        """A run with its marks. Raises NotFound."""
        with reading(self._engine) as db:
            row = db.execute(select(t.runs).where(t.runs.c.id == id_)).one_or_none()
            if row is None:
                raise NotFound(id_)
            marks = db.execute(select(t.marks).where(t.marks.c.run == id_)).all()
        return _run(row, marks)

    def all(
        self, status: str | None = None, most: int = 100, archived: bool | None = False
    ) -> list[Run]:
        """Runs, the newest first, with their marks; *archived*: None for those and the others."""
        query = select(t.runs).order_by(t.runs.c.created.desc(), t.runs.c.id).limit(most)
        if status:
            query = query.where(t.runs.c.status == status)
        if archived is not None:
            put_away = t.runs.c.archived.is_not(None)
            query = query.where(put_away if archived else ~put_away)
        return self._with_marks(query)

    def list_ended(self, most: int, skip: int = 0, archived: bool = False) -> list[Run]:
        """Runs that are over, but for the first *skip*, the last first; or those put away."""
        put_away = t.runs.c.archived.is_not(None)
        over = put_away if archived else (t.runs.c.status != "open") & ~put_away
        query = select(t.runs).where(over).order_by(t.runs.c.closed.desc(), t.runs.c.id)
        return self._with_marks(query.limit(most).offset(skip))

    def _with_marks(self, query: Select[Any]) -> list[Run]:
        with reading(self._engine) as db:
            rows = db.execute(query).all()
            marks: dict[str, list[Any]] = {row.id: [] for row in rows}
            of_these = t.marks.c.run.in_(list(marks))
            for mark in db.execute(select(t.marks).where(of_these)) if marks else ():
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
        since. Raises NotFound for an unknown run, Conflict for a closed one, ValueError for an
        unknown state.
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

    def close(self, id_: str, by: str, seen: int | None = None, why: str = "") -> None:
        """Close a run; whether it may be is the caller's to decide, on the revision *seen*.

        Raises NotFound, Conflict for a closed run or one that has changed since.
        """
        with writing(self._engine) as db:
            self._open(db, id_, seen)
            now = self._clock()
            self._change(db, id_, status="closed", closed=now, closed_by=by)
            self._note(db, id_, "", "close", why, by, now)

    def reopen(self, id_: str, by: str) -> None:
        """Open a closed run again; an open one stays as it is. Raises NotFound."""
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

        Raises NotFound, Conflict for a closed run or one that has changed since the revision
        *seen*.
        """
        with writing(self._engine) as db:
            self._open(db, id_, seen)
            self._change(db, id_, owners=owners, anchor=anchor)
            self._note(db, id_, "", "assign", anchor or "", by, self._clock())

    def cancel(self, id_: str, by: str, why: str = "") -> None:
        """End a run that is not to be finished; it can be reopened. Raises NotFound, Conflict."""
        with writing(self._engine) as db:
            self._open(db, id_)
            now = self._clock()
            self._change(
                db, id_, status="cancelled", closed=now, closed_by=by, repeats=None, next_start=None
            )
            self._note(db, id_, "", "cancel", why, by, now)

    def archive(self, id_: str, by: str, away: bool = True) -> None:
        """Put a run away, or bring it back; the same again changes nothing. Raises NotFound."""
        with writing(self._engine) as db:
            self._lock(db, id_)
            query = select(t.runs.c.archived).where(t.runs.c.id == id_)
            if (db.execute(query).scalar() is not None) == away:
                return
            now = self._clock()
            self._change(db, id_, archived=now if away else None)
            self._note(db, id_, "", "archive" if away else "unarchive", "", by, now)

    def rename(self, id_: str, title: str, by: str) -> None:
        """Give a run another name; the same again changes nothing. Raises NotFound."""
        with writing(self._engine) as db:
            self._lock(db, id_)
            query = select(t.runs.c.title).where(t.runs.c.id == id_)
            if db.execute(query).scalar() == title:
                return
            self._change(db, id_, title=title[:MAX_TITLE])
            self._note(db, id_, "", "rename", title, by, self._clock())

    def extend(
        self, id_: str, template: dict[str, Any], item: str, text: str, by: str, seen: int
    ) -> None:
        """Give a run another frozen copy, which has one more *item*; its text is noted.

        Raises NotFound, Conflict for a closed run or one changed since the revision *seen*.
        """
        with writing(self._engine) as db:
            self._open(db, id_, seen)
            self._change(db, id_, template=template)
            self._note(db, id_, item, "add", text, by, self._clock())

    def remark(self, id_: str, item: str, action: str, text: str, by: str) -> None:
        """A comment or link on an item, or on the whole run. Raises NotFound."""
        with writing(self._engine) as db:
            self._lock(db, id_)
            self._change(db, id_)
            self._note(db, id_, item, action, text, by, self._clock())

    def retract(self, id_: str, event: int) -> None:
        """Leave no word of a comment or link but that there was one. Raises NotFound."""
        one = update(t.history).where(t.history.c.run == id_, t.history.c.id == event)
        with writing(self._engine) as db:
            self._lock(db, id_)
            self._change(db, id_)
            db.execute(one.values(action="retract", note=""))

    def repeat(
        self, id_: str, repeats: dict[str, Any] | None, next_start: str | None, by: str
    ) -> None:
        """Let a run come again by that rule, or no more. Raises NotFound."""
        with writing(self._engine) as db:
            self._lock(db, id_)
            self._change(db, id_, repeats=repeats, next_start=next_start)
            action = "repeat" if repeats else "unrepeat"
            self._note(db, id_, "", action, next_start or "", by, self._clock())

    def list_renewable(self, today: str) -> list[str]:
        """The runs of which the next one is to begin by *today*."""
        query = select(t.runs.c.id).where(t.runs.c.next_start <= today)
        with reading(self._engine) as db:
            return list(db.execute(query).scalars())

    def renew(self, old: Run, new: Run) -> bool:
        """Begin the *new* run in place of the *old* one, which repeats no more.

        Returns whether this call did it: of several servers, one does.
        """
        with transaction(self._engine) as db:
            self._lock(db, old.id)
            due = (t.runs.c.id == old.id, t.runs.c.next_start == old.next_start)
            ended = update(t.runs).where(*due).values(repeats=None, next_start=None)
            return bool(db.execute(ended).rowcount) and self.begin(new)

    def history(self, id_: str) -> list[Event]:
        """Everything that happened in a run, oldest first."""
        query = select(t.history).where(t.history.c.run == id_).order_by(t.history.c.id)
        with reading(self._engine) as db:
            return [Event(r.item, r.action, r.note, r.by, r.at, r.id) for r in db.execute(query)]

    def _open(self, db: Connection, id_: str, seen: int | None = None) -> None:
        """Hold an open run. Raises NotFound, Conflict."""
        status, revision = self._lock(db, id_)
        if status != "open" or seen not in (None, revision):
            raise Conflict(id_)

    def _lock(self, db: Connection, id_: str) -> tuple[str, int]:
        """The run's status and revision, its row held until the transaction ends."""
        query = select(t.runs.c.status, t.runs.c.revision).where(t.runs.c.id == id_)
        row = db.execute(query.with_for_update()).one_or_none()
        if row is None:
            raise NotFound(id_)
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
        row.archived, row.repeats, row.next_start,
    )  # fmt: skip


def _mark(row: Any) -> Mark:
    return Mark(row.item, row.state, row.note, row.by, row.at, row.revision)
