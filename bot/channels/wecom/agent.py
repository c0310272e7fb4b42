"""An app of WeCom at work: answers in the callback what it can, and sends the rest actively."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from fastapi import Response

from bot.channels.background import Tasks
from bot.channels.model import Running
from bot.channels.periodic import repeat
from bot.channels.tencent.answering import Answering, apology, passive_text
from bot.channels.tencent.door import Door
from bot.channels.tencent.errors import TencentError
from bot.channels.tencent.reading import Read
from bot.channels.wecom.sending import Sender, Step, log_error
from bot.channels.wecom.settings import Settings
from bot.chat import inbox, outbox
from bot.chat.files import MAX_BYTES
from bot.chat.model import File, Incoming, OutgoingMessage
from bot.store import StoreUnavailable

log = logging.getLogger("zhiwen.wecom")


class Agent:
    """Answers callbacks that were understood; without a *sender* only passively."""

    def __init__(
        self, config: Settings, door: Door, answering: Answering, sender: Sender | None
    ) -> None:
        self._config, self._door = config, door
        self._answering, self._sender = answering, sender
        self._app, self._can = answering.app, answering.can
        self._tasks = Tasks()

    async def answer(self, callback: Read) -> Response:
        """The answer to a callback."""
        if callback.sentence:
            return self._seal(callback.sender, await self._reply_text(callback, callback.sentence))
        if callback.incoming is None:
            return self._seal(callback.sender, "")
        work = self._tasks.start(self._ask(callback, callback.incoming))
        patience = self._answering.timings.late if callback.media else None
        await asyncio.wait({work}, timeout=patience)
        if not work.done():
            self._tasks.start(self._send_late(callback, work))
            return self._seal(callback.sender, await self._reply_text(callback, "wecom.working"))
        result = work.result()
        if result is None:
            return await self._answering.retry_response()
        return await self._respond(callback, *result)

    @contextlib.asynccontextmanager
    async def lifespan(self) -> AsyncIterator[Running]:
        """Sends what was left unsent as long as the server runs; in the end, what is under way."""
        repeated: list[asyncio.Task[None]] = []
        if self._sender:
            renew, timings = self._sender.leases.renew, self._answering.timings
            sweep = partial(self._answering.run, self._sender.sweep, slow=True)
            repeated = [
                asyncio.create_task(repeat(timings.sweep, sweep, log)),
                asyncio.create_task(repeat(timings.renew, renew, log)),
            ]
        try:
            yield Running(self._can.channel, lambda: self._works(repeated))
        finally:
            for task in repeated:
                task.cancel()
            await asyncio.gather(*repeated, return_exceptions=True)
            await self._tasks.drain(self._answering.timings.drain)
            self._answering.close()
            if self._sender:
                self._sender.api.close()

    def _works(self, repeated: list[asyncio.Task[None]]) -> bool:
        """Whether callbacks are answered, and WeCom takes what is sent beside them."""
        takes = self._sender is None or not self._sender.api.is_refused
        return self._answering.works and takes and not any(task.done() for task in repeated)

    async def _ask(
        self, callback: Read, incoming: Incoming
    ) -> tuple[Incoming, inbox.Delivery] | None:
        """(the message as it was asked, the reply); None where it is to come again."""
        slow = bool(callback.media)
        try:
            if self._sender and (slow or self._config.departments):
                complete = partial(self._complete, callback, incoming)
                incoming = await self._answering.run(complete, slow=True)
        except StoreUnavailable:
            return None
        arrives = partial(self._arrives, incoming, slow)
        delivery = await self._answering.receive(incoming, slow, arrives)
        return None if delivery is None else (incoming, delivery)

    def _arrives(self, incoming: Incoming, slow: bool, message: OutgoingMessage) -> int | None:
        """How much of a reply arrives with the answer to its callback.

        Should the platform not have got it, it asks again and has it again. What takes its time
        may come after that answer: then nothing has arrived.
        """
        if self._sender is None:
            return None
        if incoming.press or slow:
            return 0
        return None if len(self._sender.steps(message, incoming.sender)) == 1 else 1

    async def _respond(
        self, callback: Read, incoming: Incoming, delivery: inbox.Delivery
    ) -> Response:
        """Answer with the text; the rest is sent in the background."""
        message = delivery.message
        if message is apology(message.language) or message.empty:
            return self._seal(callback.sender, passive_text(message))
        text = "" if incoming.press and self._sender else passive_text(message)
        if delivery.is_new and self._sender:
            if callback.media:  # in time after all
                delivery = replace(delivery, arrived_count=1)
            if delivery.arrived_count is not None and (
                len(self._steps(incoming, delivery, callback.code)) > delivery.arrived_count
            ):
                self._tasks.start(self._send(incoming, delivery, callback.code))
            elif callback.media:
                noted = partial(outbox.mark_delivered, self._app, self._can, incoming, keep=True)
                try:
                    await self._answering.run(noted)
                except StoreUnavailable:
                    return await self._answering.retry_response()
        return self._seal(callback.sender, text)

    def _steps(self, incoming: Incoming, delivery: inbox.Delivery, code: str) -> list[Step]:
        assert self._sender is not None
        pressed = bool(incoming.press)
        return self._sender.steps(delivery.message, incoming.sender, code, pressed)

    def _complete(self, callback: Read, incoming: Incoming) -> Incoming:
        """The message with what WeCom must be asked for: departments, a file.

        Raises StoreUnavailable.
        """
        known = inbox.person_of(self._app, self._can, incoming) is not None
        if not known and self._config.departments:
            incoming = replace(incoming, is_admitted=self._is_member(incoming.sender))
        if callback.media and (known or incoming.is_admitted):
            incoming = replace(incoming, file=self._file(callback.media))
        return incoming

    def _is_member(self, user: str) -> bool:
        """Whether somebody is in a department that may ask; nobody is while WeCom is silent."""
        assert self._sender is not None
        try:
            return bool(self._sender.api.departments_of(user) & set(self._config.departments))
        except TencentError as error:
            log_error(error, "a question about departments")
            return False

    def _file(self, media: str) -> File:
        """A file that is fetched when it is read."""
        assert self._sender is not None
        api = self._sender.api

        def fetch() -> bytes:
            try:
                return api.download(media, MAX_BYTES)
            except TencentError as error:
                log_error(error, "a file")
                raise OSError("the file cannot be fetched") from None

        try:
            name, size = api.look(media)
        except TencentError:
            name, size = "", 0
        return File(name or "file", size, fetch)

    async def _send(self, incoming: Incoming, delivery: inbox.Delivery, code: str = "") -> None:
        assert self._sender is not None
        send = partial(self._sender.send, incoming, delivery, code)
        try:
            await self._answering.run(send, slow=True)
        except StoreUnavailable:
            log.warning("the database cannot be used; a reply is sent later")
        except Exception:
            log.exception("a reply could not be sent; it is tried again")

    async def _send_late(
        self, callback: Read, work: asyncio.Task[tuple[Incoming, inbox.Delivery] | None]
    ) -> None:
        """Send an answer that came after the callback had to be answered."""
        assert self._sender is not None
        result = await work
        if result is not None:
            incoming, delivery = result
            if delivery.message is not apology(delivery.message.language):
                if delivery.is_new:
                    await self._send(incoming, delivery)
                return
            text = passive_text(delivery.message)
        else:
            text = await self._reply_text(callback, "talk.busy")
        with contextlib.suppress(TencentError, StoreUnavailable):
            send = partial(self._sender.api.text, callback.sender, text)
            await self._answering.run(send, slow=True)

    async def _reply_text(self, callback: Read, key: str) -> str:
        return await self._answering.sentence(callback.sender, key)

    def _seal(self, user: str, text: str) -> Response:
        """The text in an envelope; an empty body, which WeCom takes for no answer, for none."""
        if not text:
            return Response("", media_type="text/plain")
        fields = {
            "ToUserName": user, "FromUserName": self._config.corp_id,
            "CreateTime": str(int(time.time())), "MsgType": "text", "Content": text,
        }  # fmt: skip
        return Response(self._door.seal(fields), media_type="application/xml")
