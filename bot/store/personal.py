"""A person's own data: shown to them in one piece, and forgotten on request."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    Text,
    cast,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.store import tables as t
from bot.store.database import POSTGRES, empty_log, reading, writing
from bot.store.people import NOBODY

NAMED = (
    (t.runs, "created_by"), (t.runs, "closed_by"), (t.marks, "by"), (t.history, "by"),
    (t.audit, "by"), (t.audit, "target"), (t.audit, "detail"),
    (t.corrections, "by"), (t.corrections, "undone_by"),
    (t.templates, "owner"), (t.templates, "changed_by"),
    (t.edits, "by"), (t.edits, "changed_by"),
)  # fmt: skip
"""Where a person's name stands in what belongs to a team."""
OWN = (t.jobs, t.sessions, t.identities, t.notices, t.reminders)
"""What belongs to a person alone, besides chats and tokens."""
SECRET = {"password", "token", "calendar"}


class PersonalData:
    """Exports and erases what is kept about a person."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def export(self, person: str, name: str) -> dict[str, Any]:
        """Everything that is kept about a person, as plain data without secrets."""
        with reading(self._engine) as db:
            chats = _chats(db, person)
            messages = _rows(db, t.messages, t.messages.c.chat.in_(chats))
            runs = _runs_of(db, name)
            return {
                "person": _rows(db, t.people, t.people.c.id == person),
                "identities": _rows(db, t.identities, t.identities.c.person == person),
                "sessions": _rows(db, t.sessions, t.sessions.c.person == person),
                "chats": _rows(db, t.chats, t.chats.c.id.in_(chats)),
                "messages": messages,
                "feedback": _rows(
                    db, t.feedback, t.feedback.c.message.in_([m["id"] for m in messages])
                ),
                "runs": [_run(row, name) for row in runs if name in _holders(row)],
                "marks": _rows(db, t.marks, t.marks.c.by == name),
                "checklists": _rows(db, t.history, t.history.c.by == name),
                "corrections": _rows(
                    db,
                    t.corrections,
                    or_(t.corrections.c.by == name, t.corrections.c.undone_by == name),
                ),
                "templates": _rows(
                    db,
                    t.templates,
                    or_(t.templates.c.owner == name, t.templates.c.changed_by == name),
                ),
                "edits": _rows(
                    db, t.edits, or_(t.edits.c.by == name, t.edits.c.changed_by == name)
                ),
                "notices": _rows(db, t.notices, t.notices.c.person == person),
                "reminders": _rows(db, t.reminders, t.reminders.c.person == person),
                "jobs": _rows(db, t.jobs, t.jobs.c.person == person),
                "tokens": _rows(db, t.tokens, t.tokens.c.person.in_([person, *chats])),
                "audit": _rows(db, t.audit, or_(t.audit.c.by == name, t.audit.c.target == name)),
            }

    def erase(self, person: str, name: str) -> None:
        """Forget a person: what is theirs is deleted, in what is a team's their name becomes "-".

        What others wrote about them in their own words stays.
        """
        with writing(self._engine) as db:
            _forget_owner(db, name)
            for table, column in NAMED:
                held = table.c[column].in_([name, person])
                db.execute(update(table).where(held).values({column: NOBODY}))
            chats = _chats(db, person)
            told = or_(*(_told_in(db, t.tokens.c.payload, word) for word in (person, name)))
            theirs = or_(t.tokens.c.person.in_([person, *chats]), told)
            for row in db.execute(select(t.tokens).where(theirs)).all():
                if row.person in (person, *chats) or _mentions(row.payload, {person, name}):
                    db.execute(delete(t.tokens).where(t.tokens.c.token == row.token))
            db.execute(delete(t.messages).where(t.messages.c.chat.in_(chats)))
            db.execute(delete(t.chats).where(t.chats.c.id.in_(chats)))
            for table in OWN:
                db.execute(delete(table).where(table.c.person == person))
            db.execute(delete(t.people).where(t.people.c.id == person))
        self.settle()

    def settle(self) -> None:
        """See to it that what was erased is not left behind beside the tables either.

        Inside a larger transaction that is to be done once more when it is over.
        """
        empty_log(self._engine)


def _forget_owner(db: Connection, name: str) -> None:
    """Take the name out of who holds which role in a run."""
    for row in db.execute(_runs_of_owner(db, name).with_for_update()).all():
        if name in row.owners.values():
            owners = {role: NOBODY if by == name else by for role, by in row.owners.items()}
            db.execute(update(t.runs).where(t.runs.c.id == row.id).values(owners=owners))


def _runs_of_owner(db: Connection, name: str) -> Select[Any]:
    """The id and owners of the runs in which the person may hold a role."""
    return select(t.runs.c.id, t.runs.c.owners).where(_told_in(db, t.runs.c.owners, name))


def _runs_of(db: Connection, name: str) -> list[Any]:
    """What the person may have to do with, without the templates, which are most of it."""
    runs = t.runs.c
    kept = (
        runs.id, runs.checklist, runs.title, runs.created, runs.created_by, runs.closed_by,
        runs.owners,
    )  # fmt: skip
    held = [row.id for row in db.execute(_runs_of_owner(db, name))]
    theirs = or_(runs.created_by == name, runs.closed_by == name, runs.id.in_(held))
    return list(db.execute(select(*kept).where(theirs).order_by(runs.created)).all())


def _told_in(db: Connection, column: Column[Any], word: str) -> ColumnElement[bool]:
    """Whether *word* may stand in kept JSON; so that not all of it has to be read."""
    spelt = {json.dumps(word, ensure_ascii=ascii_)[1:-1] for ascii_ in (False, True)}
    place = func.strpos if db.dialect.name == POSTGRES else func.instr
    return or_(*(place(cast(column, Text), one) > 0 for one in sorted(spelt)))


def _chats(db: Connection, person: str) -> list[str]:
    return list(db.execute(select(t.chats.c.id).where(t.chats.c.person == person)).scalars())


def _mentions(value: Any, words: set[str]) -> bool:
    """Whether one of the *words* stands anywhere in plain data."""
    if isinstance(value, dict):
        return _mentions([*value, *value.values()], words)
    if isinstance(value, list):
        return any(_mentions(item, words) for item in value)
    return value in words


def _holders(row: Any) -> set[str]:
    return {row.created_by, row.closed_by, *row.owners.values()}


def _run(row: Any, name: str) -> dict[str, Any]:
    """What a run says about a person: not the template, and not who else takes part."""
    return {
        "id": row.id,
        "checklist": row.checklist,
        "title": row.title,
        "created": row.created,
        "created_by_me": row.created_by == name,
        "closed_by_me": row.closed_by == name,
        "roles": [role for role, by in row.owners.items() if by == name],
    }


def _rows(db: Connection, table: Table, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    """The rows as plain data, without secrets."""
    rows = db.execute(select(table).where(condition).order_by(*table.primary_key))
    return [{k: v for k, v in row._mapping.items() if k not in SECRET} for row in rows]
