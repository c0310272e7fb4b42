"""Answers callbacks: each is kept before it is acknowledged; what it says is sent after that."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace

from fastapi import Response
from fastapi.responses import JSONResponse

from bot.app import App
from bot.channels.background import Tasks, Threads
from bot.channels.feishu.cards import toast
from bot.channels.feishu.client import Api, FeishuError, Unreachable
from bot.channels.feishu.reading import Read, Resource
from bot.channels.feishu.sending import EXTRA, Place, log_remedy, send
from bot.channels.model import Running
from bot.channels.periodic import repeat
from bot.chat import inbox, outbox
from bot.chat.files import MAX_BYTES
from bot.chat.leases import UpdateLeases
from bot.chat.model import Capability, File, Incoming
from bot.errors import StoreUnavailable
from bot.store.types import digest

CAN = Capability("feishu", buttons=True, files=True)
THREADS = 8
SWEEP, RENEW, DRAIN = 15.0, 5.0, 8.0
"""Seconds between two looks for replies that some process left behind, between two renewals of
those in hand, and for what is under way when the server stops."""
log = logging.getLogger("zhiwen.feishu")


class Agent:
    """Answers the callbacks of one app."""

    def __init__(self, app: App, api: Api, sweep: float = SWEEP) -> None:
        self._app, self._api, self._seconds = app, api, sweep
        self._leases = UpdateLeases(app, CAN.channel)
        self._tasks, self._threads = Tasks(), Threads(THREADS, CAN.channel)

    async def answer(self, found: Read) -> Response:
        """The answer to a callback: 503 where nothing is safe yet, and it is to come again."""
        key = digest(found.incoming.id)
        if not self._leases.take(key):
            return Response(status_code=503)  # the same one, in hand already
        sending = False
        try:
            incoming = await self._threads.run(lambda: self._with_file(found))
            delivery = await self._threads.run(lambda: inbox.receive(self._app, CAN, incoming))
            if delivery is None:
                return Response(status_code=503)
            self._app.counts.add([("door", CAN.channel)])
            if not delivery.message.empty:
                sending = True
                self._start(self._deliver(incoming, key, delivery), key)
            return JSONResponse(toast(delivery.message) if incoming.press else {})
        except StoreUnavailable:
            log.warning("the database cannot be used", extra=EXTRA)
            return Response(status_code=503)
        except Exception:
            log.exception("a callback could not be answered", extra=EXTRA)
            return Response(status_code=503)
        finally:
            if not sending:
                self._leases.release(key)

    @contextlib.asynccontextmanager
    async def lifespan(self) -> AsyncIterator[Running]:
        """Sends what was left unsent as long as the server runs; in the end, what is under way."""
        repeated = [
            asyncio.create_task(repeat(self._seconds, self._sweep, log, EXTRA)),
            asyncio.create_task(repeat(RENEW, self._leases.renew, log, EXTRA)),
        ]
        try:
            yield Running("feishu", lambda: not any(task.done() for task in repeated))
        finally:
            for task in repeated:
                task.cancel()
            await self._tasks.drain(DRAIN)
            await asyncio.gather(*repeated, return_exceptions=True)
            self._threads.close()
            self._api.close()

    def _with_file(self, found: Read) -> Incoming:
        """The message with its file, which is fetched only for somebody who may ask."""
        incoming, resource = found.incoming, found.file
        if resource is None:
            return incoming
        known = inbox.person_of(self._app, CAN, incoming) is not None
        file = File(resource.name, 0, lambda: self._fetch(resource))
        return replace(incoming, file=file) if known else incoming

    def _fetch(self, resource: Resource) -> bytes:
        try:
            return self._api.download(resource.message, resource.key, MAX_BYTES)
        except (FeishuError, Unreachable) as error:
            if isinstance(error, FeishuError):
                log_remedy(error, "a file")
            raise OSError("the file cannot be fetched") from None

    async def _deliver(self, incoming: Incoming, key: str, delivery: inbox.Delivery) -> None:
        message = delivery.message

        def mark(parts: int | None, at: str) -> None:
            outbox.mark_delivered(self._app, CAN, incoming, parts, bound=(message, at))

        place = Place(incoming.chat, key, incoming.group, incoming.message)
        await self._threads.run(
            lambda: send(self._api, message, place, delivery.arrived_count or 0, mark)
        )

    async def _resend(self, one: outbox.Pending) -> None:
        def mark(parts: int | None, at: str) -> None:
            outbox.mark_settled(self._app, CAN, one.key, parts, bound=(one.message, at))

        # Whether others read along is not kept; a button says it, and new ones say it falsely
        # only for a reply that outlived its server.
        place = Place(one.chat, one.key, pressed_message=one.pressed)
        await self._threads.run(lambda: send(self._api, one.message, place, one.parts, mark))

    async def _sweep(self) -> None:
        """Send the replies that some process kept and did not live to send."""
        for one in await self._threads.run(lambda: outbox.pending(self._app, CAN)):
            if self._leases.take(one.key):
                self._start(self._resend(one), one.key)

    def _start(self, work: Awaitable[None], key: str) -> None:
        async def send_reply() -> None:
            try:
                await work
            except StoreUnavailable:
                log.warning("the database cannot be used; a reply is sent later", extra=EXTRA)
            except Exception:
                log.exception("a reply could not be sent; it is tried again", extra=EXTRA)
            finally:
                self._leases.release(key)

        self._tasks.start(send_reply())
