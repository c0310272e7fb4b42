"""A person's own data: shown to them in one piece, and forgotten on request."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, or_, select, update

from bot.store import tables as t
from bot.store.database import empty_log, reading, writing
from bot.store.people import NOBODY

NAMED = (
    (t.runs, "created_by"), (t.runs, "closed_by"), (t.marks, "by"), (t.history, "by"),
    (t.audit, "by"), (t.audit, "target"), (t.audit, "detail"),
    (t.corrections, "by"), (t.corrections, "undone_by"),
)  # fmt: skip
"""Where a person's name stands in what belongs to a team."""
OWN = (t.jobs, t.sessions, t.identities)
"""What belongs to a person alone, besides chats and tokens."""
SECRET = {"password", "token"}


def export(engine: Engine, person: str, name: str) -> dict[str, Any]:
    """Everything that is kept about a person, as plain data without secrets."""
    with reading(engine) as db:
        chats = _chats(db, person)
        said = _rows(db, t.messages, t.messages.c.chat.in_(chats))
        runs = db.execute(select(t.runs).order_by(t.runs.c.created)).all()
        return {
            "person": _rows(db, t.people, t.people.c.id == person),
            "identities": _rows(db, t.identities, t.identities.c.person == person),
            "sessions": _rows(db, t.sessions, t.sessions.c.person == person),
            "chats": _rows(db, t.chats, t.chats.c.id.in_(chats)),
            "messages": said,
            "feedback": _rows(db, t.feedback, t.feedback.c.message.in_([m["id"] for m in said])),
            "runs": [_run(row, name) for row in runs if name in _holders(row)],
            "marks": _rows(db, t.marks, t.marks.c.by == name),
            "checklists": _rows(db, t.history, t.history.c.by == name),
            "corrections": _rows(
                db,
                t.corrections,
                or_(t.corrections.c.by == name, t.corrections.c.undone_by == name),
            ),
            "jobs": _rows(db, t.jobs, t.jobs.c.person == person),
            "tokens": _rows(db, t.tokens, t.tokens.c.person.in_([person, *chats])),
            "audit": _rows(db, t.audit, or_(t.audit.c.by == name, t.audit.c.target == name)),
        }


def erase(engine: Engine, person: str, name: str) -> None:
    """Forget a person: what is theirs is deleted, in what is a team's their name gives way to "-".

    What others wrote about them in their own words stays.
    """
    with writing(engine) as db:
        _forget_owner(db, name)
        for table, column in NAMED:
            held = table.c[column].in_([name, person])
            db.execute(update(table).where(held).values({column: NOBODY}))
        chats = _chats(db, person)
        for row in db.execute(select(t.tokens)).all():
            if row.person in (person, *chats) or _mentions(row.payload, {person, name}):
                db.execute(delete(t.tokens).where(t.tokens.c.token == row.token))
        db.execute(delete(t.messages).where(t.messages.c.chat.in_(chats)))
        db.execute(delete(t.chats).where(t.chats.c.id.in_(chats)))
        for table in OWN:
            db.execute(delete(table).where(table.c.person == person))
        db.execute(delete(t.people).where(t.people.c.id == person))
    settle(engine)


def settle(engine: Engine) -> None:
    """See to it that what was erased is not left behind beside the tables either.

    Inside a larger transaction that is to be done once more when it is over.
    """
    empty_log(engine)


def _forget_owner(db: Connection, name: str) -> None:
    """Take the name out of who holds which role in a run."""
    for row in db.execute(select(t.runs.c.id, t.runs.c.owners).with_for_update()).all():
        if name in row.owners.values():
            owners = {role: NOBODY if by == name else by for role, by in row.owners.items()}
            db.execute(update(t.runs).where(t.runs.c.id == row.id).values(owners=owners))


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
