"""kill -9 in the middle of work loses nothing that was acknowledged, and breaks nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from store_help import start

HOUSE = Path(__file__).parent.parent
ENOUGH = 30
"""Acknowledged marks after which a child is killed, plus a few that differ from round to round."""
WORK = """
import sys
from bot.store import open_store
store, run, kind = open_store(sys.argv[1]), sys.argv[2], sys.argv[3]
for i in range(100_000):
    if kind == "mark":
        store.runs.mark(run, f"0.{i}", "done", "Ann", f"note {i} " * 40)
    else:
        store.chats.keep(run, None, {"n": i}, f"question {i}", {"n": i})
    print(i, flush=True)
"""


def killed(where, run, kind, enough):
    """The numbers a child acknowledged before it was killed in the middle of its work."""
    child = subprocess.Popen(
        [sys.executable, "-c", WORK, where, run, kind], cwd=HOUSE, stdout=subprocess.PIPE, text=True
    )
    lines = [child.stdout.readline() for _ in range(enough)]
    child.send_signal(signal.SIGKILL)
    with child:
        rest = child.stdout.read()
    assert child.returncode == -signal.SIGKILL
    # A last line without its end was on its way when the process died.
    told = "".join(lines) + rest[: rest.rfind("\n") + 1]
    return [int(line) for line in told.split()]


CALL = """
import os, sys
sys.path.insert(0, "tests")
from bot.store import open_store
from store_help import start
store = open_store(sys.argv[1])
with store.keeping.once("api", "Ann 1") as new:
    start(store)
    print(new, flush=True)
    if sys.argv[2] == "inside":
        os.kill(os.getpid(), 9)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(("dies", "kept"), [("inside", 0), ("after", 1)])
def test_kill_keeps_a_call_and_its_name_together(tables, opened, dies, kept):
    """A process that dies in a call leaves neither its work nor its name; after it, both."""
    store = opened(tables)
    told = subprocess.run(
        [sys.executable, "-c", CALL, tables, dies], cwd=HOUSE, capture_output=True, check=False
    )
    assert (told.stdout, told.returncode) == (b"True\n", -signal.SIGKILL), told.stderr
    assert len(store.runs.all()) == kept
    with store.keeping.once("api", "Ann 1") as new:
        assert new is not bool(kept)
    assert sound(store)


def sound(store):
    """Whether the database has no damage that it can find."""
    if store.engine.dialect.name != "sqlite":
        return True
    with store.engine.connect() as db:
        return db.execute(text("PRAGMA integrity_check")).scalar() == "ok" and not (
            db.execute(text("PRAGMA foreign_key_check")).all()
        )


@pytest.mark.parametrize("enough", [ENOUGH + extra for extra in (0, 1, 4)])
def test_kill_loses_no_acknowledged_mark(tables, opened, enough):
    """Every mark that was printed is there with its history, at most one more, no half ones."""
    store = opened(tables)
    run = start(store)
    told = killed(tables, run, "mark", enough)
    assert len(told) >= enough
    kept, lines = store.runs.get(run), store.runs.history(run)[1:]
    items = [f"0.{i}" for i in told]
    assert set(items) <= set(kept.marks)
    assert len(kept.marks) <= len(items) + 1
    assert {e.item: (e.note, e.at) for e in lines} == {
        mark.item: (mark.note, mark.at) for mark in kept.marks.values()
    }
    assert kept.revision == len(kept.marks)
    assert sound(store)


def test_kill_loses_no_acknowledged_message(tables, opened):
    """What is not waited for on the disk survives the end of the process all the same."""
    store = opened(tables)
    told = killed(tables, "chat", "message", ENOUGH)
    said = [one.reply["n"] for one in store.chats.said("chat", 100_000)]
    assert said[: len(told)] == told
    assert len(said) <= len(told) + 1
    assert store.chats.state("chat") == {"n": said[-1]}
    assert sound(store)


def test_kill_leaves_the_database_to_others(tables, opened):
    """Others who write at the same time go on, before and after."""
    store = opened(tables)
    run, other = start(store), start(store, "Bob")
    child = subprocess.Popen(
        [sys.executable, "-c", WORK, tables, run, "mark"],
        cwd=HOUSE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    told = [child.stdout.readline().strip() for _ in range(5)]
    for i in range(10):
        store.runs.mark(other, f"0.{i}", "done", "Bob")
    child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    for i in range(10, 20):
        store.runs.mark(other, f"0.{i}", "done", "Bob")
    assert len(store.runs.get(other).marks) == 20
    assert {f"0.{i}" for i in told} <= set(store.runs.get(run).marks)
