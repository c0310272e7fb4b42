"""Haste and force at the web's doors: one caller's does not become another's trouble."""

from __future__ import annotations

import socket
import threading

import pytest
from web_server import PASSWORD, serving

from bot.rate_limits import RateLimiter
from bot.web.attempts import (
    AT_HOME,
    AT_ONCE,
    FIRST,
    FORGIVEN,
    FREE,
    LONGEST,
    WAITING,
    Attempts,
    OwnMemory,
    SharedMemory,
)

PATH = "/api/entries"


def via(*hops):
    """The header that proxies write, the one nearest to us last."""
    return {"x-forwarded-for": ", ".join(hops)}


@pytest.fixture
def few(live, tmp_path):
    """A server that takes three requests of each caller, behind a proxy on this machine."""
    rates = RateLimiter(lambda: 0.0, rate=0, burst=3)
    with serving(tmp_path, live, rates=rates, auth="password") as server:
        yield server


def statuses(client, headers, count=4):
    """The statuses of some requests one after the other."""
    return [client.get(PATH, headers=headers).status_code for _ in range(count)]


def test_floods_through_a_proxy_shut_nobody_else_out(few):
    """Each address behind the proxy has a measure of its own."""
    with few.client() as client:
        for number in range(1, 4):
            assert statuses(client, via(f"203.0.113.{number}")) == [401, 401, 401, 429]
        assert statuses(client, via("203.0.113.9"), 1) == [401]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(via("1.1.1.1", "203.0.113.1"), via("2.2.2.2", "203.0.113.1"), id="made up"),
        pytest.param(via("nonsense", "203.0.113.1"), via("203.0.113.1"), id="nonsense"),
        pytest.param(via("203.0.113.1", "127.0.0.1"), via("203.0.113.1"), id="two proxies"),
        pytest.param(via("::ffff:203.0.113.1"), via("203.0.113.1"), id="mapped"),
        pytest.param(via("2001:db8::1"), via("2001:db8::ffff:2"), id="one connection"),
        pytest.param({}, via("nonsense"), id="no address"),
    ],
)
def test_one_caller_has_one_measure(few, first, second):
    """Whatever a caller writes into the header, and however the address is written."""
    with few.client() as client:
        assert statuses(client, first, 3) == [401] * 3
        assert statuses(client, second, 1) == [429]


def test_a_header_from_no_proxy_is_not_believed(live, tmp_path):
    """Who is no trusted proxy stays under the own address."""
    rates = RateLimiter(lambda: 0.0, rate=0, burst=3)
    settings = {"auth": "password", "trusted_proxies": ("10.0.0.1",)}
    with serving(tmp_path, live, rates=rates, **settings) as server, server.client() as client:
        told = [statuses(client, via(f"203.0.113.{n}"), 1) for n in range(4)]
        assert told == [[401], [401], [401], [429]]


def test_strangers_do_not_use_up_the_measure_of_people(few):
    """A flood from the address of somebody who has signed in leaves them what is theirs."""
    headers = few.bearer("ann", "staff") | via("203.0.113.1")
    with few.client() as client:
        assert statuses(client, via("203.0.113.1"))[-1] == 429
        assert statuses(client, headers, 3) == [200] * 3


def sign_in(client, name, password, **headers):
    """The status of an attempt to sign in."""
    fields = {"name": name, "password": password}
    return client.post("/sign-in", data=fields, headers=headers).status_code


def test_guessing_a_password_is_made_slow(live, tmp_path):
    """After some wrong ones there is a delay that doubles, for the name wherever it comes from."""
    now = [0.0]
    with serving(tmp_path, live, auth="password") as server, server.client() as client:
        server.web.state.attempts = Attempts(lambda: now[0])
        server.add("ann", "staff"), server.add("bob", "staff")
        assert [sign_in(client, "ann", "wrong", **via("9.9.9.9")) for _ in range(FREE)] == (
            [401] * FREE
        )
        assert sign_in(client, "ann", PASSWORD, **via("8.8.8.8")) == 429
        assert sign_in(client, "bob", PASSWORD, **via("9.9.9.9")) == 429
        assert sign_in(client, "bob", PASSWORD, **via("8.8.8.8")) == 303
        now[0] += FIRST
        assert sign_in(client, "ann", "wrong", **via("8.8.8.8")) == 401
        now[0] += FIRST
        assert sign_in(client, "ann", PASSWORD, **via("8.8.8.8")) == 429
        now[0] += FIRST
        assert sign_in(client, "ann", PASSWORD, **via("8.8.8.8")) == 303


def test_guesses_are_forgiven_after_a_while():
    """The delay has an end, and so has the memory."""
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(100):
        attempts.record_failure("ann", "9.9.9.9")
    assert attempts.wait("ann", "8.8.8.8") == attempts.wait("bob", "9.9.9.9") == LONGEST
    now[0] += FORGIVEN + 1
    attempts.record_failure("ann", "9.9.9.9")
    assert attempts.wait("ann", "8.8.8.8") == 0


@pytest.mark.parametrize("shared", [False, True], ids=["one process", "several"])
def test_guesses_from_elsewhere_shut_nobody_out_at_home(store, shared):
    """Where somebody has signed in before, only what goes wrong there counts, and not for long."""
    now = [0.0]
    here, there = (
        Attempts(lambda: now[0], SharedMemory(store.leases) if shared else memory)
        for memory in [OwnMemory()] * 2
    )
    here.record_success("ann", "8.8.8.8")
    for _ in range(100):
        there.record_failure("ann", "9.9.9.9")
    assert here.wait("ann", "7.7.7.7") == LONGEST
    assert here.wait("ann", "8.8.8.8") == 0
    for _ in range(100):
        here.record_failure("ann", "8.8.8.8")
    assert there.wait("ann", "8.8.8.8") == AT_HOME
    there.record_success("ann", "8.8.8.8")
    assert here.wait("ann", "8.8.8.8") == 0


def test_passwords_are_checked_two_at_a_time():
    """Each takes much memory: some wait, and the rest are told so at once."""
    attempts, inside, let_go = Attempts(), threading.Semaphore(0), threading.Event()

    def check():
        with attempts.room() as there_is:
            assert there_is
            inside.release()
            let_go.wait(30)

    threads = [threading.Thread(target=check) for _ in range(AT_ONCE + WAITING)]
    for thread in threads:
        thread.start()
    for _ in range(AT_ONCE):
        assert inside.acquire(timeout=30)
    assert not inside.acquire(blocking=False)
    while attempts._queue.acquire(blocking=False):  # until all are in the queue
        attempts._queue.release()
    with attempts.room() as there_is:
        assert not there_is
    let_go.set()
    for thread in threads:
        thread.join(30)
    with attempts.room() as there_is:
        assert there_is


@pytest.mark.parametrize(("role", "status"), [(None, b"401"), ("staff", b"403")])
def test_uploads_are_refused_before_they_are_sent(password_server, role, status):
    """Who may not upload is told so when the head of the request is there."""
    token = password_server.bearer(f"upload-{role}", role) if role else {}
    head = "".join(f"{name}: {value}\r\n" for name, value in token.items())
    request = (
        f"POST /posting HTTP/1.1\r\nhost: localhost\r\n{head}content-length: 29000000\r\n"
        "content-type: multipart/form-data; boundary=x\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", password_server.port), timeout=10) as connection:
        connection.sendall(request.encode())
        assert connection.recv(4_096).split(b" ")[1] == status
