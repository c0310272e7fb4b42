"""Updates in, replies out: each is asked of the core, kept there, sent, and marked as arrived."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import Update

from bot.app import App
from bot.channels.background import Tasks, Threads
from bot.channels.telegram import fetching, inline
from bot.channels.telegram.api import Bot
from bot.channels.telegram.locks import ChatLocks
from bot.channels.telegram.reading import Place, Read, place_of, read
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.timings import Timings
from bot.chat import inbox, outbox
from bot.chat.leases import UpdateLeases
from bot.chat.model import Capability, Incoming, OutgoingMessage
from bot.store import StoreUnavailable
from bot.store.types import digest

CAN = Capability("telegram", 4096, "utf16", buttons=True, messages=8, files=True)
THREADS = 16
AT_ONCE = 256
"""Replies under way; more updates wait until some have arrived."""
Work = Callable[[], Awaitable[None]]
Mark = Callable[[int | None, str], None]
"""Writes down how many messages of a reply have arrived, None for all, and the number of the one
that has its buttons."""
log = logging.getLogger("zhiwen.telegram")


@dataclass(frozen=True, slots=True)
class Taken:
    """An update that is safe with us: nothing is to be said, or the reply is kept."""

    send_task: asyncio.Task[None] | None = None
    """Sends the reply."""


class Answering:
    """Answers the updates of one bot."""

    def __init__(self, app: App, bot: Bot, timings: Timings) -> None:
        self.app, self.bot, self.timings = app, bot, timings
        self.ready, self.stopping = asyncio.Event(), asyncio.Event()
        """The start is over; the end has begun."""
        self.leases = UpdateLeases(app, CAN.channel)
        self._sender = Sender(bot, timings)
        self._asking, self._sending = ChatLocks(), ChatLocks()
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks, self.threads = Tasks(), Threads(THREADS, CAN.channel)
        self.held: Work | None = None
        """Answers what is held back for a moment, when this process ends."""

    async def take(self, data: dict[str, Any]) -> Taken | None:
        """Answer one update; None where it is to come again, as nothing is safe yet."""
        try:
            update = Update.de_json(data, self.bot)
            addressed = self._read(update)
        except (AttributeError, KeyError, TypeError, ValueError):
            # Of a kind that the library does not know; those behind it are not to wait for ever.
            log.exception("an update cannot be read; it is passed over")
            return Taken()
        if update.inline_query is not None:
            await inline.answer(
                self.app, CAN, self.bot, self.timings, update.inline_query, self.threads.run
            )
        if addressed is None:
            if update.callback_query is not None:
                await self._sender.answer(update.callback_query.id)
            return Taken()
        try:
            return await self._answer(addressed)
        except StoreUnavailable:
            log.warning("the database cannot be used; an update will come again")
        except Exception:
            log.exception("an update could not be taken; it will come again")
        return None

    async def sweep(self) -> None:
        """Send the replies that some process kept and did not live to send.

        Raises StoreUnavailable.
        """
        try:
            waiting = await self.threads.run(lambda: outbox.pending(self.app, CAN))
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("the replies that were kept cannot be read")
            return
        # Taken at once: what another task is just now sending is not to be sent here as well.
        ours = [one for one in waiting if self.leases.take(one.key)]
        for one in ours:
            work = partial(self._deliver_pending, one, place_of(one.chat, one.pressed))
            await self._start(one.chat, one.key, work)

    async def drain(self) -> None:
        """Wait for the replies under way, but not for ever: what is kept will be sent later."""
        if self.held:
            await self.held()
        await self._tasks.drain(self.timings.drain)
        await self._tasks.cancel()
        self.threads.close()

    def _read(self, update: Update) -> Read | None:
        return read(update, self.bot.bot, fetching.fetcher_for(self.bot, self.timings), time.time())

    async def _answer(self, update: Read) -> Taken | None:
        """Ask the core, and begin to send what it says. Raises StoreUnavailable."""
        incoming, key = update.incoming, digest(update.incoming.id)
        async with self._asking.lock(incoming.chat):
            if not self.leases.take(key):
                return None
            started = False
            try:
                delivery = await self.threads.run(lambda: self._ask(incoming))
                if delivery is None or delivery.message.empty:
                    return self._say_nothing(update, delivery is not None)
                work = partial(self._deliver, update, delivery)
                task = await self._start(incoming.chat, key, work)
                started = True
                return Taken(task)
            finally:
                if not started:
                    self.leases.release(key)

    def _say_nothing(self, update: Read, done: bool) -> Taken | None:
        """Nothing to say (any more); a press is answered all the same."""
        if not done:
            return None
        query = update.place.query
        return Taken(self._tasks.start(self._sender.answer(query)) if query else None)

    def _ask(self, incoming: Incoming) -> inbox.Delivery | None:
        """What goes back, and how much of it has arrived already. Raises StoreUnavailable."""
        try:
            return inbox.receive(self.app, CAN, incoming)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("an update could not be answered", extra={"channel": CAN.channel})
            return inbox.Delivery(inbox.sentence(incoming, "telegram.sorry"))

    async def _start(self, chat: str, key: str, work: Work) -> asyncio.Task[None]:
        """Send in the background, one after the other in each chat."""
        await self._room.acquire()

        async def send_reply() -> None:
            try:
                async with self._sending.lock(chat):
                    await work()
            finally:
                self._room.release()
                self.leases.release(key)

        return self._tasks.start(send_reply())

    async def _deliver(self, update: Read, delivery: inbox.Delivery) -> None:
        incoming, message = update.incoming, delivery.message

        def mark(parts: int | None, buttons_at: str) -> None:
            outbox.mark_delivered(self.app, CAN, incoming, parts, bound=(message, buttons_at))

        await self._send(message, update.place, delivery.arrived_count or 0, mark)

    async def _deliver_pending(self, one: outbox.Pending, place: Place) -> None:
        def mark(parts: int | None, buttons_at: str) -> None:
            outbox.mark_settled(self.app, CAN, one.key, parts, bound=(one.message, buttons_at))

        await self._send(one.message, place, one.parts, mark)

    async def _send(self, message: OutgoingMessage, place: Place, begun: int, mark: Mark) -> None:
        """Send a reply and write down how far it came, and below which message its buttons are."""
        buttons = ""

        async def mark_sent(parts: int, complete: bool, buttons_at: int | None) -> None:
            nonlocal buttons
            buttons = str(buttons_at) if buttons_at is not None else buttons
            if not complete:
                await self._mark(lambda: mark(parts, buttons))

        if await self._sender.send(message, place, begun, mark_sent):
            await self._mark(lambda: mark(None, buttons))

    async def _mark(self, write: Callable[[], None]) -> None:
        await self.threads.write_with_retry(write, self.timings.again)
