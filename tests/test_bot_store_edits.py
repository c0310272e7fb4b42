"""Edits of an overlay: kept once, moved from state to state, without whoever is forgotten."""

from __future__ import annotations

import pytest

from bot.store import NotFound
from bot.store.edits import APPLIED, TRIED, UNDONE, FileEdit

FILES = (FileEdit("knowledge/faq/a.yaml", None, "id: faq.a\n"),)


def kept(store, id_="e1", by="ann"):
    """An edit that is being tried."""
    store.edits.add(id_, by, "faq.a", {"kind": "example"}, FILES)
    return id_


def test_edit_is_kept_as_it_was_made(store, clock):
    """What it is, whose it is, and each file before and after."""
    edit = store.edits.get(kept(store))
    assert (edit.by, edit.entry, edit.status, edit.files) == ("ann", "faq.a", "running", FILES)
    assert (edit.at, edit.changed, edit.changed_by) == (clock.now, clock.now, "ann")
    with pytest.raises(NotFound):
        store.edits.get("e2")


def test_edit_is_added_once(store):
    """The same id again changes nothing, whatever comes with it."""
    kept(store)
    assert not store.edits.add("e1", "bob", "faq.b", {}, ())
    assert store.edits.get("e1").by == "ann"


def test_trial_is_noted_until_it_ends(store):
    """How far it is, then what it found; who comes too late with news changes nothing."""
    id_ = kept(store)
    assert store.edits.note(id_, {"stage": "read"})
    assert store.edits.note(id_, {"examined": 7}, TRIED)
    assert not store.edits.note(id_, {"stage": "compile"})
    edit = store.edits.get(id_)
    assert (edit.status, edit.result) == (TRIED, {"examined": 7})


def test_edit_moves_from_the_state_it_is_in(store, clock):
    """Of two that apply at once one does; it is told who and when."""
    id_ = kept(store)
    assert not store.edits.move(id_, (TRIED,), APPLIED, "bob")
    store.edits.note(id_, {}, TRIED)
    clock.pass_(5)
    assert [store.edits.move(id_, (TRIED,), APPLIED, "bob") for _ in range(2)] == [True, False]
    edit = store.edits.get(id_)
    assert (edit.status, edit.changed_by, edit.changed) == (APPLIED, "bob", clock.now)


def test_edits_are_listed_by_when_they_were_changed(store, clock):
    """Newest first, of some states if that is asked for."""
    for id_ in ("e1", "e2", "e3"):
        clock.pass_(1)
        kept(store, id_)
        store.edits.note(id_, {}, TRIED)
    clock.pass_(1)
    store.edits.move("e1", (TRIED,), UNDONE, "bob")
    assert [edit.id for edit in store.edits.list_recent()] == ["e1", "e3", "e2"]
    assert [edit.id for edit in store.edits.list_recent(1)] == ["e1"]
    assert [edit.id for edit in store.edits.list_recent(statuses=(TRIED,))] == ["e3", "e2"]


def test_edit_of_somebody_forgotten_stays_without_the_name(store):
    """It belongs to the team; the person's export shows it before."""
    ann = store.people.add("ann", ("editor",))
    kept(store)
    assert [row["id"] for row in store.personal.export(ann.id, "ann")["edits"]] == ["e1"]
    store.personal.erase(ann.id, "ann")
    edit = store.edits.get("e1")
    assert (edit.by, edit.changed_by) == ("-", "-")


def test_edits_are_forgotten_after_two_years(store, clock):
    """Not a day before."""
    kept(store)
    clock.pass_(729 * 24 * 3600)
    store.retention.forget_old()
    assert store.edits.list_recent()
    clock.pass_(2 * 24 * 3600)
    assert store.retention.forget_old()["edits"] == 1
