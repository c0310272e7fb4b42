"""A long text that the person's app cut into several messages is put together again.

Apps cut at the limit of a message, or at a better place not far before it, and send the rest at
once. Judged by itself, the first piece of a posting may belong to another function.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from bot.channels.telegram.timings import Timings, pause
from bot.render.split import size

Data = dict[str, Any]
Key = tuple[int, int]
"""Chat and person."""
LIMIT, LEAST = 4096, 2048
"""UTF-16 units of one message, and of the shortest piece that an app cuts off."""
APART = 3.0
"""Seconds that may lie between two pieces, as Telegram has received them."""


def key_of(update: Data) -> Key | None:
    """Whose new text that is, and where; None for anything else."""
    message = update.get("message")
    if not isinstance(message, dict) or not isinstance(message.get("text"), str):
        return None
    chat, sender = message.get("chat"), message.get("from")
    if not isinstance(chat, dict) or not isinstance(sender, dict):
        return None
    return chat.get("id", 0), sender.get("id", 0)


def may_go_on(update: Data, now: float) -> bool:
    """Whether the rest of that text may be on its way."""
    if key_of(update) is None or now - _date(update) > APART:
        return False
    return size(update["message"]["text"], "utf16") >= LEAST


def unfinished(updates: Iterable[Data], now: float) -> set[Key]:
    """Who may not have sent everything: those whose last text may go on."""
    last = {key: update for update in updates if (key := key_of(update))}
    return {key for key, update in last.items() if may_go_on(update, now)}


def joined(updates: Iterable[Data]) -> list[Data]:
    """The updates in their order, pieces of one text as one, in the place of the last piece."""
    whole: list[Data] = []
    open_: dict[Key, int] = {}
    for update in updates:
        key, text = key_of(update), update
        at = open_.get(key) if key else None
        if at is not None and belongs(whole[at], update):
            text = one_of(whole[at], update)
            del whole[at]
            open_ = {k: n - (n > at) for k, n in open_.items()}
        if key:
            open_[key] = len(whole)
        whole.append(text)
    return whole


def belongs(first: Data, second: Data) -> bool:
    """Whether the *second* text is the rest of the *first*."""
    text = first["message"]["text"]
    last = first["message"].get("pieces", [text])[-1]
    return (
        key_of(first) == key_of(second)
        and size(last, "utf16") >= LEAST
        and abs(_date(second) - _date(first)) <= APART
        and not second["message"]["text"].startswith("/")
    )


def one_of(first: Data, second: Data) -> Data:
    """Both texts as one message: the second, so that it counts as new if the first was answered."""
    before, after = first["message"]["text"], second["message"]["text"]
    # Cut at the very limit there was no better place; else the app cut at a line and dropped it.
    last = first["message"].get("pieces", [before])[-1]
    gap = "" if size(last, "utf16") >= LIMIT else "\n"
    message = second["message"] | {"text": before + gap + after, "pieces": [after]}
    if "reply_to_message" in first["message"]:
        message["reply_to_message"] = first["message"]["reply_to_message"]
    message.pop("entities", None)
    return second | {"message": message}


def _date(update: Data) -> float:
    date = update["message"].get("date")
    return float(date) if isinstance(date, int) else 0.0


class Joiner:
    """Puts pieces together that a webhook brings one by one: each waits to be answered for.

    Telegram brings the second only after the first was taken, so for that moment the first is
    here alone.
    """

    def __init__(
        self, take: Callable[[Data], Awaitable[Any]], timings: Timings, stopping: asyncio.Event
    ) -> None:
        self._take, self._timings, self._stopping = take, timings, stopping
        self._held: dict[Key, tuple[Data, asyncio.Task[None]]] = {}

    async def take(self, update: Data) -> tuple[bool, Any]:
        """(whether it was asked for an answer, what came of that); else it is held for a while."""
        key = key_of(update)
        first = self._let_go(key) if key else None
        whole = update
        if first is not None and belongs(first, update):
            whole = one_of(first, update)
        elif first is not None:
            await self._surely(first)
            first = None
        if key and may_go_on(whole | {"message": update["message"]}, time.time()):
            self._hold(key, whole)
            return False, None
        taken = await self._take(whole)
        if taken is None and key and first is not None:
            self._hold(key, first)  # the second comes again, and is to find it here
        return True, taken

    def _hold(self, key: Key, update: Data) -> None:
        timer = asyncio.get_running_loop().create_task(self._later(key))
        self._held[key] = update, timer

    def _let_go(self, key: Key) -> Data | None:
        update, timer = self._held.pop(key, (None, None))
        if timer is not None:
            timer.cancel()
        return update

    async def _later(self, key: Key) -> None:
        """Nothing more came: the piece is a message by itself."""
        await pause(self._timings.together, self._stopping)
        held = self._held.pop(key, None)
        if held is not None:
            await self._surely(held[0])

    async def _surely(self, update: Data) -> None:
        """Come back to it until it is safe; nobody else has it any more."""
        for wait in (*self._timings.again, None):
            if await self._take(update) is not None or wait is None:
                return
            await asyncio.sleep(wait)

    async def drain(self) -> None:
        """Answer what is held, as this process ends."""
        waiting = [timer for _, timer in self._held.values()]
        if waiting:
            await asyncio.wait(waiting, timeout=self._timings.drain)
