"""Feedback, open questions and counts are kept without their asker, and none is counted twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from store_help import DAY, START, at_once, everything

from bot.store import NotFound
from bot.store.feedback import MAX_QUESTION

HOUSE = Path(__file__).parent.parent
COUNT = """
import sys
from bot.store import open_store
store = open_store(sys.argv[1], lambda: float(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
for i in range(25):
    store.feedback.count({("band", "answer"): 1, ("language", "zh"): 2, ("n", str(i)): 1})
store.close()
"""


def think(store, message, good=True, reason="", question="什么是私域"):
    """Feedback on a message."""
    store.feedback.add(
        message, question, "concept.private_domain", "summary", good, reason, "zh", "v1"
    )


def wonder(store, question, band="decline", near=()):
    """A question without a good answer."""
    store.feedback.add_question(question, "zh", band, near, 0.25, "v1")


def test_feedback_is_kept_newest_first(store, clock):
    """Each with its question, entry, verdict and reason, from a time on."""
    first, second = (store.chats.keep("c", None, {}, "q", {}) for _ in range(2))
    think(store, first, good=False, reason="太旧")
    clock.pass_(60)
    think(store, second)
    newest, oldest = store.feedback.all()
    assert (oldest.good, oldest.reason, oldest.at) == (False, "太旧", START)
    assert (newest.good, newest.question, newest.entry) == (
        True, "什么是私域", "concept.private_domain",
    )  # fmt: skip
    assert (newest.section, newest.language, newest.version) == ("summary", "zh", "v1")
    assert store.feedback.all(since=START + 1) == [newest]
    assert store.feedback.all(most=1) == [newest]


def test_feedback_on_the_same_message_replaces(store):
    """Who changes their mind, or presses at once, counts once."""
    message = store.chats.keep("c", None, {}, "q", {})
    think(store, message)
    think(store, message, good=False, reason="错")
    assert [(f.good, f.reason) for f in store.feedback.all()] == [(False, "错")]
    given = at_once([lambda i=i: think(store, message, reason=str(i)) for i in range(6)])
    assert given == [None] * 6
    assert len(store.feedback.all()) == 1


def test_feedback_without_a_message_is_kept_each_time(store):
    """Where no message is kept there is nothing to replace."""
    think(store, None)
    think(store, None)
    assert len(store.feedback.all()) == 2


def test_feedback_on_a_message_that_is_not_kept_is_gone(store):
    """A number somebody made up is no message."""
    with pytest.raises(NotFound):
        think(store, 4711)
    assert store.feedback.all() == []


def test_feedback_and_questions_are_bounded(store):
    """A very long question or reason is cut, not refused."""
    think(store, None, reason="x" * 9_000, question="问" * 9_000)
    wonder(store, "问" * 9_000)
    (feedback,), (question,) = store.feedback.all(), store.feedback.questions()
    assert len(feedback.question) == len(feedback.reason) == MAX_QUESTION
    assert question.question == "问" * MAX_QUESTION


def test_questions_are_open_until_settled(store, clock):
    """Newest first, with what was near; a settled one is not shown again."""
    wonder(store, "一", "suggest", iter(["role.brand", "role.event_operations"]))
    clock.pass_(DAY)
    wonder(store, "二")
    newest, oldest = store.feedback.questions()
    assert (oldest.question, oldest.band, oldest.near, oldest.score) == (
        "一", "suggest", ("role.brand", "role.event_operations"), 0.25,
    )  # fmt: skip
    assert store.feedback.questions(since=START + 1) == [newest]
    store.feedback.settle([newest.id])
    store.feedback.settle([])
    assert store.feedback.questions() == [oldest]


def test_questions_and_feedback_do_not_say_who_asked(store):
    """No column of theirs can hold a person or a chat."""
    message = store.chats.keep("web:someone", "someone", {}, "q", {})
    think(store, message)
    wonder(store, "q")
    kept = everything(store)
    assert "someone" not in str(kept["questions"]) + str(kept["feedback"])
    assert not {"person", "chat"} & (kept["questions"][0].keys() | kept["feedback"][0].keys())


def test_counts_add_up_by_day(store, clock):
    """The same thing on one day is one row; the next day (UTC) begins a new one."""
    store.feedback.count({("band", "answer"): 2, ("function", "运营" * 60): 1})
    store.feedback.count({("band", "answer"): 3})
    clock.pass_(DAY)
    store.feedback.count({("band", "answer"): 1})
    store.feedback.count({})
    assert store.feedback.counts() == [
        ("2025-06-15", "band", "answer", 5),
        ("2025-06-15", "function", "运营" * 40, 1),
        ("2025-06-16", "band", "answer", 1),
    ]


def test_counts_of_days_count_today(store, clock):
    """The counts of one day are those of today."""
    for _ in range(3):
        store.feedback.count({("band", "answer"): 1})
        clock.pass_(DAY)
    clock.pass_(-DAY)
    assert [day for day, *_ in store.feedback.counts(1)] == ["2025-06-17"]
    assert [day for day, *_ in store.feedback.counts(2)] == ["2025-06-16", "2025-06-17"]


def test_counts_are_written_all_or_none(store):
    """A tally that could not be written may be written again: nothing is counted twice."""
    tally = {("a", "1"): 1, ("b", "2"): None, ("c", "3"): 1}
    with pytest.raises(IntegrityError):
        store.feedback.count(tally)
    assert store.feedback.counts() == []


def test_counts_by_threads_at_once_add_up(store):
    """Tallies in different orders neither wait for each other for ever nor lose one."""
    keys = [("band", str(i)) for i in range(10)]
    jobs = [
        lambda order=order: [store.feedback.count(dict.fromkeys(order, 1)) for _ in range(5)]
        for order in (keys, keys[::-1], keys[5:] + keys[:5], keys)
    ]
    assert at_once(jobs) == [[None] * 5] * 4
    assert {count for *_, count in store.feedback.counts()} == {20}


def test_counts_by_processes_at_once_add_up(store, tables, clock):
    """Four processes that count the same things lose nothing."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", COUNT, tables, str(clock.now)],
            cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    assert [child.stdout.readline() for child in children] == ["ready\n"] * 4
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        child.communicate(timeout=60)
    assert [child.returncode for child in children] == [0] * 4
    counts = {(what, value): count for _, what, value, count in store.feedback.counts()}
    assert (counts["band", "answer"], counts["language", "zh"]) == (100, 200)
    assert {count for (what, _), count in counts.items() if what == "n"} == {4}
