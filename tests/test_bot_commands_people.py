"""zhiwen user and forget: as people type them, on a database of their own."""

from __future__ import annotations

import io
import json
import os
import pty
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot import cli
from bot.store import open_store
from bot.web import passwords

HOUSE = Path(__file__).parent.parent
PASSWORD = "correct horse battery"
MISUSES = [
    ("no action", ["user"], "action"),
    ("unknown action", ["user", "dance"], "dance"),
    ("unknown role", ["user", "add", "li", "--roles", "king", "--no-password"], "king"),
    ("no role", ["user", "add", "li", "--roles", ",", "--no-password"], "roles are"),
    ("password both ways", ["user", "add", "li", "--no-password", "--password-stdin"], "together"),
    ("no terminal", ["user", "add", "li"], "--password-stdin"),
    ("short password", ["user", "add", "li", "--password-stdin"], "10"),
    ("name of nobody", ["user", "add", "-", "--no-password"], "name"),
    ("nobody", ["user", "roles", "nobody", "hr"], "nobody"),
    ("password of nobody", ["user", "password", "nobody", "--password-stdin"], "nobody"),
    ("token of nobody", ["user", "token", "nobody"], "nobody"),
    ("token for ever", ["user", "token", "nobody", "--days", "100000"], "365"),
    ("erase without being sure", ["user", "erase", "wang"], "--yes"),
    ("taken name", ["user", "add", "wang", "--no-password"], "already"),
]


@pytest.fixture
def zhiwen(tmp_path, monkeypatch, capsys):
    """Runs a command where the database is; gives what it printed."""
    for name in ("ZHIWEN_CONFIG", "ZHIWEN_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin="", code=0):
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            done = cli.main([str(argument) for argument in arguments])
        except SystemExit as wrong:
            done = wrong.code
        shown = capsys.readouterr()
        assert done == code, shown.err
        return shown.out + shown.err

    run.folder = tmp_path
    return run


def store_of(zhiwen):
    """The store the commands work on."""
    return closing(open_store(str(zhiwen.folder / "data" / "zhiwen.db")))


@pytest.mark.parametrize(
    ("arguments", "word"), [row[1:] for row in MISUSES], ids=[row[0] for row in MISUSES]
)
def test_user_wrong_use_is_named(zhiwen, arguments, word):
    """A slip costs a sentence that names it, and changes nothing."""
    with store_of(zhiwen) as store:
        store.people.add("wang", ("staff",))
    assert word in zhiwen(*arguments, stdin="short\n", code=2)
    with store_of(zhiwen) as store:
        assert [person.name for person in store.people.all()] == ["wang"]


def test_user_add_takes_the_password_from_the_input(zhiwen):
    """A program adds a person, who can then sign in; the password is kept as a hash."""
    zhiwen("user", "add", "li", "--roles", "manager, hr", "--password-stdin", stdin=PASSWORD + "\n")
    with store_of(zhiwen) as store:
        person = passwords.verify(store, "li", PASSWORD)
        assert person
        assert person.roles == ("hr", "manager")
        assert store.audit.list_recent()[0]["target"] == "li"
    assert PASSWORD.encode() not in (zhiwen.folder / "data" / "zhiwen.db").read_bytes()


@pytest.mark.parametrize(("again", "code"), [(PASSWORD, 0), ("another one", 2)])
def test_user_add_asks_for_the_password_twice(zhiwen, again, code):
    """At a terminal it is asked for twice, and not shown."""
    env = os.environ | {"PYTHONPATH": str(HOUSE), "PYTHONDONTWRITEBYTECODE": "1"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "user", "add", "li"],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=zhiwen.folder, env=env,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        for asked, typed in ((b"password: ", PASSWORD), (b"once more: ", again)):
            while asked not in shown:
                shown += os.read(ours, 1_000)
            os.write(ours, typed.encode() + b"\n")
        assert process.wait(60) == code
    os.close(ours)
    assert PASSWORD.encode() not in shown
    with store_of(zhiwen) as store:
        assert (passwords.verify(store, "li", PASSWORD) is not None) == (code == 0)


def test_user_list_shows_everyone(zhiwen):
    """Name, roles, and who is kept out; a line each."""
    for name, roles in (("li", "hr"), ("wang", "staff,admin")):
        zhiwen("user", "add", name, "--roles", roles, "--no-password")
    zhiwen("user", "disable", "wang")
    assert zhiwen("user", "list") == "li\thr\nwang\tstaff,admin\tdisabled\n"


def test_user_changes_end_open_sessions(zhiwen):
    """New roles, a new password, being kept out: whoever was signed in no longer is."""
    zhiwen("user", "add", "li", "--no-password")
    changes = (
        ("roles", "li", "editor"),
        ("password", "li", "--password-stdin"),
        ("disable", "li"),
    )
    for arguments in changes:
        token = zhiwen("user", "token", "li").strip()
        with store_of(zhiwen) as store:
            assert store.people.session(token)
        zhiwen("user", *arguments, stdin=PASSWORD)
        with store_of(zhiwen) as store:
            assert store.people.session(token) is None
    assert "disabled" in zhiwen("user", "token", "li", code=2)
    zhiwen("user", "disable", "li", "--undo")
    assert zhiwen("user", "list") == "li\teditor\n"


def test_user_token_is_kept_as_a_hash(zhiwen):
    """The token is shown once; the database does not hold it."""
    zhiwen("user", "add", "li", "--no-password")
    token = zhiwen("user", "token", "li", "--days", "1").strip()
    assert len(token) > 30
    for path in (zhiwen.folder / "data").iterdir():
        assert token.encode() not in path.read_bytes()


def test_user_export_and_erase(zhiwen):
    """Everything about a person comes out as JSON for its owner's eyes; then it is gone."""
    zhiwen("user", "add", "li", "--password-stdin", stdin=PASSWORD)
    with store_of(zhiwen) as store:
        store.chats.keep("web:1", store.people.by_name("li").id, {}, "what I asked", {"blocks": []})
    zhiwen("user", "export", "li", "--out", "li.json")
    path = zhiwen.folder / "li.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    data = json.loads(path.read_text("utf-8"))
    assert data["person"][0]["name"] == "li"
    assert data["messages"][0]["asked"] == "what I asked"
    assert "argon2" not in path.read_text("utf-8")
    assert json.loads(zhiwen("user", "export", "li"))["person"] == data["person"]
    zhiwen("user", "erase", "li", "--yes")
    assert zhiwen("user", "list") == ""
    with store_of(zhiwen) as store:
        assert store.chats.exchanges("web:1") == []
        assert "li" not in [line["target"] for line in store.audit.list_recent()]


def test_user_without_a_database_is_told_why(zhiwen):
    """A database that cannot be used is named, with exit code 2."""
    (zhiwen.folder / "data").write_text("in the way", "utf-8")
    assert "data" in zhiwen("user", "list", code=2)


def test_forget_tells_what_went(zhiwen):
    """Old rows go now, new ones stay; a line for each table."""
    now = [0.0]
    with closing(open_store(str(zhiwen.folder / "data" / "zhiwen.db"), lambda: now[0])) as store:
        store.feedback.add_question("an old one", "en", "decline", (), 0.0, "v")
    with store_of(zhiwen) as store:
        store.feedback.add_question("a new one", "en", "decline", (), 0.0, "v")
    assert "questions\t1\n" in zhiwen("forget")
    with store_of(zhiwen) as store:
        assert [one.question for one in store.feedback.questions()] == ["a new one"]
