"""A run is a frozen copy that several people work through; every mark is kept, with its history."""

from __future__ import annotations

import random

import pytest
from store_help import TEMPLATE, at_once, start

from bot.store import Conflict, NotFound

ON_A_RUN = {
    "get": lambda runs, id_: runs.get(id_),
    "mark": lambda runs, id_: runs.mark(id_, "0.0", "done", "Ann"),
    "close": lambda runs, id_: runs.close(id_, "Ann"),
    "reopen": lambda runs, id_: runs.reopen(id_, "Ann"),
    "assign": lambda runs, id_: runs.assign(id_, {}, None, "Ann"),
}


def actions(store, run):
    """(who, item, action) of a run's history."""
    return [(event.by, event.item, event.action) for event in store.runs.history(run)]


def test_runs_start_with_a_frozen_copy(store, clock):
    """Everything it was begun with is there; nothing is marked; starting is in the history."""
    run = start(store, anchor="2025-11-11", owners={"role.brand": "Bob"})
    kept = store.runs.get(run)
    assert (kept.checklist, kept.title, kept.language, kept.version) == (
        "checklist.launch", "Launch", "en", "v1",
    )  # fmt: skip
    assert (kept.template, kept.marks) == (TEMPLATE, {})
    assert (kept.anchor, kept.owners) == ("2025-11-11", {"role.brand": "Bob"})
    assert (kept.status, kept.created, kept.created_by) == ("open", clock.now, "Ann")
    assert (kept.closed, kept.closed_by, kept.revision) == (None, None, 0)
    assert actions(store, run) == [("Ann", "", "start")]


def test_runs_mark_unmark_and_not_applicable(store, clock):
    """Each change says who and when, carries the next revision and a line of history."""
    run = start(store)
    done = store.runs.mark(run, "0.0", "done", "Ann")
    clock.pass_(60)
    na = store.runs.mark(run, "0.1", "na", "Bob", "没有直播")
    undone = store.runs.mark(run, "0.0", "open", "Bob")
    assert (done.state, done.by, done.revision) == ("done", "Ann", 1)
    assert (undone.state, undone.by, undone.at, undone.revision) == ("open", "Bob", clock.now, 2)
    assert store.runs.get(run).marks == {"0.0": undone, "0.1": na}
    assert na.note == "没有直播"
    assert [(e.item, e.action, e.note, e.by) for e in store.runs.history(run)[1:]] == [
        ("0.0", "done", "", "Ann"),
        ("0.1", "na", "没有直播", "Bob"),
        ("0.0", "open", "", "Bob"),
    ]
    assert store.runs.get(run).revision == 3


@pytest.mark.parametrize("state", ["done", "na", "open"])
def test_runs_the_same_mark_again_changes_nothing(store, clock, state):
    """A second press keeps who was first, adds no history and no revision."""
    run = start(store)
    store.runs.mark(run, "0.0", "done", "Ann")
    first = store.runs.mark(run, "0.0", state, "Ann", "why")
    before, lines = store.runs.get(run), store.runs.history(run)
    clock.pass_(60)
    assert store.runs.mark(run, "0.0", state, "Bob", "why") == first
    assert (store.runs.get(run), store.runs.history(run)) == (before, lines)


def test_runs_unmark_of_what_was_never_marked_changes_nothing(store):
    """An open item that is opened is no event."""
    run = start(store)
    assert store.runs.mark(run, "0.0", "open", "Ann").revision == 0
    assert (store.runs.get(run).marks, store.runs.get(run).revision) == ({}, 0)
    assert len(store.runs.history(run)) == 1


@pytest.mark.parametrize(
    ("before", "state", "note", "after"),
    [
        pytest.param(("done", "seen"), "open", None, "seen", id="kept"),
        pytest.param(("done", "seen"), "done", "better", "better", id="replaced"),
        pytest.param(("done", "seen"), "done", "", "", id="taken-away"),
        pytest.param(("na", "no stream"), "na", None, "no stream", id="same-reason"),
        pytest.param(("na", "no stream"), "done", None, "", id="reason-is-over"),
    ],
)
def test_runs_note_is_kept_unless_it_was_a_reason(store, before, state, note, after):
    """A tick keeps the note there is; the reason for not applicable ends with that state."""
    run = start(store)
    store.runs.mark(run, "0.0", before[0], "Ann", before[1])
    assert store.runs.mark(run, "0.0", state, "Bob", note).note == after
    assert store.runs.get(run).marks["0.0"].note == after


def test_runs_state_that_does_not_exist_is_refused(store):
    """Only done, na and open are states of an item."""
    run = start(store)
    with pytest.raises(ValueError, match="maybe"):
        store.runs.mark(run, "0.0", "maybe", "Ann")
    assert store.runs.get(run).marks == {}


def test_runs_mark_on_an_outdated_revision_is_a_conflict(store):
    """Who acts on what has changed since is told, and nothing is written."""
    run = start(store)
    store.runs.mark(run, "0.0", "done", "Ann", seen=0)
    with pytest.raises(Conflict):
        store.runs.mark(run, "0.0", "na", "Bob", "not ours", seen=0)
    assert store.runs.get(run).marks["0.0"].by == "Ann"
    assert len(store.runs.history(run)) == 2
    assert store.runs.mark(run, "0.0", "na", "Bob", "not ours", seen=1).revision == 2


def test_runs_mark_that_two_agree_on_is_no_conflict(store):
    """Both tick the same open item: it is done, by the first."""
    run = start(store)
    store.runs.mark(run, "0.0", "done", "Ann", seen=0)
    assert store.runs.mark(run, "0.0", "done", "Bob", seen=0).by == "Ann"


def test_runs_closed_refuse_changes_until_opened_again(store, clock):
    """Closing says who and when; then marks and owners are refused; reopening allows them."""
    run = start(store)
    store.runs.mark(run, "0.0", "done", "Ann")
    clock.pass_(60)
    store.runs.close(run, "Bob")
    closed = store.runs.get(run)
    assert (closed.status, closed.closed, closed.closed_by) == ("closed", clock.now, "Bob")
    for change in (
        lambda: store.runs.mark(run, "0.0", "open", "Ann"),
        lambda: store.runs.mark(run, "0.0", "done", "Ann"),
        lambda: store.runs.assign(run, {"role.brand": "Ann"}, None, "Ann"),
        lambda: store.runs.close(run, "Ann"),
    ):
        with pytest.raises(Conflict):
            change()
    assert store.runs.get(run) == closed
    store.runs.reopen(run, "Ann")
    opened = store.runs.get(run)
    assert (opened.status, opened.closed, opened.closed_by) == ("open", None, None)
    assert opened.marks == closed.marks
    store.runs.mark(run, "0.1", "done", "Ann")
    assert [action for _, _, action in actions(store, run)] == [
        "start", "done", "close", "reopen", "done",
    ]  # fmt: skip


def test_runs_reopen_of_an_open_run_changes_nothing(store):
    """Pressing twice leaves one line of history, not two."""
    run = start(store)
    before = store.runs.get(run)
    store.runs.reopen(run, "Ann")
    assert store.runs.get(run) == before
    assert len(store.runs.history(run)) == 1


@pytest.mark.parametrize("change", ["close", "assign"])
def test_runs_close_and_assign_on_an_outdated_revision_are_conflicts(store, change):
    """What was decided on an older state is not carried out on a newer one."""
    run = start(store)
    seen = store.runs.get(run).revision
    store.runs.mark(run, "0.0", "open", "Ann", "a killer item, undone")
    act = {
        "close": lambda revision: store.runs.close(run, "Bob", seen=revision),
        "assign": lambda revision: store.runs.assign(run, {"r": "B"}, None, "Bob", seen=revision),
    }[change]
    with pytest.raises(Conflict):
        act(seen)
    assert (store.runs.get(run).status, store.runs.get(run).owners) == ("open", {})
    act(store.runs.get(run).revision)
    assert actions(store, run)[-1] == ("Bob", "", change)


def test_runs_assign_sets_owners_and_date(store):
    """Roles and date T are replaced as a whole."""
    run = start(store, owners={"role.brand": "Bob"})
    store.runs.assign(run, {"role.event_operations": "安娜"}, "2025-06-18", "Ann")
    kept = store.runs.get(run)
    assert (kept.owners, kept.anchor) == ({"role.event_operations": "安娜"}, "2025-06-18")
    assert store.runs.history(run)[-1].note == "2025-06-18"
    store.runs.assign(run, {}, None, "Ann")
    assert (store.runs.get(run).owners, store.runs.get(run).anchor) == ({}, None)


@pytest.mark.parametrize("call", ON_A_RUN.values(), ids=ON_A_RUN)
def test_runs_unknown_are_gone(store, call):
    """Nothing can be done with a run that does not exist, however long its name."""
    for id_ in ("nothing", "x" * 500, "\x00"):
        with pytest.raises(NotFound):
            call(store.runs, id_)
    assert store.runs.all() == []


def test_runs_are_listed_newest_first(store, clock):
    """All, or only open or closed ones, with their marks, at most as many as asked for."""
    runs = []
    for i in range(4):
        clock.pass_(60)
        runs.append(start(store))
        store.runs.mark(runs[-1], f"0.{i}", "done", "Ann")
    store.runs.close(runs[1], "Ann")
    assert [run.id for run in store.runs.all()] == runs[::-1]
    assert [list(run.marks) for run in store.runs.all()] == [["0.3"], ["0.2"], ["0.1"], ["0.0"]]
    assert [run.id for run in store.runs.all("open")] == [runs[3], runs[2], runs[0]]
    assert [run.id for run in store.runs.all("closed")] == [runs[1]]
    assert [run.id for run in store.runs.all(most=2)] == [runs[3], runs[2]]
    assert store.runs.all()[0] == store.runs.get(runs[3])


def test_runs_two_writers_on_one_item_end_consistent(store):
    """Opposite marks at the same moment, many times: one state, each acknowledged once."""
    run = start(store)
    given = []
    for i in range(20):
        states = random.Random(i).sample(["done", "na", "open"], 2)
        given += at_once([
            lambda state=state, by=by, i=i: store.runs.mark(run, "0.0", state, by, f"{i}")
            for state, by in zip(states, ("Ann", "Bob"), strict=True)
        ])  # fmt: skip
    mark, lines = store.runs.get(run).marks["0.0"], store.runs.history(run)[1:]
    assert sorted(one.revision for one in given) == list(range(1, 41))
    assert mark == max(given, key=lambda one: one.revision)
    assert [(e.action, e.note, e.by) for e in lines] == [
        (one.state, one.note, one.by) for one in sorted(given, key=lambda one: one.revision)
    ]
    assert store.runs.get(run).revision == 40


def test_runs_of_two_who_saw_the_same_one_wins(store):
    """With the revision they saw, exactly one of several writers gets through each time."""
    run = start(store)
    for revision in range(10):
        states = ["done", "na"] if revision % 2 else ["na", "open" if revision else "done"]
        given = at_once([
            lambda by=by, state=states[by % 2], seen=revision: store.runs.mark(
                run, "0.0", state, f"P{by}", f"{by}", seen=seen
            )
            for by in range(4)
        ])  # fmt: skip
        assert sorted(type(one).__name__ for one in given) == ["Conflict"] * 3 + ["Mark"]
        (won,) = [one for one in given if not isinstance(one, Conflict)]
        assert store.runs.get(run).marks["0.0"] == won
    assert len(store.runs.history(run)) == 11


def test_runs_many_writers_lose_nothing(store):
    """Eight people tick their own items at once: every mark and every line is there."""
    run = start(store)

    def work(person):
        return [store.runs.mark(run, f"{person}.{i}", "done", f"P{person}") for i in range(10)]

    given = at_once([lambda person=person: work(person) for person in range(8)])
    kept, lines = store.runs.get(run), store.runs.history(run)[1:]
    assert kept.marks == {mark.item: mark for marks in given for mark in marks}
    assert sorted((e.item, e.by) for e in lines) == sorted(
        (m.item, m.by) for m in kept.marks.values()
    )
    assert kept.revision == 80


def test_runs_close_beside_marks_keeps_what_was_acknowledged(store):
    """Marks before the closing are in the run, marks after it were refused; none between."""
    run = start(store)
    jobs = [lambda i=i: store.runs.mark(run, f"0.{i}", "done", "Ann") for i in range(8)]
    given = at_once([*jobs, lambda: store.runs.close(run, "Bob")])
    kept = [mark.item for mark in given[:-1] if not isinstance(mark, Conflict)]
    assert sorted(store.runs.get(run).marks) == sorted(kept)
    assert store.runs.get(run).status == "closed"
    assert actions(store, run)[-1] == ("Bob", "", "close")
    assert all(
        isinstance(one, Conflict) for one in given if one is not None and not hasattr(one, "item")
    )
