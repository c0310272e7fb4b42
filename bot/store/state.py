"""The state a database is in, found out without changing anything."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from bot.store import tables as t
from bot.store.database import reading, writing
from bot.store.engine import engine_of, url_of
from bot.store.migrate import MIGRATIONS

ABSENT, OLDER, PRESENT, NEWER, READ_ONLY = "absent", "older", "present", "newer", "read_only"


def look(where: str, patience: float) -> str:
    """One of the words above. Raises BadInput for a setting that cannot be, StoreUnavailable.

    ABSENT is a file that the first start will make, OLDER has tables that it will bring up to date.
    """
    path = _file(where)
    if path is not None and not path.exists():
        return ABSENT if _can_be_made(path) else READ_ONLY
    engine = engine_of(where, patience)
    try:
        with reading(engine) as db:
            revision = _revision(db)
        with writing(engine, durable=False) as db:
            db.execute(text("SELECT 1"))
    finally:
        engine.dispose()
    known = _known_revisions()
    if revision is None:
        return OLDER
    return PRESENT if revision == known[0] else OLDER if revision in known else NEWER


def people(where: str, patience: float) -> list[tuple[str, ...]]:
    """The roles of everyone who is not disabled. Raises BadInput, StoreUnavailable."""
    if look(where, patience) in (ABSENT, READ_ONLY):
        return []
    engine = engine_of(where, patience)
    try:
        with reading(engine) as db:
            enabled = select(t.people.c.roles).where(t.people.c.disabled.is_(None))
            return [tuple(row.roles) for row in db.execute(enabled)]
    finally:
        engine.dispose()


def count_linked_accounts(where: str, patience: float, channel: str) -> int:
    """How many accounts of that chat platform belong to people who are not disabled.

    Raises BadInput, StoreUnavailable. Tables that are not up to date count as empty.
    """
    if look(where, patience) != PRESENT:
        return 0
    engine = engine_of(where, patience)
    try:
        with reading(engine) as db:
            theirs = (t.identities.c.channel == channel, t.people.c.disabled.is_(None))
            both = t.identities.join(t.people, t.identities.c.person == t.people.c.id)
            return db.execute(select(func.count()).select_from(both).where(*theirs)).scalar_one()
    finally:
        engine.dispose()


def _file(where: str) -> Path | None:
    url = url_of(where)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _can_be_made(path: Path) -> bool:
    folder = next((one for one in path.absolute().parents if one.exists()), Path("/"))
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _revision(db: Connection) -> str | None:
    """The revision of the tables; None where there are none."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(db).get_current_revision()


def _known_revisions() -> list[str]:
    """The revisions this version knows, the newest first."""
    from alembic.script import ScriptDirectory

    return [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
