"""kill -9 in the middle of work loses nothing that was acknowledged, and breaks nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import small_content
from sqlalchemy import text
from store_help import start

from bot.reload import ContentReloader
from bot.store.reminders import HELD
from knowledge.engine.load import load
from rules.postings import overlay as overlays

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
sys.path.insert(0, "tests/support")
from bot.store import open_store
from store_help import start
store = open_store(sys.argv[1])
with store.replays.first_time_transaction("api", "Ann 1") as new:
    start(store)
    print(new, flush=True)
    if sys.argv[2] == "inside":
        os.kill(os.getpid(), 9)
os.kill(os.getpid(), 9)
"""


ERASE = """
import os, sys
from sqlalchemy import event
from bot.store import open_store
store, left = open_store(sys.argv[1]), int(sys.argv[3])

@event.listens_for(store.engine, "before_cursor_execute")
def dies(connection, cursor, statement, *_):
    global left
    left -= not statement.startswith("SELECT")
    if left < 0:
        os.kill(os.getpid(), 9)

store.personal.erase(sys.argv[2], "Ann")
"""
"""A process that dies before it has changed everything it is about to change."""


@pytest.mark.parametrize("changes", [1, 4, 9])
def test_kill_erases_all_or_nothing(tables, opened, changes):
    """Somebody is erased whole or not at all; asked again, nothing is left."""
    store = opened(tables)
    ann = store.people.add("Ann", ("staff",))
    store.people.link(ann.id, "wecom", "ann")
    store.people.open_session(ann.id)
    store.chats.keep("wecom:ann", ann.id, {}, "asked", {"n": 1})
    store.runs.mark(start(store, owners={"role.brand": "Ann"}), "0.0", "done", "Ann", "seen")
    before = store.personal.export(ann.id, "Ann")
    command = [sys.executable, "-c", ERASE, tables, ann.id, str(changes)]
    told = subprocess.run(command, cwd=HOUSE, capture_output=True, check=False)
    assert told.returncode == -signal.SIGKILL, told.stderr
    assert store.personal.export(ann.id, "Ann") == before
    store.personal.erase(ann.id, "Ann")
    assert not any(store.personal.export(ann.id, "Ann").values())
    assert sound(store)


DIGEST = """
import os, sys
from bot.store import open_store
store = open_store(sys.argv[1], lambda: float(sys.argv[2]))
assert store.reminders.claim("ann", "email", "2026-01-05")
os.kill(os.getpid(), 9)
"""


def test_kill_leaves_a_digest_to_another_server(tables, opened, clock):
    """What a process had in hand and did not send is sent by one other, and then by nobody."""
    store, other = opened(tables, clock), opened(tables, clock)
    command = [sys.executable, "-c", DIGEST, tables, str(clock())]
    told = subprocess.run(command, cwd=HOUSE, capture_output=True, check=False)
    assert told.returncode == -signal.SIGKILL, told.stderr
    one = ("ann", "email", "2026-01-05")
    assert not store.reminders.claim(*one)
    clock.pass_(HELD + 1)
    assert [store.reminders.claim(*one), other.reminders.claim(*one)] == [True, False]
    store.reminders.mark_sent(*one)
    clock.pass_(HELD + 1)
    assert not other.reminders.claim(*one)


IMPORT = """
import os, sys
from pathlib import Path
from bot.exchange import folder
from bot.exchange.entries import Taken
from knowledge.engine.asking import Example
from knowledge.engine.model import Faq

entries = [
    Faq(id=f"faq.q{i}", title=f"Question {i}", origin="organization", summary=f"Answer {i}. " * 99,
        examples=(Example(f"question {i}"),))
    for i in range(6)
]
move, left = os.replace, int(sys.argv[2])

def dies(*arguments):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), 9)
    move(*arguments)

os.replace = dies
folder.write([Taken("", "new", "zh", one, one) for one in entries], Path(sys.argv[1]))
"""


def test_kill_leaves_no_half_file_of_an_import(tmp_path):
    """Files of an overlay are whole, whenever an import dies; brought again, all of it is there."""
    root, overlay = small_content.write(tmp_path / "ours/knowledge"), tmp_path / "acme"
    for moved in (0, 3, 100):
        command = [sys.executable, "-c", IMPORT, str(overlay), str(moved)]
        told = subprocess.run(command, cwd=HOUSE, capture_output=True, check=False)
        assert told.returncode == (0 if moved == 100 else -signal.SIGKILL), told.stderr
        found = sorted((overlay / "knowledge/faq").glob("*"))
        assert [path.stem for path in found] == [f"q{i}" for i in range(min(moved, 6))]
        assert all(path.read_text("utf-8").count("Answer") == 99 for path in found)
        loaded = load(root, overlays.knowledge(overlay))
        assert [one for one in loaded.problems if one.level == "error"] == []
        assert loaded.own == {f"faq.{path.stem}" for path in found}


RELOAD = """
import os, sys
from pathlib import Path
from bot.reload import ContentReloader
from knowledge.engine import cache

live = ContentReloader(Path(sys.argv[1]), Path(sys.argv[2]))
left, make = int(sys.argv[4]), cache.replace

def dies(target, write):
    global left
    left -= 1
    make(target, write if left >= 0 else lambda new: (write(new), os.kill(os.getpid(), 9)))

cache.replace = dies
Path(sys.argv[2], "knowledge/faq/q.yaml").write_text(sys.argv[3])
print(live.refresh())
"""
OWN = """
id: faq.q
title: Question
origin: organization
summary: Answer {n}.
examples: [question]
"""


def test_kill_leaves_a_reload_to_others(tmp_path):
    """Content that a killed server was compiling is compiled and taken by the next."""
    root, overlay = small_content.write(tmp_path / "ours/knowledge"), tmp_path / "acme"
    own = overlay / "knowledge/faq/q.yaml"
    small_content.put(own, OWN.format(n=0))
    for made in (0, 1, 100):
        new = OWN.format(n=made + 1)
        command = [sys.executable, "-c", RELOAD, str(root), str(overlay), new, str(made)]
        told = subprocess.run(command, cwd=HOUSE, capture_output=True, check=False)
        assert told.returncode == (0 if made == 100 else -signal.SIGKILL), told.stderr
        live = ContentReloader(root, overlay)
        assert live.book.base.entry("faq.q", "zh").summary == f"Answer {made + 1}."
        assert live.refresh() is None


@pytest.mark.parametrize(("dies", "kept"), [("inside", 0), ("after", 1)])
def test_kill_keeps_a_call_and_its_name_together(tables, opened, dies, kept):
    """A process that dies in a call leaves neither its work nor its name; after it, both."""
    store = opened(tables)
    told = subprocess.run(
        [sys.executable, "-c", CALL, tables, dies], cwd=HOUSE, capture_output=True, check=False
    )
    assert (told.stdout, told.returncode) == (b"True\n", -signal.SIGKILL), told.stderr
    assert len(store.runs.all()) == kept
    with store.replays.first_time_transaction("api", "Ann 1") as new:
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
    said = [one.reply["n"] for one in store.chats.exchanges("chat", 100_000)]
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
