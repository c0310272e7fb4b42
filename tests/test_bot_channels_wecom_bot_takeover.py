"""Two real servers, one bot: the one that has the connection is killed, and the other goes on."""

from __future__ import annotations

import json

import pytest
from processes import PATIENCE, Place
from wecom_bot_faults import AGAIN, replies
from wecom_bot_gateway import BOT, SECRET, running

MESSAGES, PEOPLE, LAST = 60, 20, 25


@pytest.fixture
def gateway():
    """The platform; whatever it would have refused fails the test."""
    with running() as found:
        yield found
    assert found.violations == []


@pytest.fixture
def place(where, book, tmp_path, gateway):
    """Where two servers run on one database, each of which would hold the bot."""
    (tmp_path / "secret").write_text(SECRET)
    section = {
        "bot_id": BOT, "secret_file": str(tmp_path / "secret"), "allow": ["*"], "url": gateway.url,
    }  # fmt: skip
    (tmp_path / "config.yaml").write_text(json.dumps({"wecom_bot": section}))
    found = Place(tmp_path, where)
    try:
        yield found
    finally:
        found.end()


def test_another_server_takes_over_from_one_that_is_killed(place, gateway):
    """Killed with replies shown, kept and not yet made: each comes, and none stands there twice.

    A reply that was shown and could not be marked may come once more, and says so.
    """
    first = place.start()
    gateway.wait(lambda: gateway.subscriptions, "the first does not subscribe")
    place.start()
    gateway.asked("ann", "你好")
    seen = []

    def fault(command, _):
        if command == "aibot_respond_msg":
            seen.append(command)
            if len(seen) == LAST:
                place.kill(first)
        return "mute" if len(seen) == LAST else ""

    gateway.fault = fault
    for n in range(MESSAGES):
        gateway.say(f"p{n % PEOPLE}", f"/n{n}")
    gateway.wait(lambda: len(gateway.subscriptions) == 2, "nobody takes over", PATIENCE)
    gateway.wait(lambda: len(replies(gateway)) == MESSAGES, "not all are answered", PATIENCE)
    gateway.asked("ann", "谢谢")
    shown = replies(gateway)
    assert [sum(not one.startswith(AGAIN) for one in shown[n]) for n in range(MESSAGES)] == (
        [1] * MESSAGES
    )
    assert len(gateway.texts("ann")) == 2
