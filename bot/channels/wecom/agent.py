"""An app of WeCom at work: answers in the callback what it can, and sends the rest actively."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import Response

from bot.channels.tencent.answering import Answering, passive, sorry
from bot.channels.tencent.door import Door
from bot.channels.tencent.errors import TencentError
from bot.channels.tencent.reading import Read
from bot.channels.wecom.sending import Sender, Step, logged
from bot.channels.wecom.settings import Settings
from bot.chat import inbox, outbox
from bot.chat.files import MAX_BYTES
from bot.chat.model import File, Incoming, OutgoingMessage
from bot.store import Busy

log = logging.getLogger("zhiwen.wecom")


class Agent:
    """Answers callbacks that were understood; without a *sender* only passively."""

    def __init__(
        self, config: Settings, door: Door, answering: Answering, sender: Sender | None
    ) -> None:
        self._config, self._door = config, door
        self._answering, self._sender = answering, sender
        self._app, self._can = answering.app, answering.can
        self._under_way: set[asyncio.Task[Any]] = set()

    async def answer(self, callback: Read) -> Response:
        """The answer to a callback."""
        if callback.sentence:
            return self._sealed(callback.sender, await self._told(callback, callback.sentence))
        if callback.incoming is None:
            return self._sealed(callback.sender, "")
        work = self._task(self._asked(callback, callback.incoming))
        patience = self._answering.timings.late if callback.media else None
        await asyncio.wait({work}, timeout=patience)
        if not work.done():
            self._task(self._send_late(callback, work))
            return self._sealed(callback.sender, await self._told(callback, "tencent.working"))
        result = work.result()
        if result is None:
            return await self._answering.again()
        return await self._given(callback, *result)

    @contextlib.asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Sends what was left unsent as long as the server runs; in the end, what is under way."""
        repeated: list[asyncio.Task[None]] = []
        if self._sender:
            renew, timings = self._sender.leases.renew, self._answering.timings
            sweep = partial(self._answering.run, self._sender.sweep, slow=True)
            repeated = [
                asyncio.create_task(self._again(timings.sweep, sweep)),
                asyncio.create_task(self._again(timings.renew, renew)),
            ]
        try:
            yield
        finally:
            for task in repeated:
                task.cancel()
            await asyncio.gather(*repeated, return_exceptions=True)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=self._answering.timings.drain)
            self._answering.close()
            if self._sender:
                self._sender.api.close()

    async def _asked(
        self, callback: Read, incoming: Incoming
    ) -> tuple[Incoming, inbox.Delivery] | None:
        """(the message as it was asked, the reply); None where it is to come again."""
        slow = bool(callback.media)
        try:
            if self._sender and (slow or self._config.departments):
                complete = partial(self._completed, callback, incoming)
                incoming = await self._answering.run(complete, slow=True)
        except Busy:
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

    async def _given(
        self, callback: Read, incoming: Incoming, delivery: inbox.Delivery
    ) -> Response:
        """Answer with the text; the rest is sent in the background."""
        message = delivery.message
        if message is sorry(message.language) or message.empty:
            return self._sealed(callback.sender, passive(message))
        text = "" if incoming.press and self._sender else passive(message)
        if delivery.fresh and self._sender:
            if callback.media:  # in time after all
                delivery = replace(delivery, arrived=1)
            if delivery.arrived is not None and (
                len(self._steps(incoming, delivery, callback.code)) > delivery.arrived
            ):
                self._task(self._send(incoming, delivery, callback.code))
            elif callback.media:
                noted = partial(outbox.delivered, self._app, self._can, incoming, keep=True)
                try:
                    await self._answering.run(noted)
                except Busy:
                    return await self._answering.again()
        return self._sealed(callback.sender, text)

    def _steps(self, incoming: Incoming, delivery: inbox.Delivery, code: str) -> list[Step]:
        assert self._sender is not None
        pressed = bool(incoming.press)
        return self._sender.steps(delivery.message, incoming.sender, code, pressed)

    def _completed(self, callback: Read, incoming: Incoming) -> Incoming:
        """The message with what WeCom must be asked for: departments, a file. Raises Busy."""
        known = inbox.known(self._app, self._can, incoming) is not None
        if not known and self._config.departments:
            incoming = replace(incoming, admitted=self._is_member(incoming.sender))
        if callback.media and (known or incoming.admitted):
            incoming = replace(incoming, file=self._file(callback.media))
        return incoming

    def _is_member(self, user: str) -> bool:
        """Whether somebody is in a department that may ask; nobody is while WeCom is silent."""
        assert self._sender is not None
        try:
            return bool(self._sender.api.departments_of(user) & set(self._config.departments))
        except TencentError as error:
            logged(error, "a question about departments")
            return False

    def _file(self, media: str) -> File:
        """A file that is fetched when it is read."""
        assert self._sender is not None
        api = self._sender.api

        def fetch() -> bytes:
            try:
                return api.download(media, MAX_BYTES)
            except TencentError as error:
                logged(error, "a file")
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
        except Busy:
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
            if delivery.message is not sorry(delivery.message.language):
                if delivery.fresh:
                    await self._send(incoming, delivery)
                return
            text = passive(delivery.message)
        else:
            text = await self._told(callback, "talk.busy")
        with contextlib.suppress(TencentError, Busy):
            send = partial(self._sender.api.text, callback.sender, text)
            await self._answering.run(send, slow=True)

    async def _again(self, seconds: float, step: Callable[[], Awaitable[None]]) -> None:
        """Do that now and every so often."""
        while True:
            try:
                await step()
            except Busy:
                log.warning("the database cannot be used; trying again later")
            except Exception:
                log.exception("a sweep failed; it goes on")
            await asyncio.sleep(seconds)

    def _task(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _told(self, callback: Read, key: str) -> str:
        return await self._answering.sentence(callback.sender, key)

    def _sealed(self, user: str, text: str) -> Response:
        """The text in an envelope; an empty body, which WeCom takes for no answer, for none."""
        if not text:
            return Response("", media_type="text/plain")
        fields = {
            "ToUserName": user, "FromUserName": self._config.corp_id,
            "CreateTime": str(int(time.time())), "MsgType": "text", "Content": text,
        }  # fmt: skip
        return Response(self._door.seal(fields), media_type="application/xml")
