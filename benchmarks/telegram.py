"""Telegram under trouble: are all updates answered, each once, how many a second, how late.

python benchmarks/telegram.py [UPDATES] [--people 200] [--processes 1] [--calm]

Brings updates by webhook, up to 40 at once as Telegram does and each again until it is taken, to
bots in processes of their own over one SQLite database. Of the updates 5 % come twice; of the
bot's calls to the stand-in for the Bot API (tests/support/telegram_api.py) 2 % are answered 429,
2 % with an error of the server, and 2 % of the connections are torn before the call is carried out.
--calm leaves the trouble out. Prints what was lost or doubled, the rate and the delay from the
first delivery to the reply; exit code 1 if anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
from collections import Counter, deque
from pathlib import Path
from typing import Any

import httpx

# In the place of this folder, where this file would hide the library of the same name.
sys.path[0] = str(Path(__file__).parent.parent / "tests" / "support")

QUESTIONS = (
    "What does content operations do?",
    "内容运营主要负责些什么",
    "品牌和市场有什么区别",
    "compare marketing and operations",
    "/help",
    "ブランドとは",
    "콘텐츠 운영이 뭐야",
)
AT_ONCE = 40
DOUBLES = 0.05
TROUBLE = {"flood": 0.02, "broken": 0.02, "drop": 0.02}
SETTLE_SECONDS = 120.0


class Delivery:
    """Brings updates to the bots, those of a person one after the other."""

    def __init__(self, api: Any, calm: bool) -> None:
        self.api, self.dice = api, random.Random(3)
        self.doubles = 0.0 if calm else DOUBLES
        self.delays: list[float] = []
        self.again = self.twice = 0
        self._room = asyncio.Semaphore(AT_ONCE)

    async def all(self, lines: list[deque[dict[str, Any]]]) -> None:
        """Bring every line of updates."""
        limits = httpx.Limits(max_connections=2 * AT_ONCE)
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:
            await asyncio.gather(*(self._line(client, line) for line in lines))

    async def _line(self, client: httpx.AsyncClient, line: deque[dict[str, Any]]) -> None:
        while line:
            update = line.popleft()
            tries = [self._bring(client, update)]
            if self.dice.random() < self.doubles:
                self.twice += 1
                tries.append(self._bring(client, update))
            async with self._room:
                start = time.perf_counter()
                await asyncio.gather(*tries)
                self.delays.append(time.perf_counter() - start)

    async def _bring(self, client: httpx.AsyncClient, update: dict[str, Any]) -> None:
        headers = {"x-telegram-bot-api-secret-token": self.api.hook.secret}
        while True:
            server = self.dice.choice(self.api.servers)
            with contextlib.suppress(httpx.HTTPError):
                answer = await client.post(f"{server}/hooks/telegram", json=update, headers=headers)
                if answer.is_success:
                    return
            self.again += 1
            await asyncio.sleep(0.05)


def prepared(api: Any, updates: int, people: int) -> list[deque[dict[str, Any]]]:
    """For each person the updates with what they write, none of it brought yet."""
    for number in range(updates):
        id_ = 1000 + number % people
        chat = api.chats.get(id_) or api.person(id_, language="en")
        # Every other message can be told from all others by its reply.
        chat.say(QUESTIONS[number // people % len(QUESTIONS)] if number // people % 2 else
                 f"/n{number}")  # fmt: skip
    lines: dict[int, deque[dict[str, Any]]] = {}
    for update in api.queue.values():
        lines.setdefault(update["message"]["chat"]["id"], deque()).append(update)
    api.queue.clear()
    return list(lines.values())


def counted(api: Any) -> tuple[int, int]:
    """(replies that are missing, replies too many)."""
    lost = doubled = 0
    for chat in api.chats.values():
        asked = [one for one in chat.messages.values() if not one.by_bot]
        told = Counter(one.text for one in chat.told)
        marks = Counter(one.text for one in asked if one.text.startswith("/n"))
        seen = Counter(word for text in told.elements() for word in text.replace(".", "").split()
                       if word in marks)  # fmt: skip
        lost += (marks - seen).total()
        doubled += (seen - marks).total()
        # The others by their number: their texts may depend on what was asked before.
        rest = (told.total() - seen.total()) - (len(asked) - marks.total())
        lost += max(0, -rest)
        doubled += max(0, rest)
    return lost, doubled


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("updates", nargs="?", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--calm", action="store_true")
    options = parser.parse_args()
    import telegram_api
    import telegram_bot

    os.environ["ZHIWEN_TELEGRAM_TOKEN"] = telegram_api.TOKEN
    os.environ.pop("ZHIWEN_TELEGRAM_SECRET", None)
    with contextlib.ExitStack() as stack:
        api = stack.enter_context(telegram_api.running())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for _ in range(options.processes):
            stack.enter_context(telegram_bot.process(api, folder, "webhook", "real"))
        hook, api.hook = api.hook, None
        lines = prepared(api, options.updates, options.people)
        api.hook = hook
        if not options.calm:
            api.faults.chance = dict(TROUBLE)
        delivery, start = Delivery(api, options.calm), time.perf_counter()
        asyncio.run(delivery.all(lines))
        seconds = time.perf_counter() - start
        end = time.monotonic() + SETTLE_SECONDS
        while counted(api)[0] and time.monotonic() < end:
            time.sleep(0.5)
        lost, doubled = counted(api)
        befell = Counter(fault.kind for fault in api.faults.happened)
    delays = sorted(delivery.delays)
    print(f"updates {options.updates}, people {options.people}, processes {options.processes}")
    print(f"brought twice {delivery.twice}, brought again {delivery.again}, trouble {dict(befell)}")
    print(f"lost {lost}, doubled {doubled}")
    print(
        f"{options.updates / seconds:.0f} updates/s; reply after p50 {at(delays, 0.5):.0f} ms,"
        f" p99 {at(delays, 0.99):.0f} ms, worst {delays[-1] * 1000:.0f} ms"
    )
    return 1 if lost or doubled else 0


def at(delays: list[float], part: float) -> float:
    """That quantile, in milliseconds."""
    return delays[int(part * (len(delays) - 1))] * 1000


if __name__ == "__main__":
    sys.exit(main())
