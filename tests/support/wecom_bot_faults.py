"""Many messages over a connection on which much goes wrong: what was lost, what came twice."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from dataclasses import dataclass

from wecom_bot_gateway import Gateway

from bot.texts import say

KINDS = ("drop", "mute", "limit", "unsubscribed")
AGAIN = say("zh", "wecom_bot.again")
NUMBER = re.compile(r"/n(\d+)\b")
"""A command that there is not: the reply names it, so that each is known by its text."""


@dataclass(frozen=True)
class Outcome:
    """What became of the messages."""

    lost: int
    doubled: int
    repeated: int
    """Sent once more because it may not have arrived, which they say."""
    faults: Counter[str]
    seconds: float


def storm(gateway: Gateway, messages: int, people: int, share: float, seed: int = 7) -> Outcome:
    """Send so many messages of so many people; a *share* of the replies meets a fault.

    Connections break before a reply is seen and after it is shown, replies are found too many,
    callbacks are pushed again though they were answered.
    """
    dice, faults = random.Random(seed), Counter[str]()

    def fault(command: str, _: object) -> str:
        if command == "aibot_respond_msg" and dice.random() < share:
            kind = dice.choice(KINDS)
            faults[kind] += 1
            return kind
        return ""

    gateway.fault = fault
    begun = time.monotonic()
    numbers = []
    for n in range(messages):
        numbers.append(gateway.say(f"u{n % people}", f"/n{n}"))
        if dice.random() < share:
            gateway.again(dice.choice(numbers))
            faults["again"] += 1
    gateway.wait(lambda: len(replies(gateway, messages - 200)) >= min(200, messages), "slow", 600)
    gateway.wait(lambda: len(replies(gateway)) >= messages, "lost", 600)
    found = replies(gateway)
    return Outcome(
        messages - len(found),
        sum(max(0, len([one for one in texts if not one.startswith(AGAIN)]) - 1)
            for texts in found.values()),
        sum(one.startswith(AGAIN) for texts in found.values() for one in texts),
        faults,
        time.monotonic() - begun,
    )  # fmt: skip


def replies(gateway: Gateway, least: int = 0) -> dict[int, list[str]]:
    """Number of a message -> the replies to it, from the number *least* on."""
    found: dict[int, list[str]] = {}
    for chat in list(gateway.shown.values()):
        for one in list(chat):
            named = NUMBER.search(one.get("text", ""))
            if named and int(named[1]) >= least:
                found.setdefault(int(named[1]), []).append(one["text"])
    return found
