"""The tables come up on both databases, and what is written is what is read."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from store_help import TEMPLATE, at_once, start

from bot.errors import BadInput
from bot.store import tables as t
from bot.store.database import reading, writing
from bot.store.engine import url_of
from bot.store.migrate import MIGRATIONS, migrate
from knowledge.engine.model import KINDS, LANGUAGES

HOUSE = Path(__file__).parent.parent
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


def test_database_of_the_release_before_finds_wecom_users_in_any_case(where, opened):
    """User ids of WeCom become lower case with all that hangs on them; other platforms' stay."""
    from alembic import command

    store = opened(where)
    ann, bob = (store.people.add(name, ("staff",)) for name in ("Ann", "Bob"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with writing(store.engine) as db:
        config.attributes["connection"] = db
        command.downgrade(config, "0002")
    for channel, external, person in [
        ("wecom", "AnnLi", ann), ("wecom", "BOB", ann), ("wecom", "bob", bob),
        ("wechat", "oABC", ann),
    ]:  # fmt: skip
        store.people.link(person.id, channel, external)
    kept = [("wecom:AnnLi", "asked"), ("wecom:BOB", "first"), ("wecom:bob", "second"),
            ("wechat:oABC", "asked")]  # fmt: skip
    with writing(store.engine) as db:
        for n, (chat, asked) in enumerate(kept, 1):
            row = {"id": chat, "state": json.dumps({"n": n}), "at": n, "asked": asked}
            db.execute(
                text("INSERT INTO chats (id, state, changed) VALUES (:id, :state, :at)"), row
            )
            said = "INSERT INTO messages (chat, asked, reply, at) VALUES (:id, :asked, :state, :at)"
            db.execute(text(said), row)
    migrate(store.engine)
    linked = [store.people.by_identity("wecom", id_) for id_ in ("annli", "bob", "AnnLi", "BOB")]
    assert [one and one.name for one in linked] == ["Ann", "Bob", None, None]
    assert store.people.by_identity("wechat", "oABC") == ann
    assert store.chats.state("wecom:annli") == {"n": 1}
    assert [one.asked for one in store.chats.exchanges("wecom:annli")] == ["asked"]
    assert [one.asked for one in store.chats.exchanges("wecom:bob")] == ["first", "second"]
    assert store.chats.state("wecom:bob") == {"n": 3} and store.chats.state("wecom:BOB") is None
    assert store.chats.state("wechat:oABC") == {"n": 4}


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
        for _ in range(3)
    ]  # fmt: skip
    assert [child.stdout.readline() for child in children] == [b"ready\n"] * 3
    for child in children:
        child.stdin.write(b"go\n")
        child.stdin.flush()
    said = [child.communicate(timeout=60)[1].decode() for child in children]
    assert [child.returncode for child in children] == [0] * 3, said
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


def test_database_columns_hold_what_the_content_brings(book):
    """Ids, sections, versions and checklists fit, for PostgreSQL refuses what SQLite takes."""
    room = {name: table.c for name, table in t.metadata.tables.items()}
    ids = book.base.ids()
    assert max(map(len, ids)) <= room["feedback"].entry.type.impl.length
    assert max(map(len, book.base.ids("checklist"))) <= room["runs"].checklist.type.impl.length
    assert max(map(len, ids)) <= room["counts"].value.type.impl.length
    sections = {field.name for kind, _ in KINDS.values() for field in fields(kind)}
    assert max(map(len, sections)) <= room["feedback"].section.type.impl.length
    for name in ("runs", "feedback", "questions"):
        assert len(book.version) <= room[name].version.type.impl.length
    titles = [
        book.base.title(id_, lang) for id_ in book.base.ids("checklist") for lang in LANGUAGES
    ]
    assert max(map(len, titles)) <= room["runs"].title.type.impl.length


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
