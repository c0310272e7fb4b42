"""A clock that is set, forwards or back, loses and deletes nothing and keeps nobody waiting."""

from __future__ import annotations

import datetime

import pytest
from store_help import DAY
from web_server import serving

from bot.rate_limits import RateLimiter
from bot.store.leases import Leases
from bot.store.outbox import CLAIM_SECONDS
from bot.store.reminders import HELD
from bot.web.attempts import FREE, LONGEST, Attempts, SharedMemory
from bot.web.jumps import LONG, SHORT, SLIGHT, Jumps

HOUR = 3600.0
SHORTLY = 10.0
JUMPS = pytest.mark.parametrize(
    "jump", [HOUR, -HOUR, 400 * DAY, -400 * DAY], ids=lambda s: f"{s:g}"
)


class Time:
    """A clock that may be set, and one that only goes on."""

    def __init__(self, clock):
        self.clock, self.steady = clock, 0.0

    def __call__(self):
        return self.steady

    def pass_(self, seconds):
        """Let time pass by both."""
        self.steady += seconds
        self.clock.pass_(seconds)

    def jump(self, seconds):
        """Set the clock."""
        self.clock.pass_(seconds)


@pytest.fixture
def time(clock):
    """The time of a test."""
    return Time(clock)


@pytest.fixture
def leases(store, clock, time):
    """Those of two processes on one database."""
    return [Leases(store.engine, clock, time) for _ in "ab"]


@pytest.mark.parametrize("jump", [-HOUR, -400 * DAY])
def test_lease_of_a_dead_process_runs_out_though_the_clock_was_set_back(leases, time, jump):
    """It lasts as long as it was taken for, counted by a clock that nobody sets."""
    dead, other = leases
    assert dead.take("work", "dead", SHORTLY)
    time.jump(jump)
    assert not other.take("work", "other", SHORTLY)
    assert other.seconds_since_expiry("work", SHORTLY) < 0
    time.pass_(SHORTLY - 1)
    assert not other.take("work", "other", SHORTLY)
    time.pass_(1)
    assert other.seconds_since_expiry("work", SHORTLY) >= 0
    assert other.take("work", "other", SHORTLY)
    assert not dead.take("work", "dead", SHORTLY)


@JUMPS
def test_lease_that_is_renewed_stays_with_its_holder(leases, time, jump):
    """Whoever lives keeps what it holds, however the clock is set."""
    holder, other = leases
    assert holder.take("work", "holder", SHORTLY)
    time.jump(jump)
    for _ in range(12):
        assert holder.take("work", "holder", SHORTLY)
        assert not other.take("work", "other", SHORTLY)
        time.pass_(SHORTLY / 4)


def test_lease_that_is_given_back_is_free_though_the_clock_was_set_back(leases, time):
    """Nobody waits for what nobody holds."""
    holder, other = leases
    assert holder.take("work", "holder", SHORTLY)
    time.jump(-HOUR)
    assert not other.take("work", "other", SHORTLY)
    holder.release("work", "holder")
    assert other.take("work", "other", SHORTLY)


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
def test_message_of_a_dead_process_is_answered_though_the_clock_was_set(store, time, jump):
    """It is claimed anew, and a reply that was not sent is sent, without waiting for the hour."""
    store.outbox.claim("wechat", "asked", "dead")
    store.outbox.claim("wechat", "answered", "dead")
    store.outbox.keep("wechat", "answered", {"n": 1})
    time.jump(jump)
    assert store.outbox.claim("wechat", "asked", "other").state == "ours"
    assert [one.reply for one in store.outbox.take_unsent("wechat", CLAIM_SECONDS)] == [{"n": 1}]
    assert store.outbox.take_unsent("wechat", CLAIM_SECONDS) == []


def test_digest_of_a_dead_process_is_sent_though_the_clock_was_set_back(store, time):
    """Once, by one."""
    one = ("ann", "email", "2026-01-05")
    assert store.reminders.claim(*one)
    time.jump(-HOUR)
    assert HOUR > HELD
    assert ("ann", "email") not in store.reminders.list_settled("2026-01-05")
    assert [store.reminders.claim(*one), store.reminders.claim(*one)] == [True, False]


@JUMPS
def test_rate_of_a_person_does_not_hang_on_the_clock(monkeypatch, jump):
    """Whoever has asked too much waits no longer, and may not ask more, after it was set."""
    import time as times

    rates = RateLimiter(rate=1e-6, burst=2)
    assert [rates.allow("ann") for _ in "abc"] == [True, True, False]
    monkeypatch.setattr(times, "time", lambda: 1e9 + jump)
    assert [rates.allow("ann"), rates.allow("bob")] == [False, True]


@JUMPS
def test_delay_at_sign_in_outlasts_no_jump(store, time, jump):
    """A wrong password is held against a name for as long as it may be, and no longer."""
    attempts = Attempts(time.clock, SharedMemory(store.leases))
    for _ in range(FREE + 3):
        attempts.record_failure("ann", "192.0.2.1")
    time.jump(jump)
    assert attempts.wait("ann", "192.0.2.1") <= 8.0 < LONGEST
    time.pass_(LONGEST)
    assert attempts.wait("ann", "192.0.2.1") in (0.0, 8.0)
    for _ in range(2 * FREE):
        attempts.record_failure("ann", "192.0.2.1")
    assert attempts.wait("ann", "192.0.2.1") > 0


def test_clock_that_is_set_is_believed_after_a_day(time):
    """What cannot be undone waits; a clock that goes a little wrong costs nobody anything."""
    jumps = Jumps(time.clock, time)
    for _ in range(48):
        time.pass_(HOUR)
        time.jump(SLIGHT / 2)
        assert jumps.look() == 0.0
    time.jump(HOUR)
    assert 0 < jumps.look() < SHORT
    time.pass_(SHORT)
    assert jumps.look() >= SHORT
    time.jump(-HOUR)
    assert jumps.look() == 0.0 and not jumps.seen
    time.jump(-DAY)
    assert jumps.look() > 0 and jumps.seen
    time.pass_(LONG)
    assert jumps.look() == 0.0 and not jumps.seen


def test_server_whose_clock_is_set_forgets_nothing_and_says_so(live, tmp_path, clock):
    """A year ahead by mistake: rows and sign-ins are there when it is put right."""
    with (
        serving(tmp_path, live, clock=clock, auth="password") as server,
        server.signed_in("ann", "staff") as client,
    ):
        chats, keeping = server.app.store.chats, server.web.state.housekeeping
        chats.keep("web:1", None, {"n": 1}, "asked", {"n": 1})
        clock.pass_(400 * DAY)
        keeping.run_steps()
        assert keeping.forgot is None
        told = client.get("/healthz").json()
        assert (told["status"], told["clock"]) == ("degraded", "set")
        clock.pass_(-400 * DAY)
        keeping.run_steps()
        assert keeping.forgot is not None
        assert client.get("/healthz").json()["clock"] == "ok"
        assert client.get("/account").status_code == 200
        assert len(chats.exchanges("web:1")) == 1


def test_server_whose_clock_is_set_reminds_nobody_of_another_day(live, tmp_path, clock):
    """No checklist begins and no digest goes out before its day; at the right time they do."""
    with serving(tmp_path, live, clock=clock) as server:
        keeping = server.web.state.housekeeping
        clock.pass_(DAY)
        keeping.run_steps()
        assert (keeping.renewed, keeping.reminded) == (None, None)
        clock.pass_(-DAY)
        keeping.run_steps()
        assert keeping.renewed == datetime.datetime.fromtimestamp(clock()).date()
        assert keeping.reminded is not None
