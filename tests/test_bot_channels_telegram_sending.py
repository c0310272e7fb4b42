"""Replies on a bad way: floods, errors, torn connections, and chats that take nothing any more."""

from __future__ import annotations

import dataclasses

import pytest
import telegram_api
import telegram_bot
from telegram_people import Person
from web_server import until

from bot.chat import inbox, outbox
from bot.store import StoreUnavailable

HASTY = dataclasses.replace(telegram_bot.FAST, read=0.3)
"""Does not wait long for an answer of Telegram."""
ASKED = "What does content operations do?"
BEN = Person(222, "Ben", "en")


@pytest.fixture
def api(monkeypatch):
    """Telegram."""
    monkeypatch.setenv("ZHIWEN_TELEGRAM_TOKEN", telegram_api.TOKEN)
    with telegram_api.running() as running:
        yield running


@pytest.fixture
def bot(api, tmp_path, live):
    """Our side, by webhook."""
    with telegram_bot.running(api, tmp_path, live, pace=HASTY, mode="webhook") as running:
        yield running


@pytest.fixture
def anna(api, bot):
    """The chat of one of the staff."""
    return api.person(111)


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param({"kind": "flood", "seconds": 0.1}, id="too-many-requests"),
        pytest.param({"kind": "flood", "seconds": 0.1, "times": 3}, id="three-times"),
        pytest.param({"kind": "broken"}, id="server-error"),
        pytest.param({"kind": "broken", "times": 3}, id="server-errors"),
        pytest.param({"kind": "drop"}, id="torn-connection"),
        pytest.param({"kind": "stall"}, id="no-answer-in-time"),
        pytest.param({"kind": "conflict"}, id="unforeseen"),
    ],
)
@pytest.mark.parametrize("method", ["sendMessage", "sendDocument", "editMessageText"])
def test_sending_survives_trouble(api, bot, anna, method, trouble):
    """Whatever befalls a call that was not carried out, what it was to bring arrives once."""
    api.trouble(method, **trouble)
    if method == "sendMessage":
        anna.say(ASKED)
    elif method == "sendDocument":
        anna.say("/my_data")
    else:
        anna.press("Campaign", anna.asks("/lists promotion"))
    until(lambda: api.faults.happened, "nothing befell")
    api.quiet()
    until(lambda: bot.later() or not bot.unsent, "something is left unsent")
    assert len(anna.told) == (2 if method == "sendDocument" else 1)
    assert anna.last.edits == (method == "editMessageText")


def test_sending_once_more_is_better_than_never(api, bot, anna):
    """A call whose answer never comes is made twice and not a third time: once may be doubled."""
    api.trouble("sendMessage", "stall", times=9, handled=True)
    anna.say(ASKED)
    api.quiet()
    assert len(anna.told) == 2
    assert bot.unsent == 0


def test_sending_waits_while_telegram_is_away(api, bot, anna):
    """A reply that Telegram does not take is kept, and sent when it does."""
    api.trouble("sendMessage", "broken", times=12)
    anna.say(ASKED)
    api.quiet()
    assert anna.told == []
    until(lambda: bot.later() or anna.told, "the reply is lost")
    until(lambda: bot.unsent == 0, "the reply is not settled")
    bot.later()
    assert len(anna.asks("/help").text) and len(anna.told) == 2


def test_sending_without_markup_is_better_than_not(api, bot, anna):
    """What Telegram cannot parse is sent as plain text."""
    told = "Bad Request: can't parse entities: Unsupported start tag"
    api.trouble("sendMessage", "refuse", told=told)
    shown = anna.asks(ASKED)
    assert shown.text.startswith("Content operations\n")
    assert shown.entities == []
    assert shown.keyboard


@pytest.mark.parametrize("end", ["blocked", "gone"])
def test_sending_ends_quietly(api, bot, anna, end):
    """Whoever has blocked the bot, or is gone, is left alone: one try and no more."""
    api.tolerated |= {"Forbidden: bot was blocked", "Bad Request: chat not found"}
    anna.asks("/help")
    setattr(anna, end, True)
    before = api.count("sendMessage")
    anna.say(ASKED)
    api.quiet()
    bot.later()
    setattr(anna, end, False)
    anna.asks("/help")
    assert api.count("sendMessage") == before + 2
    assert len(anna.told) == 2


def test_sending_what_is_refused_is_not_repeated(api, bot, anna):
    """What Telegram refuses once it would refuse again."""
    api.trouble("sendMessage", "refuse", told="Bad Request: something new")
    anna.say(ASKED)
    api.quiet()
    assert bot.unsent == 0
    assert api.count("sendMessage") == 1


def test_sending_follows_a_group_that_moved(api, bot):
    """A group that became another one gets its reply there."""
    old, new = api.group(-100), api.group(-100777)
    api.trouble("sendMessage", "migrate", told="-100777")
    old.say("/help", BEN)
    assert new.wait(1)[0].text
    api.quiet()
    assert old.told == []


def test_sending_answers_anew_what_cannot_be_edited(api, bot, anna):
    """Where the pressed message is gone, a new one takes its place."""
    api.tolerated.add("Bad Request: message to edit not found")
    told = anna.asks("/lists promotion")
    anna.press("Campaign", told)
    api.quiet()
    anna.press("\u2610 1.", told)
    del anna.messages[told.id]
    until(lambda: len(anna.told) == 1, "there is no new message")
    assert "1/25" in anna.last.text


def test_sending_takes_no_offence_at_what_is_the_same(api, bot, anna):
    """A message that is as it should be needs no edit."""
    told = anna.asks("/lists promotion")
    api.trouble("editMessageText", "refuse", told=telegram_api.SAME)
    anna.press("Campaign", told)
    api.quiet()
    assert bot.unsent == 0
    assert len(anna.told) == 1


def test_sending_answers_late_presses(api, bot, anna):
    """A press whose clock has run out still does what it was for."""
    api.tolerated.add(telegram_api.TOO_OLD)
    told = anna.asks("/lists promotion")
    api.stale.add("1")
    assert anna.press("Campaign", told) == "1"
    api.quiet()
    assert "0/25" in told.text


@pytest.mark.parametrize("kind", ["broken", "stall"])
def test_sending_does_not_hang_on_the_answer_to_a_press(api, bot, anna, kind):
    """If the clock of a press cannot be stopped, the message comes all the same."""
    told = anna.asks("/lists promotion")
    api.trouble("answerCallbackQuery", kind, times=9)
    api.unanswered_are_fine = True
    anna.press("Campaign", told)
    api.quiet()
    assert "0/25" in told.text


def test_sending_apologises_for_a_fault_of_ours(api, bot, anna, monkeypatch):
    """What we cannot answer is told, once, and does not come again."""

    def broken(*_):
        raise RuntimeError("what the person said")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "receive", broken)
        told = anna.asks(ASKED)
        assert told.text.startswith("Sorry")
        api.quiet()
    assert anna.asks(ASKED).text.startswith("Content operations")
    assert len(anna.told) == 2


def test_sending_waits_for_the_database(api, bot, anna, monkeypatch):
    """While the database cannot be used Telegram is told to come again, and nothing is lost."""
    real, times = bot.store.outbox.claim, [0]

    def busy(*arguments):
        times[0] += 1
        if times[0] <= 3:
            raise StoreUnavailable("locked")
        return real(*arguments)

    monkeypatch.setattr(bot.store.outbox, "claim", busy)
    anna.asks(ASKED)
    api.quiet()
    assert len(anna.told) == 1
    assert api.answers.count(503) >= 3


def test_sending_marks_what_arrived_however_busy_the_database_is(api, bot, anna, monkeypatch):
    """A reply that has arrived is marked, even if that takes several tries."""
    real, times = outbox.mark_delivered, [0]

    def busy(*arguments, **more):
        times[0] += 1
        if times[0] <= 3:
            raise StoreUnavailable("locked")
        real(*arguments, **more)

    monkeypatch.setattr(outbox, "mark_delivered", busy)
    anna.asks(ASKED)
    api.quiet()
    assert bot.unsent == 0


@pytest.mark.parametrize("mode", ["polling", "webhook"])
@pytest.mark.parametrize("broken", ["claim", "search"])
def test_sending_goes_on_after_a_fault_of_ours(api, tmp_path, live, monkeypatch, mode, broken):
    """A fault that nobody foresaw is told to the log and stops neither this chat nor the others."""
    with telegram_bot.running(api, tmp_path, live, mode=mode) as bot:
        where = bot.store.outbox if broken == "claim" else inbox
        real, times = getattr(where, broken), [0]

        def faulty(*arguments):
            times[0] += 1
            if times[0] <= 2:
                raise RuntimeError
            return real(*arguments)

        def always(*_):
            times[0] += 1
            raise RuntimeError

        monkeypatch.setattr(where, broken, faulty if broken == "claim" else always)
        anna = api.person(111)
        if broken == "search":
            api.look_up(BEN, "content operations")
            until(lambda: times[0], "the query does not arrive")
        anna.asks(ASKED)
        api.quiet()
        assert len(anna.told) == 1
