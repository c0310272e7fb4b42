"""A long text that the person's app cut into several messages is put together again.

Apps cut at the limit of a message, or at a better place not far before it, and send the rest at
once. Judged by itself, the first piece of a posting may belong to another function.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from bot.channels.telegram.timings import Timings, pause
from bot.chat.pieces import Pieces
from bot.render.split import size
from bot.store import StoreUnavailable

Data = dict[str, Any]
Key = tuple[int, int]
"""Chat and person."""
LIMIT, LEAST = 4096, 2048
"""UTF-16 units of one message, and of the shortest piece that an app cuts off."""
APART = 3.0
"""Seconds that may lie between two pieces, as Telegram has received them."""
log = logging.getLogger("zhiwen.telegram")


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


def awaits_more(updates: Iterable[Data], now: float) -> set[Key]:
    """Who may not have sent everything: those whose last text may go on."""
    last = {key: update for update in updates if (key := key_of(update))}
    return {key for key, update in last.items() if may_go_on(update, now)}


def join_pieces(updates: Iterable[Data]) -> list[Data]:
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

    Telegram brings the second only after the first was taken, so the first is kept in the store
    for that moment; whoever comes after a process that died finds it there.
    """

    def __init__(
        self,
        take: Callable[[Data], Awaitable[Any]],
        timings: Timings,
        stopping: asyncio.Event,
        pieces: Pieces,
        run: Callable[[Callable[[], Any]], Awaitable[Any]],
    ) -> None:
        """*run*: calls something that blocks."""
        self._take, self._timings, self._stopping = take, timings, stopping
        self._pieces, self._run = pieces, run
        self._held: dict[Key, tuple[Data, asyncio.Task[None]]] = {}

    async def take(self, update: Data) -> tuple[bool, Any]:
        """(whether it was asked for an answer, what came of that); else it is held for a while."""
        key = key_of(update)
        try:
            first = await self._first_piece(key, update) if key else None
        except StoreUnavailable:
            return True, None  # it comes again
        whole = update
        if first is not None and belongs(first, update):
            whole = one_of(first, update)
        elif first is not None:
            await self._hand_over(first)
            first = None
        if key and may_go_on(whole | {"message": update["message"]}, time.time()):
            if await self._keep(key, whole, first):
                return False, None
            return True, None
        taken = await self._take(whole)
        if key and first is not None:
            if taken is None:
                self._hold(key, first)  # the second comes again, and is to find it here
            else:
                await self._forget(first)
        return True, taken

    async def _first_piece(self, key: Key, update: Data) -> Data | None:
        """What is held of that person, here or by another process to which the update belongs.

        Raises StoreUnavailable; then what is held stays held.
        """
        held = self._held.get(key)
        if held and await self._run(lambda: self._pieces.holds(_number(held[0]))):
            return self._let_go(key)
        self._let_go(key)
        return await self._run(  # type: ignore[no-any-return]
            lambda: self._pieces.take_over(lambda one: key_of(one) == key and belongs(one, update))
        )

    async def recover(self, starting: bool = False) -> None:
        """Hold what a process that is gone has left behind, for its rest or to be answered."""
        try:
            left = await self._run(lambda: self._pieces.take_abandoned(starting))
        except StoreUnavailable:
            log.warning("the database cannot be used; pieces of texts are looked for later")
            return
        for update in left:
            if (key := key_of(update)) and key not in self._held:
                self._hold(key, update, self._timings.returning)

    async def _keep(self, key: Key, whole: Data, first: Data | None) -> bool:
        """Whether the text so far is safe, and held for its rest."""
        instead = _number(first) if first else ""
        try:
            await self._run(lambda: self._pieces.keep(_number(whole), whole, instead))
        except StoreUnavailable:
            if first:
                self._hold(key, first)
            return False
        self._hold(key, whole)
        return True

    def _hold(self, key: Key, update: Data, seconds: float | None = None) -> None:
        wait = self._timings.together if seconds is None else seconds
        timer = asyncio.get_running_loop().create_task(self._release_later(key, wait))
        self._held[key] = update, timer

    def _let_go(self, key: Key) -> Data | None:
        update, timer = self._held.pop(key, (None, None))
        if timer is not None:
            timer.cancel()
        return update

    async def _release_later(self, key: Key, seconds: float) -> None:
        """Nothing more came: the piece is a message by itself."""
        await pause(seconds, self._stopping)
        held = self._held.pop(key, None)
        if held is not None:
            await self._hand_over(held[0])

    async def _hand_over(self, update: Data) -> None:
        """Come back to it until it is safe; nobody else has it in hand."""
        for wait in (*self._timings.again, None):
            begun = await self._begin(update)
            if begun is False:
                return None  # its rest came to another process, which answers both
            if begun and await self._take(update) is not None:
                return await self._forget(update)
            if wait is None:
                return None  # it is in the store yet, and found there later
            await asyncio.sleep(wait)
        return None

    async def _begin(self, update: Data) -> bool | None:
        """Whether it is ours to answer; None where the database cannot be used."""
        try:
            return bool(await self._run(lambda: self._pieces.begin(_number(update))))
        except StoreUnavailable:
            return None

    async def _forget(self, update: Data) -> None:
        try:
            await self._run(lambda: self._pieces.forget(_number(update)))
        except StoreUnavailable:
            log.warning("the database cannot be used; a piece of a text may be answered again")

    async def drain(self) -> None:
        """Answer what is held, as this process ends."""
        waiting = [timer for _, timer in self._held.values()]
        if waiting:
            await asyncio.wait(waiting, timeout=self._timings.drain)


def _number(update: Data) -> str:
    return str(update["update_id"])
