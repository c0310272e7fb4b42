"""The engine: SQLite with a write-ahead log, or PostgreSQL by URL; and what can go wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.errors import BadInput

BUSY_SECONDS = 5
MIGRATIONS = Path(__file__).with_name("migrations")


class Busy(Exception):
    """The database cannot take a write now: locked, full or out of reach. Nothing was written."""


class Conflict(Exception):
    """Somebody else has changed the same thing in the meantime."""


class Gone(Exception):
    """What was asked for is not there (any more)."""


def url_of(where: str) -> str:
    """The database URL for a URL or a file path; a file's folder is made."""
    if "://" in where:
        url = make_url(where)
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        return url.render_as_string(hide_password=False)
    path = Path(where)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return f"sqlite:///{path}"


def engine_of(where: str) -> Engine:
    """The engine for a URL or a file path. Raises BadInput where a driver is missing."""
    url = url_of(where)
    try:
        if url.startswith("sqlite"):
            return _sqlite(url)
        return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10)
    except ImportError as error:
        raise BadInput(
            f"the database driver is missing ({error.name}): pip install zhiwen[postgres]"
        ) from None


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # The driver must not begin transactions by itself: "BEGIN IMMEDIATE" below takes the write
        # lock at once, so that two writers queue instead of failing half way.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("zhiwen_writes"):
            level = "FULL" if options.get("zhiwen_durable") else "NORMAL"
            connection.exec_driver_sql(f"PRAGMA synchronous={level}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the present form. Raises Busy where the database cannot be written."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that reads one state. Raises Busy."""
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise _busy(error) from error


@contextlib.contextmanager
def writing(engine: Engine, durable: bool = True) -> Iterator[Connection]:
    """A transaction: all of it is kept, or nothing. Raises Busy.

    What is *durable* is on the disk before this returns. What is not survives the end of the
    process all the same, and only a power cut may lose its last moments.
    """
    options = {"zhiwen_writes": True, "zhiwen_durable": durable}
    try:
        with engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise _busy(error) from error


def _busy(error: DBAPIError) -> Exception:
    """Busy for a database that is locked, full or out of reach; else the error itself."""
    if isinstance(error, OperationalError):
        return Busy(str(error.orig).splitlines()[0])
    return error
