"""A backup, restored, is what was kept: on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import shutil

import command
import psycopg
import pytest
from store_help import everything

from bot.errors import BadInput
from bot.store import open_store
from bot.store.backup import BESIDE, backup, restore


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
