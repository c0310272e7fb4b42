"""How far a run is, what is due when, what may be done next, and whether it may be closed."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.engine.model import Checklist, Item, PausePoint
from rules.checklists.progress import DONE, NOT_APPLICABLE, OPEN, due_date, keys, offset, progress

T = datetime.date(2025, 11, 11)
DUES = [
    (None, None),
    ("T", "2025-11-11"),
    ("T-3d", "2025-11-08"),
    ("T+3d", "2025-11-14"),
    ("T-2w", "2025-10-28"),
    ("T+1w", "2025-11-18"),
    ("T+0d", "2025-11-11"),
    ("T-1h", "2025-11-10"),
    ("T-24h", "2025-11-10"),
    ("T-25h", "2025-11-09"),
    ("T+2h", "2025-11-11"),
    ("T+24h", "2025-11-12"),
    ("T+365d", "2026-11-11"),
    ("T-9999999d", None),
    ("T+99999999999999999999d", None),
    ("T+" + "9" * 5_000 + "w", None),
    ("T-3", None),
    ("T-3m", None),
    ("t-3d", None),
    ("T -3d", None),
    ("", None),
    ("T-3d\n", None),
    ("T+٣d", None),
]
KEYS = ["0.0", "0.1", "1.0", "1.1"]
SETTLED = [DONE, NOT_APPLICABLE]


def checklist(mode="do_confirm", killers=(), dues=None):
    """Two pause points of two items; *killers* and *dues* by key."""
    points = tuple(
        PausePoint(
            f"point {p}",
            f"caller {p}",
            tuple(
                Item(f"do {p}.{i}", "done", killer=f"{p}.{i}" in killers,
                     due=(dues or {}).get(f"{p}.{i}"))
                for i in range(2)
            ),
        )
        for p in range(2)
    )  # fmt: skip
    return Checklist(
        id="checklist.x", title="X", origin="ours", summary="x", mode=mode, pause_points=points
    )


def lines(progressed):
    """The lines of all sections, by key."""
    return {line.key: line for section in progressed.sections for line in section.lines}


@pytest.mark.parametrize(("due", "day"), DUES, ids=[str(due)[:12] for due, _ in DUES])
def test_checklist_due_date(due, day):
    """Days and weeks from T; hours count to the day on which they end; nonsense is no date."""
    found = due_date(due, T)
    assert (found.isoformat() if found else None) == day


def test_checklist_due_date_needs_a_date_t():
    """Without T nothing is due."""
    assert due_date("T-3d", None) is None


@given(st.text(max_size=30) | st.from_regex(r"T[+-][0-9]{1,30}[hdw]", fullmatch=True), st.dates())
def test_checklist_due_date_of_anything_is_a_date_or_none(due, anchor):
    """No due text and no date T breaks it."""
    assert isinstance(due_date(due, anchor), datetime.date | None)


def test_checklist_keys_are_pause_point_and_item():
    """Keys count from 0 and are those of the lines."""
    assert [key for key, _ in keys(checklist())] == KEYS
    assert [item.text for _, item in keys(checklist())] == [f"do {key}" for key in KEYS]
    assert list(lines(progress(checklist(), {}))) == KEYS


def test_checklist_progress_of_nothing_done():
    """All is open, the first item is next, and both sections are there with their callers."""
    now = progress(checklist(), {})
    assert (now.settled, now.total, now.next.key, now.late) == (0, 4, "0.0", ())
    assert [(s.name, s.caller, s.settled, s.total) for s in now.sections] == [
        ("point 0", "caller 0", 0, 2), ("point 1", "caller 1", 0, 2),
    ]  # fmt: skip
    assert {line.state for line in lines(now).values()} == {OPEN}


def test_checklist_progress_counts_done_and_not_applicable():
    """Both settle an item; an item that was opened again is open."""
    now = progress(checklist(), {"0.0": DONE, "0.1": NOT_APPLICABLE, "1.1": OPEN})
    assert (now.settled, [section.settled for section in now.sections]) == (2, [2, 0])
    assert now.next.key == "1.0"


def test_checklist_progress_of_everything_done():
    """Nothing is next, nothing is late, and it may be closed."""
    now = progress(
        checklist(killers=KEYS, dues=dict.fromkeys(KEYS, "T")),
        dict.fromkeys(KEYS, DONE), T, T + datetime.timedelta(9),
    )  # fmt: skip
    assert (now.settled, now.next, now.late, now.gates, now.is_closable) == (4, None, (), (), True)


def test_checklist_progress_ignores_marks_of_other_items():
    """A mark on a key that the checklist does not have counts for nothing."""
    assert progress(checklist(), {"7.7": DONE, "": DONE}).settled == 0


@pytest.mark.parametrize(
    ("states", "gates"),
    [
        pytest.param({}, ["0.1", "1.0"], id="nothing"),
        pytest.param({"0.1": DONE}, ["1.0"], id="one"),
        pytest.param({"0.1": DONE, "1.0": DONE}, [], id="both"),
        pytest.param({"0.1": DONE, "1.0": NOT_APPLICABLE}, ["1.0"], id="not-applicable"),
        pytest.param({"0.1": DONE, "1.0": OPEN}, ["1.0"], id="opened-again"),
        pytest.param({"0.0": DONE, "1.1": DONE}, ["0.1", "1.0"], id="only-the-others"),
    ],
)
def test_checklist_killer_items_gate_the_closing(states, gates):
    """Only "done" opens a gate; other items never hold one shut."""
    now = progress(checklist(killers=("0.1", "1.0")), states)
    assert [line.key for line in now.gates] == gates
    assert now.is_closable == (not gates)


def test_checklist_without_killers_may_always_be_closed():
    """Open items do not gate."""
    assert progress(checklist(), {}).is_closable


@pytest.mark.parametrize(
    ("states", "ready"),
    [
        pytest.param({}, ["0.0"], id="begin"),
        pytest.param({"0.0": DONE}, ["0.0", "0.1"], id="second"),
        pytest.param({"0.0": NOT_APPLICABLE}, ["0.0", "0.1"], id="not-applicable"),
        pytest.param({"0.0": DONE, "0.1": DONE}, ["0.0", "0.1", "1.0"], id="next-pause-point"),
        pytest.param({"0.0": DONE, "1.0": DONE}, ["0.0", "0.1", "1.0"], id="settled-ahead"),
        pytest.param({"1.1": DONE}, ["0.0", "1.1"], id="settled-last"),
        pytest.param(dict.fromkeys(KEYS, DONE), KEYS, id="all"),
    ],
)
def test_checklist_read_do_goes_one_by_one(states, ready):
    """Ready is what is settled, and the first that is not; across pause points too."""
    now = progress(checklist("read_do"), states)
    assert [key for key, line in lines(now).items() if line.ready] == ready


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from([DONE, NOT_APPLICABLE, OPEN])))
def test_checklist_do_confirm_is_ready_all_at_once(states):
    """Nobody waits for another item."""
    assert all(line.ready for line in lines(progress(checklist(), states)).values())


@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from([DONE, NOT_APPLICABLE, OPEN])))
def test_checklist_read_do_has_exactly_one_next(states):
    """The one open item that is ready is the next one."""
    now = progress(checklist("read_do"), states)
    waiting = [line for line in lines(now).values() if line.ready and line.state == OPEN]
    assert waiting == ([now.next] if now.next else [])


@pytest.mark.parametrize(
    ("state", "today", "late"),
    [
        pytest.param(OPEN, T - datetime.timedelta(3), False, id="on-the-day"),
        pytest.param(OPEN, T - datetime.timedelta(2), True, id="the-day-after"),
        pytest.param(DONE, T, False, id="done"),
        pytest.param(NOT_APPLICABLE, T, False, id="not-applicable"),
        pytest.param(OPEN, None, False, id="no-today"),
    ],
)
def test_checklist_late_is_open_after_its_day(state, today, late):
    """An item is late from the day after, as long as it is open."""
    now = progress(checklist(dues={"0.1": "T-3d"}), {"0.1": state}, T, today)
    assert lines(now)["0.1"].late is late
    assert [line.key for line in now.late] == (["0.1"] if late else [])


def test_checklist_without_a_date_t_is_never_late():
    """No T, no due dates."""
    now = progress(checklist(dues=dict.fromkeys(KEYS, "T-3d")), {}, None, T)
    assert (now.late, {line.due for line in lines(now).values()}) == ((), {None})


def test_checklist_shipped_ones_can_be_worked_through(book):
    """Every shipped checklist, in its order: always one next, and in the end closable."""
    for id_ in book.base.ids("checklist"):
        shipped, states = book.base.entry(id_), {}
        for key, item in keys(shipped):
            now = progress(shipped, states, T, T)
            assert (now.next.key, now.next.item) == (key, item)
            assert now.next.ready
            assert (item.due is None) == (now.next.due is None)
            states[key] = DONE
        assert progress(shipped, states).is_closable


@given(st.text(max_size=12))
def test_offset_takes_any_text(text):
    """Whatever is written, the answer is a length of time or nothing."""
    assert offset(text) is None or isinstance(offset(text), datetime.timedelta)
