"""The tables come up on both databases, and a database in trouble says so and loses nothing."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from store_help import TEMPLATE, at_once, start

from bot.errors import BadInput
from bot.store import Busy
from bot.store import tables as t
from bot.store.database import reading, writing
from bot.store.engine import url_of
from bot.store.migrate import MIGRATIONS, migrate

HOUSE = Path(__file__).parent.parent
SHORT = 0.2
"""Seconds of patience, where a test has to run out of it."""
OPEN = """
import sys
import alembic.command
from bot.store import open_store
print("ready", flush=True)
sys.stdin.readline()
open_store(sys.argv[1]).close()
"""
BAD_PLACES = [
    ("mysql://user@host/zhiwen", "mysql"),
    ("postgresql://host:port/x", "cannot be read"),
    ("://", "cannot be read"),
    ("sqlite://", "sqlite"),
    ("sqlite:///:memory:", "sqlite"),
]


def differences(store):
    """How the tables in the database differ from those in the code."""
    with store.engine.connect() as db:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(db, opts=options), t.metadata)


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


def test_database_migrations_make_the_tables_of_the_code(where, opened):
    """From nothing to head: no table, column, type, index or key differs."""
    store = opened(where)
    assert differences(store) == []
    with store.engine.connect() as db:
        assert set(inspect(db).get_table_names()) == {*t.metadata.tables, "alembic_version"}


def test_database_migrations_may_run_again(store):
    """A second run changes nothing and keeps what is there."""
    run = start(store)
    migrate(store.engine)
    assert differences(store) == []
    assert store.runs.get(run).template == TEMPLATE


def test_database_migrations_go_back_to_nothing(where, opened):
    """Each step has a way back, so that a failed update can be undone."""
    from alembic import command

    store = opened(where)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(store.engine) as db:
        config.attributes["connection"] = db
        command.downgrade(config, "base")
    with store.engine.connect() as db:
        assert inspect(db).get_table_names() == ["alembic_version"]
    migrate(store.engine)
    assert differences(store) == []


def test_database_migrations_have_one_end():
    """There is one newest step, not two that two people made."""
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def test_database_may_be_opened_by_several_at_once(where, opened):
    """Servers that start together on an empty database all come up, with one set of tables."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, where],
            cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]  # fmt: skip
    assert [child.stdout.readline() for child in children] == [b"ready\n"] * 4
    for child in children:
        child.stdin.write(b"go\n")
        child.stdin.flush()
    said = [child.communicate(timeout=60)[1].decode() for child in children]
    assert [child.returncode for child in children] == [0] * 4, said
    assert differences(opened(where)) == []


def test_database_of_a_newer_version_is_refused(where, opened):
    """An older program does not write into tables it does not know."""
    store = opened(where)
    with writing(store.engine) as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(BadInput, match="newer version"):
        opened(where)


def test_database_file_and_folder_are_for_their_owner(tmp_path, opened):
    """A folder is made where there is none, and nobody else may read what is in it."""
    place = tmp_path / "deep" / "100%?#" / "zhiwen.db"
    store = opened(str(place))
    start(store)
    store.close()
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize(("where", "told"), BAD_PLACES)
def test_database_refuses_what_cannot_be_kept_in(where, told):
    """A URL that leads nowhere is an error of whoever configured it, in one line."""
    with pytest.raises(BadInput, match=told) as raised:
        url_of(where)
    assert "\n" not in str(raised.value)


def test_database_below_a_file_is_refused(tmp_path, opened):
    """A folder that cannot be made is said, with its name."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match=r"file/zhiwen\.db"):
        opened(str(tmp_path / "file" / "zhiwen.db"))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_database_url_of_postgresql_may_be_written_in_several_ways(scheme):
    """One driver is used, whatever the URL calls it; the password survives."""
    url = url_of(f"{scheme}://me:p%40ss@host/zhiwen")
    assert (url.drivername, url.password) == ("postgresql+psycopg", "p@ss")


def test_database_out_of_reach_is_busy(tmp_path, opened):
    """No server at that address: Busy, and nothing hangs."""
    with pytest.raises(Busy):
        opened(f"postgresql://nobody@/none?host={tmp_path}")


def test_database_that_is_none_is_busy(tmp_path, opened):
    """A file that holds something else is reported and not overwritten."""
    place = tmp_path / "zhiwen.db"
    place.write_bytes(b"no database" * 1_000)
    with pytest.raises(Busy, match="not a database"):
        opened(str(place))
    assert place.read_bytes() == b"no database" * 1_000


def test_database_faults_of_ours_are_not_called_busy(store):
    """A query for a table that is not there is a bug, and must look like one."""
    with pytest.raises((OperationalError, ProgrammingError)), reading(store.engine) as db:
        db.execute(text("SELECT * FROM nowhere"))


def test_database_keeps_all_of_a_transaction_or_nothing(store):
    """What goes wrong at the end takes back the beginning."""
    with pytest.raises(ZeroDivisionError), writing(store.engine) as db:
        db.execute(t.counts.insert().values(day="d", what="w", value="v", count=1))
        raise ZeroDivisionError
    with reading(store.engine) as db:
        assert db.execute(t.counts.select()).all() == []


def test_database_reading_sees_one_state(store):
    """A reader between two selects is not shown what somebody else writes meanwhile."""
    run = start(store)
    with reading(store.engine) as db:
        before = db.execute(t.runs.select()).one().revision
        store.runs.mark(run, "0.0", "done", "Ann")
        assert db.execute(t.marks.select()).all() == []
        assert db.execute(t.runs.select()).one().revision == before
    assert store.runs.get(run).marks["0.0"].state == "done"


def test_database_text_that_cannot_be_held_is_replaced(store):
    """NUL and half a surrogate pair, in columns and in JSON, come back as a replacement."""
    bad = "a\x00b\ud83dc"
    run = store.runs.start("c", bad, "zh", "v", {"x": "\ud83d"}, "Ann")
    store.runs.mark(run, "0.0", "na", "Ann", bad)
    kept = store.runs.get(run)
    assert kept.title == kept.marks["0.0"].note == "a\ufffdb\ufffdc"
    assert kept.template == {"x": "\ufffd"}


def test_database_text_of_every_plane_is_held(store):
    """Chinese, emoji, combining marks and right-to-left text come back as they were."""
    title = "大促前检查 🧧 é 한국어 שלום"
    run = store.runs.start("c", title, "zh", "v", {title: [title, None, 1.5, True]}, title[:20])
    kept = store.runs.get(run)
    assert (kept.title, kept.template) == (title, {title: [title, None, 1.5, True]})


def test_database_serves_more_threads_than_connections(store):
    """Forty threads, as many as the server has, all get their turn."""
    run = start(store)
    jobs = [lambda i=i: store.runs.mark(run, f"0.{i}", "done", "Ann") for i in range(40)]
    given = at_once(jobs)
    assert [mark.item for mark in given] == [f"0.{i}" for i in range(40)]
    assert len(store.runs.get(run).marks) == 40


@pytest.mark.parametrize("lock", ["EXCLUSIVE", "IMMEDIATE"])
def test_database_locked_by_another_program_is_busy(tmp_path, lock, opened):
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
            lambda: store.keeping.note("Ann", "act"),
        ):
            with pytest.raises(Busy, match="locked"):
                write()
        with pytest.raises(Busy):
            opened(where, patience=SHORT)
        assert set(store.runs.get(run).marks) == {"0.0"}
        connection.execute("ROLLBACK")
    store.runs.mark(run, "0.2", "done", "Ann")
    assert set(store.runs.get(run).marks) == {"0.0", "0.2"}


def test_database_locked_table_is_busy_on_postgresql(postgres, opened):
    """A lock that somebody holds ends in Busy after the patience, not in waiting for ever."""
    from postgres import schema

    with schema(postgres) as where:
        store = opened(where, patience=SHORT)
        run = start(store)
        with psycopg.connect(plain(where)) as connection:
            connection.execute("LOCK TABLE marks IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(Busy, match="lock timeout"):
                store.runs.mark(run, "0.0", "done", "Ann")
            connection.rollback()
        store.runs.mark(run, "0.1", "done", "Ann")
        assert set(store.runs.get(run).marks) == {"0.1"}
        assert [event.action for event in store.runs.history(run)] == ["start", "done"]


def test_database_that_is_read_only_is_busy(store, tables, opened):
    """Nothing can be written and that is said; what is there can be read."""
    run = start(store)
    store.close()
    if "://" in tables:
        engine = f"{tables}%20-cdefault_transaction_read_only%3Don"
    else:
        engine = f"sqlite:///file:{tables}?mode=ro&uri=true"
    locked = opened(engine, patience=SHORT)
    with pytest.raises(Busy):
        locked.runs.mark(run, "0.0", "done", "Ann")
    assert locked.runs.get(run).marks == {}
    assert locked.alive()


def test_database_full_disk_is_busy_and_loses_nothing(tmp_path, opened):
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
    with pytest.raises(Busy, match="full"):
        for i in range(1_000):
            kept.append(store.chats.keep("c", None, {"n": i}, f"{i} " * 500, {"n": i}))
    with pytest.raises(Busy, match="full"):
        for i in range(1_000):
            store.runs.mark(run, f"0.{i}", "na", "Ann", "x" * 3_000)
            kept.append(f"0.{i}")
    assert [said.id for said in store.chats.said("c", 1_000)] == [
        number for number in kept if isinstance(number, int)
    ]
    assert store.chats.state("c") == {"n": len([k for k in kept if isinstance(k, int)]) - 1}
    assert set(store.runs.get(run).marks) == {item for item in kept if isinstance(item, str)}
    limit = pages + 2_000
    store.close()
    store.runs.mark(run, "9.9", "done", "Ann")
    with store.engine.connect() as db:
        assert db.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_database_connection_that_was_cut_is_busy_once(postgres, opened):
    """A server that ends our connection in a transaction: Busy, and the next one works."""
    from postgres import schema

    with schema(postgres) as where:
        store = opened(where, patience=SHORT)
        run = start(store)
        with pytest.raises(Busy), writing(store.engine) as db:
            mine = db.execute(text("SELECT pg_backend_pid()")).scalar()
            db.execute(t.counts.insert().values(day="d", what="w", value="v", count=1))
            with psycopg.connect(plain(where), autocommit=True) as killer:
                killer.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
            db.execute(t.counts.select())
        assert store.alive()
        store.runs.mark(run, "0.0", "done", "Ann")
        assert store.learning.counts() == []


def test_database_says_where_the_postgresql_driver_comes_from(tmp_path):
    """Without psycopg the message names what to install."""
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from bot.errors import BadInput\n"
        "from bot.store import open_store\n"
        "try: open_store('postgresql://host/x')\n"
        "except BadInput as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HOUSE, env=os.environ, capture_output=True, text=True,
        check=True, timeout=60,
    )  # fmt: skip
    assert "zhiwen[postgres]" in done.stdout
