"""Updates in, replies out: each is asked of the core, kept there, sent, and marked as arrived."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from telegram import Update

from bot.channels.telegram import fetching, inline
from bot.channels.telegram.api import Bot
from bot.channels.telegram.hands import Hands, Turns
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.reading import Place, Read, place_of, read
from bot.channels.telegram.sending import Sender
from bot.model import Paragraph
from bot.store import Busy
from bot.store.words import digest
from bot.talk import handle
from bot.talk.desk import Desk
from bot.talk.model import Capability, Said
from bot.texts import say
from knowledge.engine.model import LANGUAGES

CAN = Capability("telegram", 4096, "utf16", buttons=True, messages=8, files=True)
THREADS = 16
AT_ONCE = 256
"""Replies under way; more updates wait until some have arrived."""
Result = TypeVar("Result")
Work = Callable[[], Awaitable[None]]
log = logging.getLogger("zhiwen.telegram")


@dataclass(frozen=True, slots=True)
class Taken:
    """An update that is safe with us: nothing is to be said, or the reply is kept."""

    sending: asyncio.Task[None] | None = None
    """Sends the reply."""


class Answering:
    """Answers the updates of one bot."""

    def __init__(self, desk: Desk, bot: Bot, pace: Pace) -> None:
        self.desk, self.bot, self.pace = desk, bot, pace
        self.ready, self.stopping = asyncio.Event(), asyncio.Event()
        """The start is over; the end has begun."""
        self.hands = Hands(desk.store.leases, pace.lease)
        self._sender = Sender(bot, pace)
        self._asking, self._sending = Turns(), Turns()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()
        self.held: Work | None = None
        """Answers what is held back for a moment, when this process ends."""
        self._threads = ThreadPoolExecutor(THREADS, "telegram")

    async def take(self, data: dict[str, Any]) -> Taken | None:
        """Answer one update; None where it is to come again, as nothing is safe yet."""
        try:
            update = Update.de_json(data, self.bot)
            found = self._read(update)
        except (AttributeError, KeyError, TypeError, ValueError):
            # Of a kind that the library does not know; those behind it are not to wait for ever.
            log.exception("an update cannot be read; it is passed over")
            return Taken()
        if update.inline_query is not None:
            await inline.answer(self.desk, CAN, self.bot, self.pace, update.inline_query, self.run)
        if found is None:
            if update.callback_query is not None:
                await self._sender.answer(update.callback_query.id)
            return Taken()
        try:
            return await self._answer(found)
        except Busy:
            log.warning("the database cannot be used; an update will come again")
        except Exception:
            log.exception("an update could not be taken; it will come again")
        return None

    async def sweep(self) -> None:
        """Send the replies that some process kept and did not live to send. Raises Busy."""
        try:
            found = await self.run(lambda: handle.pending(self.desk, CAN))
        except Busy:
            raise
        except Exception:
            log.exception("the replies that were kept cannot be read")
            return
        # Taken at once: what another task is just now sending is not to be sent here as well.
        ours = [one for one in found if await self._may_take(one.key)]
        for one in ours:
            work = partial(self._deliver_pending, one, place_of(one.chat, one.message))
            await self._start(one.chat, one.key, work)

    async def _may_take(self, key: str) -> bool:
        try:
            return await self.hands.take(key)
        except Busy:
            return False

    async def drain(self) -> None:
        """Wait for the replies under way, but not for ever: what is kept will be sent later."""
        if self.held:
            await self.held()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=self.pace.drain)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, act: Callable[[], Result]) -> Result:
        """Call something that blocks."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, act)

    def _read(self, update: Update) -> Read | None:
        return read(update, self.bot.bot, fetching.of(self.bot, self.pace), time.time())

    async def _answer(self, found: Read) -> Taken | None:
        """Ask the core, and begin to send what it says. Raises Busy."""
        incoming, key = found.incoming, digest(found.incoming.id)
        async with self._asking.of(incoming.chat):
            if not await self.hands.take(key):
                return None
            started = False
            try:
                asked = await self.run(lambda: self._ask(found))
                if asked is None or asked[0].empty:
                    return self._nothing(found, asked is not None)
                said, begun = asked
                work = partial(self._deliver, found, said, begun)
                task = await self._start(incoming.chat, key, work)
                started = True
                return Taken(task)
            finally:
                if not started:
                    await self.hands.release(key)

    def _nothing(self, found: Read, done: bool) -> Taken | None:
        """Nothing to say (any more); a press is answered all the same."""
        if not done:
            return None
        query = found.place.query
        return Taken(self._task(self._sender.answer(query)) if query else None)

    def _ask(self, found: Read) -> tuple[Said, int] | None:
        """(what goes back, how many of its messages have arrived already). Raises Busy."""
        incoming = found.incoming
        try:
            said = handle.receive(self.desk, CAN, incoming)
            if said is None:
                return None
            begun = 0 if said.empty else handle.started(self.desk, CAN, incoming)
        except Busy:
            raise
        except Exception:
            log.exception("an update could not be answered", extra={"channel": CAN.channel})
            language = incoming.language or LANGUAGES[0]
            text = say(language, "telegram.sorry")
            return Said(language, (Paragraph(text),), notice=text), 0
        if found.unreadable and not said.empty:
            sorry = Paragraph(say(said.language, "telegram.unreadable"))
            said = replace(said, blocks=(sorry, *said.blocks))
        return said, begun

    async def _start(self, chat: str, key: str, work: Work) -> asyncio.Task[None]:
        """Send in the background, one after the other in each chat."""
        await self._room.acquire()

        async def sending() -> None:
            try:
                async with self._sending.of(chat):
                    await work()
            finally:
                self._room.release()
                await self.hands.release(key)

        return self._task(sending())

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _deliver(self, found: Read, said: Said, begun: int) -> None:
        incoming = found.incoming

        def mark(parts: int | None) -> None:
            handle.delivered(self.desk, CAN, incoming, parts)

        await self._send(said, found.place, begun, mark)

    async def _deliver_pending(self, one: handle.Pending, place: Place) -> None:
        def mark(parts: int | None) -> None:
            handle.settled(self.desk, CAN, one.key, parts)

        await self._send(one.said, place, one.parts, mark)

    async def _send(
        self, said: Said, place: Place, begun: int, mark: Callable[[int | None], None]
    ) -> None:
        """Send a reply and write down how far it came."""

        async def arrived(parts: int, complete: bool, button_at: int | None) -> None:
            if button_at is not None:
                await self._surely(lambda: handle.bind(self.desk, said, str(button_at)))
            if not complete:
                await self._surely(lambda: mark(parts))

        if await self._sender.send(said, place, begun, arrived):
            await self._surely(lambda: mark(None))

    async def _surely(self, write: Callable[[], None]) -> None:
        """Write down what has happened already, however busy the database is."""
        for wait in (*self.pace.again, None):
            try:
                return await self.run(write)
            except Busy:
                if wait is None:
                    log.error("a reply arrived and could not be marked; it may be sent again")
                    return None
                await asyncio.sleep(wait)
        return None
