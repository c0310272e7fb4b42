"""Reading and writing in transactions, and what can go wrong."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot.errors import Conflict, NotFound, StoreUnavailable

POSTGRES = "postgresql"
WRITES, DURABLE = "zhiwen_writes", "zhiwen_durable"
"""What a transaction tells the engine about itself."""
READ_ONLY = "25006"
"""PostgreSQL's code for a write where only reading is possible, as on a standby."""
SQLITE_BUSY = {
    sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOTADB,
}  # fmt: skip
"""What is the database's trouble; any other code is a fault of ours and must not look like it."""


_outer: ContextVar[Connection | None] = ContextVar("outer", default=None)
"""The transaction that is open, for those opened inside it."""


@contextlib.contextmanager
def transaction(engine: Engine, durable: bool = True) -> Iterator[Connection]:
    """One transaction for all that is read and written inside, by whatever part of the store.

    A part that fails inside undoes what it alone has done; an exception that leaves the whole
    undoes everything. Raises StoreUnavailable.
    """
    with writing(engine, durable) as connection:
        before = _outer.set(connection)
        try:
            yield connection
        finally:
            _outer.reset(before)


def _join(engine: Engine) -> Connection | None:
    """The connection of a transaction on the same database that is open around this place."""
    outer = _outer.get()
    return outer if outer is not None and outer.engine.url == engine.url else None


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state, whatever others write meanwhile.

    Raises StoreUnavailable.
    """
    if (outer := _join(engine)) is not None:
        with _translate():
            yield outer
        return
    options: dict[str, Any] = {}
    if engine.dialect.name == POSTGRES:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with _translate(), engine.connect() as connection:
        connection.execution_options(**options)
        with connection.begin():
            yield connection


@contextlib.contextmanager
def writing(engine: Engine, durable: bool = True) -> Iterator[Connection]:
    """A transaction: all of it is kept, or nothing. Raises StoreUnavailable.

    What is *durable* is on the disk before this returns. What is not survives the end of the
    process all the same, and only a power cut may lose its last moments.
    """
    if (outer := _join(engine)) is not None:
        with _translate(), outer.begin_nested():
            yield outer
        return
    options = {WRITES: True, DURABLE: durable}
    with _translate(), engine.connect() as connection:
        connection.execution_options(**options)
        with connection.begin():
            yield connection


def put(
    db: Connection,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    add: str | None = None,
) -> None:
    """Insert a row; where one with that unique *key* is there already, set *values* in it.

    *add* names a column whose old and new value are added up. Two writers may do so at once:
    neither fails.
    """
    new = _insert(db, table, key, values)
    change: dict[str, ColumnElement[Any]] = {name: new.excluded[name] for name in values}
    if add:
        change[add] = table.c[add] + new.excluded[add]
    db.execute(new.on_conflict_do_update(index_elements=list(key), set_=change))


def put_new(
    db: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> bool:
    """Insert a row unless one with that unique *key* is there. Returns whether it was inserted."""
    new = _insert(db, table, key, values).on_conflict_do_nothing(index_elements=list(key))
    return db.execute(new.returning(*(table.c[name] for name in key))).first() is not None


def _insert(
    db: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> postgresql.Insert | sqlite.Insert:
    make = postgresql.insert if db.dialect.name == POSTGRES else sqlite.insert
    return make(table).values(**key, **values)


def empty_log(engine: Engine) -> None:
    """Let go of SQLite's write-ahead log, which holds pages as they were; if in use, later."""
    if engine.dialect.name == POSTGRES:
        return
    connection = engine.raw_connection()
    try:
        with contextlib.suppress(sqlite3.OperationalError):
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


@contextlib.contextmanager
def _translate() -> Iterator[None]:
    """Turns what the driver says about trouble with the database into StoreUnavailable."""
    try:
        yield
    except NoConnection as error:
        raise StoreUnavailable("all connections are in use") from error
    except DBAPIError as error:
        if not _is_trouble(error):
            raise
        raise StoreUnavailable(str(error.orig).splitlines()[0]) from error


def _is_trouble(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_BUSY
    return (
        isinstance(error, OperationalError)
        or error.connection_invalidated
        or getattr(error.orig, "sqlstate", None) == READ_ONLY
    )


__all__ = [
    "Conflict",
    "NotFound",
    "StoreUnavailable",
    "empty_log",
    "put",
    "put_new",
    "reading",
    "transaction",
    "writing",
]  # fmt: skip
