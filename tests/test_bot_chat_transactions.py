"""One save a message: how many transactions each path takes, and what a dead process leaves."""

from __future__ import annotations

import contextlib

import pytest
from chat_help import PRESSED, TYPED, WEB, Phone, app_on
from sqlalchemy import event

from bot.chat import inbox, outbox
from bot.chat.load import Asker
from bot.chat.model import File, Incoming
from bot.records import LOCAL
from bot.store import tables as t
from bot.store.outbox import CLAIM_SECONDS

QUESTION = "内容运营做什么"


@pytest.fixture
def app(store, live):
    """An App where numbers 1 to 9 are let in."""
    return app_on(store, live, allow=tuple("123456789"))


@contextlib.contextmanager
def transactions(store):
    """Counts the transactions that are begun, and the times a run's row is read."""
    counted = {"transactions": 0, "runs": 0}

    def begun(_):
        counted["transactions"] += 1

    def asked(_, __, statement, *___):
        counted["runs"] += "FROM runs" in statement and "template" in statement

    event.listen(store.engine, "begin", begun)
    event.listen(store.engine, "before_cursor_execute", asked)
    try:
        yield counted
    finally:
        event.remove(store.engine, "begin", begun)
        event.remove(store.engine, "before_cursor_execute", asked)


def steps(phone):
    """What somebody does, step by step: (name, the doing of it)."""
    yield "question", lambda: phone.say(QUESTION)
    yield "posting", lambda: phone.say("岗位职责：\n1、负责公众号内容策划\n任职要求：\n1、本科" * 9)
    yield "command", lambda: phone.say("/why")
    yield "unanswered", lambda: phone.say("量子纠缠的哈密顿量怎么算")
    yield "lists", lambda: phone.say("/lists")
    if phone.can.buttons:
        yield "start", lambda: phone.press(phone.labels[0])
        yield "tick", lambda: phone.press("☐ 1.")
        yield "date", lambda: phone.press("设日期")
    else:
        yield "start", lambda: phone.say("1")
        yield "tick", lambda: phone.say("1")
        yield "runs", lambda: phone.say("/runs")
    yield "awaited", lambda: phone.say("2026-12-24")
    yield "thumb", lambda: phone.say("👍")
    yield "forget", lambda: phone.say("/forget_me")


@pytest.mark.parametrize("can", [PRESSED, TYPED], ids=["pressed", "typed"])
def test_transactions_of_a_platform_message_are_three(app, can):
    """Claimed and read, kept with all that comes of it, marked as arrived; a run is read once."""
    phone = Phone(app, "1", can)
    phone.say("你好")
    for name, act in steps(phone):
        with transactions(app.store) as counted:
            act()
        assert counted["transactions"] <= 3, name
        assert counted["runs"] <= 1, name


def test_transactions_of_a_tick_are_two(app):
    """From the press to the kept reply; a third notes that it has arrived."""
    phone = Phone(app, "1")
    phone.say("/lists")
    phone.press(phone.labels[0])
    press = phone.incoming(press=phone.data("☐ 1."))
    with transactions(app.store) as counted:
        message = inbox.receive(app, PRESSED, press).message
    assert counted == {"transactions": 2, "runs": 1}
    with transactions(app.store) as counted:
        outbox.mark_delivered(app, PRESSED, press, bound=(message, "m7"))
    assert counted["transactions"] == 1


@pytest.mark.parametrize("sender", ["1", "666"], ids=["let-in", "stranger"])
def test_transactions_of_a_first_message_are_three(app, sender):
    """Whoever is on the list becomes one of the staff in the same transaction as the claim."""
    with transactions(app.store) as counted:
        Phone(app, sender).say(QUESTION)
    assert counted["transactions"] <= 3


def test_transactions_of_a_file_are_three(app):
    """However long it takes to be read."""
    person = app.store.people.add("Hal", ("hr",))
    app.store.people.link(person.id, "telegram", "h")
    phone, table = Phone(app, "h"), "标题,描述\n内容运营,负责公众号内容策划和发布\n".encode()
    with transactions(app.store) as counted:
        phone.take(phone.incoming(file=File("x.csv", len(table), lambda: table)))
    assert phone.last.files and counted["transactions"] <= 3


@pytest.mark.parametrize("keeps", [True, False], ids=["page", "program"])
def test_transactions_of_a_page_are_two(app, live, keeps):
    """Read, and kept: a message of the web chat, or of a conversation of the API."""
    asker = Asker(WEB, Incoming("", "c", "local", QUESTION), LOCAL, "c", live.book)
    with transactions(app.store) as counted:
        inbox.converse(app, asker, keeps)
    assert counted["transactions"] == 2


def stopping_at(store, number):
    """Let the process die when that transaction begins; how many were begun is counted."""
    seen = [0]

    def begun(_):
        seen[0] += 1
        if seen[0] == number:
            raise KeyboardInterrupt("the process dies here")

    event.listen(store.engine, "begin", begun)
    return begun


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("what", ["question", "tick"])
def test_transactions_that_a_process_dies_at_answer_once(app, clock, number, what, monkeypatch):
    """Wherever it dies, the next one answers: once, with one exchange and one mark."""
    phone = Phone(app, "1")
    if what == "tick":
        phone.say("/lists")
        phone.press(phone.labels[0])
        message = phone.incoming(press=phone.data("☐ 1."))
    else:
        message = phone.incoming(text=QUESTION)
    # A process that dies gives nothing back.
    monkeypatch.setattr(type(app.store.outbox), "give_back", lambda *_: None)
    listener = stopping_at(app.store, number)
    with pytest.raises(KeyboardInterrupt):
        first = inbox.receive(app, PRESSED, message)
        outbox.mark_delivered(app, PRESSED, message, bound=(first.message, "m1"))
    event.remove(app.store.engine, "begin", listener)
    clock.pass_(CLAIM_SECONDS + 1)
    again = inbox.receive(app, PRESSED, message)
    assert not again.message.empty
    outbox.mark_delivered(app, PRESSED, message)
    assert inbox.receive(app, PRESSED, message).message.empty
    with app.store.engine.connect() as db:
        said = db.execute(t.messages.select()).all()
        marks = db.execute(t.marks.select()).all()
    assert (len(said), len(marks)) == ((1, 0) if what == "question" else (3, 1))


def test_sweep_passes_over_a_row_that_cannot_be_read(app, clock, caplog):
    """One bad row does not keep the replies of others; it is told in the log, without its text."""
    ann, bob = Phone(app, "1"), Phone(app, "2")
    inbox.receive(app, PRESSED, ann.incoming(text=QUESTION, id="bad"))
    inbox.receive(app, PRESSED, bob.incoming(text=QUESTION, id="good"))
    app.store.outbox.keep("telegram", "bad", {"said": {"secret words": 1}, "chat": 7})
    clock.pass_(CLAIM_SECONDS + 1)
    assert [one.chat for one in outbox.pending(app, PRESSED)] == ["2"]
    assert "cannot be read" in caplog.text and "secret" not in caplog.text
    assert inbox.receive(app, PRESSED, ann.incoming(text=QUESTION, id="bad")).message.empty
