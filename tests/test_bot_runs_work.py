"""People work through a frozen copy together: who may do what, what is refused and why."""

from __future__ import annotations

import datetime

import pytest
from store_help import at_once

from bot import runs
from bot.store import Conflict, NotFound
from bot.store.people import Person

ANN = Person("1", "Ann", ("staff",))
BOB = Person("2", "Bob", ("staff",))
MAX = Person("3", "Max", ("manager",))
NOBODY = Person("4", "Guest", ())
TODAY = datetime.date(2026, 5, 20)
LEADING = {
    "close": runs.close,
    "assign": lambda store, person, id_: runs.assign(store, person, id_, {}, "2026-06-18"),
    "reopen": runs.reopen,
}


@pytest.fixture
def begin(store, book):
    """Begins a run of a checklist and returns its id."""

    def begin_(checklist="campaign", person=ANN, language="zh", **more):
        return runs.start(store, book, person, f"checklist.{checklist}", language, **more)

    return begin_


@pytest.fixture
def look(store, book):
    """Shows a run as it stands."""
    return lambda id_: runs.view(store, book, ANN, id_, TODAY)


def keys(view):
    """The keys of all items, in order."""
    return [line.key for section in view.progress.sections for line in section.lines]


def killers(view):
    """The keys of the items that gate the closing."""
    return [line.key for line in view.progress.gates]


def test_work_start_freezes_the_checklist(store, book, begin, look):
    """The run holds the whole entry in its language, the version, the date and who began it."""
    view = look(begin(language="en", anchor="2026-06-18", title=" Anniversary "))
    assert view.checklist == book.base.entry("checklist.campaign", "en")
    assert (view.run.version, view.run.language) == (book.version, "en")
    assert (view.run.title, view.run.anchor, view.run.created_by) == (
        "Anniversary", "2026-06-18", "Ann",
    )  # fmt: skip
    assert (view.progress.settled, view.progress.total) == (0, len(keys(view)))


def test_work_start_takes_the_title_of_the_checklist(begin, look):
    """A run need not be called anything."""
    assert look(begin()).run.title == "营销活动清单"


def test_work_old_runs_survive_new_fields(store, begin, look):
    """A copy that was frozen before an optional field existed can still be read."""
    old = store.runs.get(begin())
    frozen = {**old.template}
    del frozen["near_misses"]
    for point in frozen["pause_points"]:
        for item in point["items"]:
            del item["detail"]
    id_ = store.runs.start(
        old.checklist, old.title, old.language, old.version, frozen, old.created_by
    )
    assert keys(look(id_)) == keys(look(old.id))


@pytest.mark.parametrize("wanted", ["checklist.nothing", "role.brand", ""])
def test_work_start_needs_a_checklist(store, book, wanted):
    """What is no checklist cannot be begun."""
    with pytest.raises(NotFound):
        runs.start(store, book, ANN, wanted, "zh")


@pytest.mark.parametrize(
    "text", ["18.6.2026", "20260618", "2026-W25-4", "2026-02-30", "1999-12-31", "9999-12-31", "T"]
)
def test_work_dates_are_written_one_way(begin, text):
    """A date that could be misread, or lies beyond our time, is refused."""
    with pytest.raises(runs.ActionNotAllowed) as refused:
        begin(anchor=text)
    assert refused.value.reason == "date"


def test_work_due_dates_come_from_the_anchor(store, begin, look):
    """T-30d lies thirty days before T; what is open and past is late; without T nothing is due."""
    id_ = begin()
    assert {line.due for s in look(id_).progress.sections for line in s.lines} == {None}
    runs.assign(store, ANN, id_, anchor="2026-06-18")
    lines = {line.key: line for s in look(id_).progress.sections for line in s.lines}
    assert lines["0.0"].due == datetime.date(2026, 5, 19)
    assert lines["0.0"].late
    runs.mark(store, ANN, id_, "0.0", "done")
    assert "0.0" not in {line.key for line in look(id_).progress.late}


def test_work_everybody_may_tick(store, begin, look):
    """Ticking is open to all who may use checklists, whoever began the run."""
    id_ = begin(person=ANN)
    runs.mark(store, BOB, id_, "0.0", "done")
    assert look(id_).mark("0.0").by == "Bob"


@pytest.mark.parametrize("act", ["start", "mark", "repeat"])
def test_work_needs_the_right_to_checklists(store, book, begin, act):
    """Who has no role can do nothing."""
    id_ = begin()
    with pytest.raises(runs.ActionNotAllowed) as refused:
        if act == "start":
            begin(person=NOBODY)
        elif act == "mark":
            runs.mark(store, NOBODY, id_, "0.0", "done")
        else:
            runs.repeat(store, book, NOBODY, id_)
    assert refused.value.reason == "rights"


@pytest.mark.parametrize("act", LEADING)
def test_work_others_runs_are_led_by_managers(store, begin, look, act):
    """Assigning, closing and reopening: one's own run, or with the right for shared ones."""
    id_ = begin(person=ANN)
    for key in killers(look(id_)):
        runs.mark(store, ANN, id_, key, "done")
    if act == "reopen":
        runs.close(store, ANN, id_)
    with pytest.raises(runs.ActionNotAllowed) as refused:
        LEADING[act](store, BOB, id_)
    assert refused.value.reason == "rights"
    before = look(id_).run.revision
    LEADING[act](store, MAX, id_)
    assert look(id_).run.revision > before


def test_work_own_runs_are_led_by_oneself(store, begin, look):
    """Whoever began a run may assign, close and reopen it."""
    id_ = begin(person=BOB)
    runs.assign(store, BOB, id_, {"role.brand": "Ann"})
    for key in killers(look(id_)):
        runs.mark(store, ANN, id_, key, "done")
    runs.close(store, BOB, id_)
    runs.reopen(store, BOB, id_)
    assert look(id_).run.status == "open"


def test_work_closing_names_the_gates(store, begin, look):
    """As long as killer items are not done, closing is refused and each of them is named."""
    id_ = begin()
    gates = look(id_).progress.gates
    runs.mark(store, ANN, id_, gates[0].key, "done")
    runs.mark(store, ANN, id_, gates[1].key, "na", "没有商品")
    with pytest.raises(runs.ActionNotAllowed) as refused:
        runs.close(store, ANN, id_)
    told = refused.value.message("zh")
    assert gates[0].item.text not in told
    for line in gates[1:]:
        assert line.item.text in told
    assert look(id_).run.status == "open"


def test_work_closed_runs_take_no_marks(store, begin, look):
    """After closing nothing changes, until it is reopened; the history tells both."""
    id_ = begin()
    for key in killers(look(id_)):
        runs.mark(store, ANN, id_, key, "done")
    runs.close(store, ANN, id_)
    with pytest.raises(Conflict):
        runs.mark(store, ANN, id_, "0.1", "done")
    with pytest.raises(Conflict):
        runs.assign(store, ANN, id_, {}, "2026-06-18")
    with pytest.raises(Conflict):
        runs.close(store, ANN, id_)
    runs.reopen(store, ANN, id_)
    runs.mark(store, ANN, id_, "0.1", "done")
    assert [e.action for e in runs.history(store, id_)][-3:] == ["close", "reopen", "done"]
    with pytest.raises(runs.ActionNotAllowed):
        runs.reopen(store, ANN, id_)


@pytest.mark.parametrize("note", [None, "", "  "], ids=["none", "empty", "blank"])
def test_work_not_applicable_needs_a_reason(store, begin, note):
    """Nobody can wave an item away without saying why."""
    with pytest.raises(runs.ActionNotAllowed) as refused:
        runs.mark(store, ANN, begin(), "0.1", "na", note)
    assert refused.value.reason == "why"


def test_work_notes_stay_and_reasons_go(store, begin, look):
    """A tick keeps the note on an item; the reason for "not applicable" goes with it."""
    id_ = begin()
    runs.mark(store, ANN, id_, "0.1", "open", "问过小李")
    runs.mark(store, BOB, id_, "0.1", "done")
    assert look(id_).mark("0.1").note == "问过小李"
    runs.mark(store, BOB, id_, "0.1", "na", "这次不做")
    runs.mark(store, BOB, id_, "0.1", "na")
    assert look(id_).mark("0.1").note == "这次不做"
    runs.mark(store, BOB, id_, "0.1", "open")
    assert look(id_).mark("0.1").note == ""


def test_work_long_texts_are_refused(store, begin):
    """Titles, notes and names have a length; what is longer is not cut but refused."""
    id_ = begin()
    for act in (
        lambda: begin(title="x" * 121),
        lambda: runs.mark(store, ANN, id_, "0.0", "open", "x" * 501),
        lambda: runs.assign(store, ANN, id_, {"role.brand": "x" * 81}),
    ):
        with pytest.raises(runs.ActionNotAllowed) as refused:
            act()
        assert refused.value.reason == "long"


@pytest.mark.parametrize(("item", "state"), [("9.9", "done"), ("0.0", "maybe"), ("", "done")])
def test_work_marks_need_an_item_and_a_state(store, begin, item, state):
    """What is not in the list cannot be ticked."""
    with pytest.raises(NotFound):
        runs.mark(store, ANN, begin(), item, state)


def test_work_read_do_goes_one_by_one(store, begin, look):
    """In a list to be read and done, an item waits for those before it, which are named."""
    id_ = begin("crisis_response")
    with pytest.raises(runs.ActionNotAllowed) as refused:
        runs.mark(store, ANN, id_, "0.1", "done")
    assert refused.value.reason == "order"
    (first,) = refused.value.items
    with pytest.raises(runs.ActionNotAllowed) as later:
        runs.mark(store, ANN, id_, "0.2", "done")
    assert later.value.items[0] == first and len(later.value.items) == 2
    runs.mark(store, ANN, id_, "0.0", "done")
    runs.mark(store, ANN, id_, "0.1", "done")
    assert look(id_).progress.next.key == "0.2"
    runs.mark(store, ANN, id_, "0.0", "open")
    assert look(id_).progress.next.key == "0.0"


def test_work_two_see_each_others_changes(store, begin, look):
    """Who acts on what has changed meanwhile is told so, and nothing is lost."""
    id_ = begin()
    runs.mark(store, ANN, id_, "0.0", "done", seen=0)
    with pytest.raises(Conflict):
        runs.mark(store, BOB, id_, "0.0", "na", "不做", seen=0)
    kept = look(id_).mark("0.0")
    assert (kept.state, kept.by, kept.revision) == ("done", "Ann", 1)


def test_work_many_at_once_lose_nothing(store, begin, look):
    """Two people tick different items at the same moment; one of them wins each shared item."""
    id_ = begin()
    items = keys(look(id_))[:6]
    own = [lambda i=i: runs.mark(store, ANN, id_, i, "done", seen=0) for i in items[:3]]
    own += [lambda i=i: runs.mark(store, BOB, id_, i, "done", seen=0) for i in items[3:5]]
    shared = [
        lambda: runs.mark(store, ANN, id_, items[5], "done", seen=0),
        lambda: runs.mark(store, BOB, id_, items[5], "na", "x", seen=0),
    ]
    results = at_once(own + shared)
    assert not any(isinstance(result, Exception) for result in results[:5])
    assert [type(result) for result in results[5:]].count(Conflict) == 1
    view = look(id_)
    assert view.progress.settled == 6
    assert len(runs.history(store, id_)) == 7


def test_work_assigning_at_once_keeps_both(store, begin, look):
    """Two who set different roles at the same moment do not take each other's name away."""
    id_ = begin(person=MAX)
    results = at_once(
        [
            lambda: runs.assign(store, MAX, id_, {"role.brand": "Ann"}),
            lambda: runs.assign(store, MAX, id_, {"role.event_operations": "Bob"}),
        ]
    )
    assert results == [None, None]
    assert look(id_).run.owners == {"role.brand": "Ann", "role.event_operations": "Bob"}


def test_work_closing_and_unticking_at_once(store, begin, look):
    """A run never ends up closed with an open killer item."""
    for _ in range(5):
        id_ = begin()
        gates = killers(look(id_))
        for key in gates:
            runs.mark(store, ANN, id_, key, "done")
        at_once(
            [
                lambda id_=id_: runs.close(store, ANN, id_),
                lambda id_=id_, key=gates[0]: runs.mark(store, BOB, id_, key, "open"),
            ]
        )
        view = look(id_)
        assert view.run.status == "open" or view.progress.is_closable


def test_work_assign_changes_what_is_named(store, begin, look):
    """An empty name takes the role away; the date stays unless it is given."""
    id_ = begin(anchor="2026-06-18")
    runs.assign(store, ANN, id_, {"role.brand": " Bob ", "role.event_operations": "Max"})
    runs.assign(store, ANN, id_, {"role.brand": ""})
    assert look(id_).run.owners == {"role.event_operations": "Max"}
    assert look(id_).run.anchor == "2026-06-18"
    runs.assign(store, ANN, id_, anchor="")
    assert look(id_).run.anchor is None
    with pytest.raises(NotFound):
        runs.assign(store, ANN, id_, {"role.sales": "Bob"})


def test_work_assigning_nothing_leaves_no_trace(store, begin, look):
    """Saving a form that was not changed is not an event."""
    id_ = begin(anchor="2026-06-18")
    before = look(id_).run.revision
    runs.assign(store, ANN, id_, {"role.brand": ""}, "2026-06-18")
    assert look(id_).run.revision == before


def test_work_repeat_begins_anew(store, book, begin, look):
    """The same frozen copy, title and owners, nothing ticked, another date."""
    old = store.runs.start(
        "checklist.campaign", "618", "zh", "older", look(begin()).run.template, "Ann"
    )
    runs.assign(store, MAX, old, {"role.brand": "Bob"}, "2026-06-18")
    runs.mark(store, ANN, old, "0.0", "done")
    same = look(runs.repeat(store, book, BOB, old, anchor="2026-11-11")).run
    assert (same.title, same.version, same.owners) == ("618", "older", {"role.brand": "Bob"})
    assert (same.anchor, same.created_by, dict(same.marks)) == ("2026-11-11", "Bob", {})
    newest = look(runs.repeat(store, book, BOB, old, newest=True)).run
    assert (newest.version, newest.anchor) == (book.version, None)


def test_work_repeat_the_newest_of_what_is_gone(store, book, look, begin):
    """A checklist that is no more can be repeated as it was, but not in its newest text."""
    template = look(begin()).run.template
    old = store.runs.start("checklist.gone", "x", "zh", "v", template, "Ann")
    assert look(runs.repeat(store, book, ANN, old)).run.checklist == "checklist.gone"
    with pytest.raises(NotFound):
        runs.repeat(store, book, ANN, old, newest=True)


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
@pytest.mark.parametrize(
    "reason", ["rights", "gates", "why", "order", "date", "undated", "long", "open"]
)
def test_work_refusals_are_told_in_every_language(reason, language):
    """Whatever is refused is a sentence, with what is in the way."""
    told = runs.ActionNotAllowed(reason, ("A", "B")).message(language)
    assert told
    assert ("A" in told and "B" in told) == (reason in ("gates", "why", "order", "long"))
