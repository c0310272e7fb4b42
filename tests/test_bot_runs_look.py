"""What is shown of runs: views, history, and the same as plain data."""

from __future__ import annotations

import datetime
import json

import pytest

from bot import runs
from bot.store import NotFound
from bot.store.people import Person

ANN = Person("1", "Ann", ("staff",))
TODAY = datetime.date(2026, 5, 20)


@pytest.fixture
def run(store, book):
    """A run in English, with a date and an owner."""
    id_ = runs.start(store, book, ANN, "checklist.campaign", "en", "2026-06-18")
    runs.assign(store, ANN, id_, {"role.event_operations": "Max"})
    return id_


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_look_templates_are_told_in_every_language(book, language):
    """Every checklist can be begun, with a title and items to tick."""
    found = runs.templates(book, language)
    assert [one.id for one in found] == book.base.ids("checklist")
    assert all(one.title and one.pause_points for one in found)


def test_look_names_roles_and_who_holds_them(store, book, run):
    """An item shows its role in the language of the one who looks, and the person."""
    view = runs.view(store, book, ANN, run, TODAY, "zh")
    assert view.owner(view.progress.sections[0].lines[0]) == "活动运营 (Max)"
    assert runs.view(store, book, ANN, run, TODAY).roles["role.brand"] == "Brand"


def test_look_lists_by_status(store, book, run, clock):
    """The newest first; only those with the status that was asked for."""
    clock.pass_(1)
    other = runs.start(store, book, ANN, "checklist.press_release", "zh")
    assert [view.run.id for view in runs.views(store, book, ANN, TODAY)] == [other, run]
    store.runs.close(run, "Ann")
    assert [view.run.id for view in runs.views(store, book, ANN, TODAY, "closed")] == [run]
    assert [view.run.id for view in runs.views(store, book, ANN, TODAY, "open")] == [other]


def test_look_history_tells_notes_from_marks(store, run):
    """A state that stayed the same is a changed note; untouched items count as open."""
    for state, note in (("open", "a"), ("done", None), ("done", "b"), ("open", None)):
        runs.mark(store, ANN, run, "0.0", state, note)
    told = [event.action for event in runs.history(store, run) if event.item]
    assert told == ["note", "done", "note", "open"]


def test_look_as_json_is_plain_and_whole(store, book, run):
    """Everything on the page is in the data, and JSON can hold it."""
    runs.mark(store, ANN, run, "0.0", "done", "fine")
    told = json.loads(json.dumps(runs.as_json(runs.view(store, book, ANN, run, TODAY))))
    item = told["sections"][0]["items"][0]
    assert (item["state"], item["note"], item["by"], item["revision"]) == ("done", "fine", "Ann", 1)
    assert (item["due"], item["date"]) == ("T-30d", "2026-05-19")
    assert (told["settled"], told["closable"], told["next"]) == (1, False, "0.1")
    assert {"role": "role.event_operations", "name": "Event operations", "person": "Max"} in told[
        "owners"
    ]
    every = [one["item"] for section in told["sections"] for one in section["items"]]
    assert len(every) == told["total"]
    assert set(told["gates"]) < set(every)


def test_look_at_what_is_not_there(store, book):
    """A run that nobody began is gone."""
    with pytest.raises(NotFound):
        runs.view(store, book, ANN, "0" * 12, TODAY)
