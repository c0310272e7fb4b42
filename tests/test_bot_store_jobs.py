"""A batch says how far it is and what it came to."""

from __future__ import annotations

import pytest

from bot.store import NotFound


def test_job_begins_with_nothing_done(store, clock):
    """Who began it, what it is called, and that it runs."""
    job = store.jobs.get(store.jobs.start("ann", "岗位" * 150, "xlsx"))
    assert (job.person, job.name, job.form) == ("ann", "岗位" * 100, "xlsx")
    assert (job.status, job.done, job.broken, job.problem, job.summary) == ("running", 0, 0, "", {})
    assert job.created == clock.now


def test_job_changes_one_by_one(store):
    """What is given is set, what is not stays."""
    id_ = store.jobs.start(None, "a.csv", "csv")
    store.jobs.change(id_, done=100, broken=2)
    store.jobs.change(id_, status="done", summary={"functions": {"brand": 98}})
    job = store.jobs.get(id_)
    assert (job.done, job.broken, job.status) == (100, 2, "done")
    assert job.summary == {"functions": {"brand": 98}}


def test_job_change_touches_no_other(store):
    """Two batches at once do not mix."""
    one, two = store.jobs.start(None, "a", "csv"), store.jobs.start(None, "b", "csv")
    store.jobs.change(one, done=5)
    assert (store.jobs.get(one).done, store.jobs.get(two).done) == (5, 0)


def test_jobs_of_a_person_are_theirs(store, clock):
    """Newest first, at most as many as asked for, and nobody else's."""
    mine = []
    for name in "abc":
        clock.pass_(1)
        mine.append(store.jobs.start("ann", name, "csv"))
        store.jobs.start("bob", name, "csv")
    assert [job.id for job in store.jobs.list_for("ann")] == mine[::-1]
    assert [job.id for job in store.jobs.list_for("ann", 2)] == mine[:0:-1]
    assert store.jobs.list_for("nobody") == []


def test_jobs_running_are_those_not_finished(store):
    """Whoever began them."""
    ids = [store.jobs.start(person, "a", "csv") for person in ("ann", "bob", None)]
    store.jobs.change(ids[0], status="done")
    store.jobs.change(ids[1], status="failed", problem="broken")
    assert [job.id for job in store.jobs.list_running()] == ids[2:]


def test_job_removed_or_unknown_is_gone(store):
    """Nothing is left of a batch that was deleted."""
    id_ = store.jobs.start("ann", "a", "csv")
    store.jobs.remove(id_)
    for unknown in (id_, "nothing", "x" * 500):
        with pytest.raises(NotFound):
            store.jobs.get(unknown)
    store.jobs.change(id_, done=1)
    store.jobs.remove(id_)
