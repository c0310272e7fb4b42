"""A backup, restored, is what was kept: on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys

import command
import psycopg
import pytest
from store_help import everything

from bot.errors import BadInput
from bot.store import open_store
from bot.store.backup import BESIDE, KEPT, backup, restore


def fill(where):
    """Something of everything that people would miss; all rows."""
    with contextlib.closing(open_store(where)) as store:
        ann = store.people.add("Ann", ("staff",), "hash")
        store.people.link(ann.id, "telegram", "4711")
        run = store.runs.start("checklist.x", "大促", "zh", "v", {"pause_points": []}, "Ann")
        store.runs.remark(run, "", "comment", "好", "Ann")
        store.templates.add("t", "Mine", "en", "- x", {}, "Ann")
        return everything(store)


def rows(where):
    """All rows."""
    with contextlib.closing(open_store(where)) as store:
        return everything(store)


@pytest.fixture
def databases(postgres):
    """The URLs of two databases of their own."""
    names = ("backup_a", "backup_b")
    url = postgres.render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as db:
        for name in names:
            db.execute(f"CREATE DATABASE {name}")
    yield [postgres.set(database=name).render_as_string(hide_password=False) for name in names]
    with psycopg.connect(url, autocommit=True) as db:
        for name in names:
            db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_backup_of_sqlite_is_restored(tmp_path):
    """While a server has it open; what was there before the restore is kept beside."""
    first, second = (str(tmp_path / name) for name in ("a.db", "b.db"))
    wanted = fill(first)
    with contextlib.closing(open_store(first)):
        backup(first, tmp_path / "x.backup")
    assert (tmp_path / "x.backup").stat().st_mode & 0o077 == 0
    restore(second, tmp_path / "x.backup")
    assert rows(second) == wanted
    with contextlib.closing(open_store(second)) as store:
        store.people.add("Bob", ())
    with pytest.raises(BadInput):
        restore(second, tmp_path / "x.backup")
    restore(second, tmp_path / "x.backup", sure=True)
    assert rows(second) == wanted
    assert [row["name"] for row in rows(second + BESIDE)["people"]] == ["Ann", "Bob"]
    with pytest.raises(BadInput):
        backup(first, tmp_path / "x.backup")


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="needs PostgreSQL's client programs")
def test_backup_of_postgresql_is_restored(databases, tmp_path):
    """Into another database, and over one that holds something if that is meant."""
    first, second = databases
    wanted = fill(first)
    backup(first, tmp_path / "x.backup")
    restore(second, tmp_path / "x.backup")
    assert rows(second) == wanted
    with pytest.raises(BadInput):
        restore(second, tmp_path / "x.backup")
    with contextlib.closing(open_store(second)) as store:
        store.people.add("Bob", ())
    restore(second, tmp_path / "x.backup", sure=True)
    assert rows(second) == wanted


def test_backup_names_what_is_missing(tmp_path, monkeypatch):
    """Without pg_dump one is told what to install; nothing is left behind."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BadInput, match="postgresql-client"):
        backup("postgresql://zhiwen@127.0.0.1:9/zhiwen", tmp_path / "x.backup")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"hello", b"SQLite format 3\x00" + b"\x00" * 4_000])
def test_restore_refuses_what_is_no_backup(tmp_path, data):
    """The database stays as it was."""
    (tmp_path / "x").write_bytes(data)
    wanted = fill(str(tmp_path / "a.db"))
    with pytest.raises(BadInput):
        restore(str(tmp_path / "a.db"), tmp_path / "x", sure=True)
    assert rows(str(tmp_path / "a.db")) == wanted


def test_backup_and_restore_are_commands(tmp_path):
    """The name of the file is printed; a second restore asks for --yes."""
    wanted = fill(str(tmp_path / "data/zhiwen.db"))
    out, _ = command.run(tmp_path, "backup")
    name = out.decode().strip()
    (tmp_path / "data/zhiwen.db").unlink()
    for ending in ("-wal", "-shm"):
        (tmp_path / f"data/zhiwen.db{ending}").unlink(missing_ok=True)
    command.run(tmp_path, "restore", name)
    assert rows(str(tmp_path / "data/zhiwen.db")) == wanted
    assert "--yes" in command.run(tmp_path, "restore", name, code=2)[1]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_backup_without_room_leaves_the_last_one_and_says_so(kind, tmp_path, request):
    """Where the disk is full no half backup lies about; with room again there is a whole one."""
    if kind == "postgresql" and shutil.which("pg_dump") is None:
        pytest.skip("needs PostgreSQL's client programs")
    where = str(tmp_path / "a.db") if kind == "sqlite" else request.getfixturevalue("databases")[0]
    fill(where)
    folder = tmp_path / "kept"
    folder.mkdir()

    def again(**options):
        return command.run(folder, "backup", "--out", "b.backup", ZHIWEN_DATABASE=where, **options)[
            1
        ]

    command.run(folder, "backup", "--out", "a.backup", ZHIWEN_DATABASE=where)
    before = (folder / "a.backup").read_bytes()
    assert KEPT in again(largest=4_096, code=2)
    assert [path.name for path in folder.iterdir()] == ["a.backup"]
    assert (folder / "a.backup").read_bytes() == before
    again()
    assert sorted(path.name for path in folder.iterdir()) == ["a.backup", "b.backup"]


def test_backup_of_a_database_out_of_reach_says_so(tmp_path):
    """The reason is PostgreSQL's, and nothing is left behind."""
    if shutil.which("pg_dump") is None:
        pytest.skip("needs PostgreSQL's client programs")
    nowhere = f"postgresql://zhiwen@/zhiwen?host={tmp_path}"
    _, told = command.run(tmp_path, "backup", "--out", "x", code=2, ZHIWEN_DATABASE=nowhere)
    assert "connection to server" in told and KEPT in told
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
from bot.store import backup
backup.settle = lambda _: os.kill(os.getpid(), 9)
backup.backup(sys.argv[1], Path(sys.argv[2]))
"""


def test_backup_that_is_killed_is_none(tmp_path):
    """What was not finished is not called a backup, and hinders no later one."""
    where, out = str(tmp_path / "a.db"), tmp_path / "x.backup"
    wanted = fill(where)
    told = subprocess.run(
        [sys.executable, "-c", KILLED, where, out], cwd=command.HOUSE, capture_output=True,
        check=False,
    )  # fmt: skip
    assert told.returncode == -signal.SIGKILL, told.stderr
    assert not out.exists()
    backup(where, out)
    assert [path.name for path in tmp_path.glob("x*")] == ["x.backup"]
    restore(str(tmp_path / "b.db"), out)
    assert rows(str(tmp_path / "b.db")) == wanted


def test_restore_without_room_changes_nothing(tmp_path):
    """The database and what was kept at an earlier restore are as they were."""
    where = tmp_path / "data/zhiwen.db"
    wanted = fill(str(where))
    backup(str(where), tmp_path / "x.backup")
    restore(str(where), tmp_path / "x.backup", sure=True)
    beside = where.with_name(where.name + BESIDE)
    before = beside.read_bytes()
    _, told = command.run(tmp_path, "restore", "x.backup", "--yes", largest=4_096, code=2)
    assert KEPT in told
    assert rows(str(where)) == wanted
    assert beside.read_bytes() == before
    assert beside.stat().st_mode & 0o077 == 0
    assert {path.name for path in where.parent.iterdir()} == {where.name, beside.name}


def test_restore_takes_the_place_of_what_is_damaged(tmp_path):
    """A database that cannot be read is what a restore is for; its file is kept as it is."""
    where = tmp_path / "a.db"
    wanted = fill(str(where))
    backup(str(where), tmp_path / "x.backup")
    with where.open("r+b") as file:
        file.write(os.urandom(2_000))
    damaged = where.read_bytes()
    restore(str(where), tmp_path / "x.backup", sure=True)
    assert rows(str(where)) == wanted
    assert where.with_name(where.name + BESIDE).read_bytes() == damaged
