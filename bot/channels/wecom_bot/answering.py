"""Callbacks in, replies out: each is asked of the core, kept there, sent, and marked as arrived."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace

from bot.app import App
from bot.channels.background import Tasks, Threads
from bot.channels.model import Running
from bot.channels.periodic import repeat
from bot.channels.wecom_bot.delivery import Carrier
from bot.channels.wecom_bot.fetching import lazy_file
from bot.channels.wecom_bot.frames import Frame
from bot.channels.wecom_bot.gateway import EXTRA, Gateway
from bot.channels.wecom_bot.reading import Read, read
from bot.channels.wecom_bot.sending import LIMIT, Place
from bot.channels.wecom_bot.settings import Settings
from bot.channels.wecom_bot.timings import Timings
from bot.chat import inbox, outbox
from bot.chat.leases import UpdateLeases
from bot.chat.model import Capability, Incoming
from bot.errors import StoreUnavailable
from bot.store.types import digest

CAN = Capability("wecom_bot", LIMIT, "bytes", buttons=False, files=True, any_case=True)
THREADS = 8
AT_ONCE = 64
"""Replies under way; more callbacks wait in memory, since their acknowledgements must be read."""
log = logging.getLogger("zhiwen.wecom_bot")


class Answering:
    """Answers the callbacks of one bot."""

    def __init__(self, app: App, config: Settings, secret: str, timings: Timings) -> None:
        self._app, self._config, self._timings = app, config, timings
        self.gateway = Gateway(app, config, secret, timings, self.accept)
        self._leases = UpdateLeases(app, CAN.channel)
        self._turns: dict[str, asyncio.Task[None]] = {}
        """The last callback of each chat; the next one waits for it."""
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks, self._threads = Tasks(), Threads(THREADS, CAN.channel)
        self._carrier = Carrier(self.gateway, self._threads, config.page, timings)

    def accept(self, frame: Frame) -> None:
        """Begin to answer a callback; returns at once."""
        found = read(frame, self._config.bot_id)
        if found is None:
            log.info("a callback is passed over", extra=EXTRA)
            return
        self._carrier.register(digest(found.incoming.id), found.request)
        chat = f"{found.incoming.chat} {found.incoming.sender}"
        task = self._tasks.start(self._in_turn(found, self._turns.get(chat)))
        self._turns[chat] = task
        task.add_done_callback(lambda done: self._finish(chat, found, done))

    @contextlib.asynccontextmanager
    async def lifespan(self) -> AsyncIterator[Running]:
        """Runs as long as the server does; in the end what is under way is sent."""
        held = asyncio.create_task(self.gateway.run(), name=CAN.channel)
        repeated = [
            asyncio.create_task(repeat(self._timings.sweep, self._sweep, log, EXTRA)),
            asyncio.create_task(repeat(self._timings.renew, self._leases.renew, log, EXTRA)),
        ]
        try:
            yield Running(CAN.channel, lambda: self.gateway.works and not held.done())
        finally:
            await self._tasks.drain(self._timings.drain)
            await self.gateway.stop()
            for task in repeated:
                task.cancel()
            await self._tasks.cancel()
            await asyncio.gather(held, *repeated, return_exceptions=True)
            self._threads.close()

    async def _in_turn(self, found: Read, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        async with self._room:
            await self._answer(found)

    async def _answer(self, found: Read) -> None:
        """Ask the core until it has taken the callback, then send what it says."""
        incoming, key = found.incoming, digest(found.incoming.id)
        if not self._leases.take(key):
            return  # the same callback, in hand already
        try:
            if found.file:
                incoming = await self._threads.run(lambda: self._with_file(found))
            delivery = await self._receive(incoming)
            if delivery is None or delivery.message.empty:
                return
            place = Place(incoming.chat, key, found.request, incoming.message, found.welcome)

            def mark(parts: int | None) -> None:
                outbox.mark_delivered(self._app, CAN, incoming, parts)

            if found.silent:
                await self._carrier.mark(mark, None)
            else:
                await self._carrier.send(delivery.message, place, delivery.arrived_count or 0, mark)
        except Exception:
            log.exception("a callback could not be answered", extra=EXTRA)
        finally:
            self._leases.release(key)

    async def _receive(self, incoming: Incoming) -> inbox.Delivery | None:
        """What goes back; None where nobody can say for long.

        Another server may have it in hand, and have died with it: then it is ours after a while.
        """
        end = time.monotonic() + self._timings.patience
        while time.monotonic() < end:
            try:
                delivery = await self._threads.run(lambda: inbox.receive(self._app, CAN, incoming))
            except StoreUnavailable:
                log.warning("the database cannot be used; trying again", extra=EXTRA)
            else:
                if delivery is not None:
                    self._app.counts.add([("door", CAN.channel)])
                    return delivery
            await asyncio.sleep(self._timings.busy)
        return None

    def _with_file(self, found: Read) -> Incoming:
        """The message with its file, which is fetched only for somebody who may ask."""
        incoming = found.incoming
        assert found.file is not None
        if inbox.person_of(self._app, CAN, incoming) is None:
            return incoming
        return replace(incoming, file=lazy_file(found.file, self._config.url))

    async def _sweep(self) -> None:
        """Send the replies that some server kept and did not live to send. Raises."""
        if not self.gateway.open:
            return
        for one in await self._threads.run(lambda: outbox.pending(self._app, CAN)):
            if self._leases.take(one.key):
                self._tasks.start(self._resend(one))

    async def _resend(self, one: outbox.Pending) -> None:
        def mark(parts: int | None) -> None:
            outbox.mark_settled(self._app, CAN, one.key, parts)

        try:
            # Whoever left it may have died between sending it and writing that down.
            place = Place(one.chat, one.key, pressed_card=one.pressed, may_be_repeated=True)
            await self._carrier.send(one.message, place, one.parts, mark)
        finally:
            self._leases.release(one.key)

    def _finish(self, chat: str, found: Read, done: asyncio.Task[None]) -> None:
        self._carrier.finish(digest(found.incoming.id), found.request)
        if self._turns.get(chat) is done:
            del self._turns[chat]
