"""A database in trouble says so, loses nothing that was acknowledged, and can be used again."""

from __future__ import annotations

import contextlib
import sqlite3

import psycopg
import pytest
from postgres import schema
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from store_help import start

from bot.store import StoreUnavailable
from bot.store import tables as t
from bot.store.database import reading, writing

SHORT = 0.2
"""Seconds of patience, where a test has to run out of it."""


def plain(where):
    """The URL of a PostgreSQL schema as psycopg reads it."""
    return where.replace("postgresql+psycopg", "postgresql")


@contextlib.contextmanager
def other(where):
    """Another program's connection to a SQLite file."""
    connection = sqlite3.connect(where, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def test_trouble_out_of_reach_is_busy(tmp_path, opened):
    """No server at that address: StoreUnavailable, and nothing hangs."""
    with pytest.raises(StoreUnavailable):
        opened(f"postgresql://nobody@/none?host={tmp_path}")


def test_trouble_that_is_none_is_busy(tmp_path, opened):
    """A file that holds something else is reported and not overwritten."""
    place = tmp_path / "zhiwen.db"
    place.write_bytes(b"no database" * 1_000)
    with pytest.raises(StoreUnavailable, match="not a database"):
        opened(str(place))
    assert place.read_bytes() == b"no database" * 1_000


def test_trouble_faults_of_ours_are_not_called_busy(store):
    """A query for a table that is not there is a bug, and must look like one."""
    with pytest.raises((OperationalError, ProgrammingError)), reading(store.engine) as db:
        db.execute(text("SELECT * FROM nowhere"))


@pytest.mark.parametrize("lock", ["EXCLUSIVE", "IMMEDIATE"])
def test_trouble_locked_by_another_program_is_busy(tmp_path, lock, opened):
    """Writers say so after their patience, readers read on, and afterwards all is well."""
    where = str(tmp_path / "zhiwen.db")
    store = opened(where, patience=SHORT)
    run = start(store)
    store.runs.mark(run, "0.0", "done", "Ann")
    with other(where) as connection:
        connection.execute(f"BEGIN {lock}")
        for write in (
            lambda: store.runs.mark(run, "0.1", "done", "Ann"),
            lambda: store.chats.keep("c", None, {}, "q", {}),
            lambda: store.audit.note("Ann", "act"),
        ):
            with pytest.raises(StoreUnavailable, match="locked"):
                write()
        with pytest.raises(StoreUnavailable):
            opened(where, patience=SHORT)
        assert set(store.runs.get(run).marks) == {"0.0"}
        connection.execute("ROLLBACK")
    store.runs.mark(run, "0.2", "done", "Ann")
    assert set(store.runs.get(run).marks) == {"0.0", "0.2"}


def test_trouble_locked_table_is_busy_on_postgresql(postgres, opened):
    """A lock that somebody holds ends in StoreUnavailable after the patience, not in waiting."""
    with schema(postgres) as where:
        store = opened(where, patience=SHORT)
        run = start(store)
        with psycopg.connect(plain(where)) as connection:
            connection.execute("LOCK TABLE marks IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreUnavailable, match="lock timeout"):
                store.runs.mark(run, "0.0", "done", "Ann")
            connection.rollback()
        store.runs.mark(run, "0.1", "done", "Ann")
        assert set(store.runs.get(run).marks) == {"0.1"}
        assert [event.action for event in store.runs.history(run)] == ["start", "done"]


def test_trouble_that_is_read_only_is_busy(store, tables, opened):
    """Nothing can be written and that is said; what is there can be read."""
    run = start(store)
    store.close()
    if "://" in tables:
        engine = f"{tables}%20-cdefault_transaction_read_only%3Don"
    else:
        engine = f"sqlite:///file:{tables}?mode=ro&uri=true"
    locked = opened(engine, patience=SHORT)
    with pytest.raises(StoreUnavailable):
        locked.runs.mark(run, "0.0", "done", "Ann")
    assert locked.runs.get(run).marks == {}
    assert locked.ping()


def test_trouble_full_disk_is_busy_and_loses_nothing(tmp_path, opened):
    """Messages up to the last that fits stay; the one that does not fit leaves no trace."""
    store = opened(str(tmp_path / "zhiwen.db"), patience=SHORT)
    run = start(store)
    with store.engine.connect() as db:
        pages = db.execute(text("PRAGMA page_count")).scalar()

    @event.listens_for(store.engine, "connect")
    def bound(connection, _):
        connection.execute(f"PRAGMA max_page_count = {limit}")

    limit = pages + 20
    store.close()  # so that the connections to come are bounded
    kept = []
    with pytest.raises(StoreUnavailable, match="full"):
        for i in range(1_000):
            kept.append(store.chats.keep("c", None, {"n": i}, f"{i} " * 500, {"n": i}))
    with pytest.raises(StoreUnavailable, match="full"):
        for i in range(1_000):
            store.runs.mark(run, f"0.{i}", "na", "Ann", "x" * 3_000)
            kept.append(f"0.{i}")
    assert [said.id for said in store.chats.exchanges("c", 1_000)] == [
        number for number in kept if isinstance(number, int)
    ]
    assert store.chats.state("c") == {"n": len([k for k in kept if isinstance(k, int)]) - 1}
    assert set(store.runs.get(run).marks) == {item for item in kept if isinstance(item, str)}
    limit = pages + 2_000
    store.close()
    store.runs.mark(run, "9.9", "done", "Ann")
    with store.engine.connect() as db:
        assert db.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_trouble_connection_that_was_cut_is_busy_once(postgres, opened):
    """A server ends our connection in a transaction: StoreUnavailable, and the next one works."""
    with schema(postgres) as where:
        store = opened(where, patience=SHORT)
        run = start(store)
        with pytest.raises(StoreUnavailable), writing(store.engine) as db:
            mine = db.execute(text("SELECT pg_backend_pid()")).scalar()
            db.execute(t.counts.insert().values(day="d", what="w", value="v", count=1))
            with psycopg.connect(plain(where), autocommit=True) as killer:
                killer.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
            db.execute(t.counts.select())
        assert store.ping()
        store.runs.mark(run, "0.0", "done", "Ann")
        assert store.feedback.counts() == []
