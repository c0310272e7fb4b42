"""The engine: SQLite with a write-ahead log, or PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from bot.errors import BadInput
from bot.store.database import DURABLE, POSTGRES, WRITES
from bot.store.types import to_json

BUSY_SECONDS = 5.0
"""How long a writer waits for others before it gives up."""


def url_of(where: str) -> URL:
    """The database URL for a URL or a file path. Raises BadInput for one that cannot be kept in."""
    if "://" not in where:
        return URL.create("sqlite", database=where)
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise BadInput("the database URL cannot be read; see database in config.yaml") from None
    backend = url.get_backend_name()
    if backend in (POSTGRES, "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or url.database in (None, "", ":memory:"):
        raise BadInput(f"{backend}: the database is a file or the URL of a PostgreSQL database")
    return url


def engine_of(where: str, patience: float = BUSY_SECONDS) -> Engine:
    """The engine for a URL or a file path; a file's folder is made.

    *patience*: seconds that a writer waits for others. Raises BadInput where a driver is missing or
    the folder cannot be made.
    """
    url = url_of(where)
    try:
        return _postgres(url, patience) if "psycopg" in url.drivername else _sqlite(url, patience)
    except (ImportError, NoSuchModuleError):
        raise BadInput("the PostgreSQL driver is missing: pip install zhiwen[postgres]") from None


def _postgres(url: URL, patience: float) -> Engine:
    if "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(max(2, round(patience)))})
    engine = create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=10,
        pool_timeout=patience,
        json_serializer=to_json,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # Without it a writer would wait for ever behind a lock that somebody forgot.
        connection.execute(f"SET lock_timeout = {round(patience * 1000)}")
        connection.commit()

    @event.listens_for(engine, "checkout")
    def forget(connection: Any, *_: Any) -> None:
        # After a transaction that only reads, what is written would be told to the server as
        # "READ WRITE", whatever the database itself allows.
        connection.read_only = None

    return engine


def _sqlite(url: URL, patience: float) -> Engine:
    if not url.query:
        _make_file(Path(url.database or ""))
    engine = create_engine(
        url,
        pool_timeout=patience,
        json_serializer=to_json,
        connect_args={"timeout": patience, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # The driver must not begin transactions by itself: "BEGIN IMMEDIATE" below takes the write
        # lock at once, so that two writers queue instead of failing half way.
        connection.isolation_level = None
        try:
            _write_ahead(connection, patience)
            for pragma in ("foreign_keys=ON", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()  # the pool does not know it yet
            raise

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(WRITES):
            level = "FULL" if options.get(DURABLE) else "NORMAL"
            connection.exec_driver_sql(f"PRAGMA synchronous={level}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Turn the write-ahead log on; several processes may meet here at a new database.

    SQLite's own patience does not cover this one step.
    """
    end = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


def _make_file(path: Path) -> None:
    """An empty database that only its owner may read, unless there is one."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; see database in config.yaml") from None
