"""An app of WeCom at work: answers in the callback what it can, and sends the rest actively."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import Response

from bot.channels.tencent.answering import Answering, passive, sorry
from bot.channels.tencent.door import Door
from bot.channels.tencent.errors import TencentError
from bot.channels.tencent.reading import Read
from bot.channels.tencent.sending import Sender, told
from bot.config import WeCom
from bot.store import Busy
from bot.talk import handle
from bot.talk.model import File, Incoming, Said
from bot.talk.papers import MAX_BYTES

log = logging.getLogger("zhiwen.wecom")


class Agent:
    """Answers callbacks that were understood; without a *sender* only passively."""

    def __init__(
        self, config: WeCom, door: Door, answering: Answering, sender: Sender | None
    ) -> None:
        self._config, self._door = config, door
        self._answering, self._sender = answering, sender
        self._desk, self._can = answering.desk, answering.can
        self._under_way: set[asyncio.Task[Any]] = set()

    async def answer(self, found: Read) -> Response:
        """The answer to a callback."""
        if found.told:
            return self._sealed(found.sender, await self._told(found, found.told))
        if found.incoming is None:
            return self._sealed(found.sender, "")
        work = self._task(self._said(found, found.incoming))
        patience = self._answering.pace.late if found.media else None
        await asyncio.wait({work}, timeout=patience)
        if not work.done():
            self._task(self._send_late(found, work))
            return self._sealed(found.sender, await self._told(found, "tencent.working"))
        result = work.result()
        if result is None:
            return await self._answering.again()
        return await self._given(found, *result)

    @contextlib.asynccontextmanager
    async def beside(self) -> AsyncIterator[None]:
        """Sends what was left unsent as long as the server runs; in the end, what is under way."""
        sweeping = asyncio.create_task(self._sweeping()) if self._sender else None
        try:
            yield
        finally:
            if sweeping:
                sweeping.cancel()
                await asyncio.gather(sweeping, return_exceptions=True)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=self._answering.pace.drain)
            self._answering.close()
            if self._sender:
                self._sender.api.close()

    async def _said(self, found: Read, incoming: Incoming) -> tuple[Incoming, Said] | None:
        """(the message as it was asked, the reply); None where it is to come again."""
        slow = bool(found.media)
        try:
            if self._sender and (slow or self._config.departments):
                complete = partial(self._completed, found, incoming)
                incoming = await self._answering.run(complete, slow=True)
        except Busy:
            return None
        said = await self._answering.said(incoming, slow)
        return None if said is None else (incoming, said)

    async def _given(self, found: Read, incoming: Incoming, said: Said) -> Response:
        """Answer with the text; the rest is sent in the background."""
        text = "" if incoming.press and self._sender else passive(said)
        if said is sorry(said.language) or said.empty:
            return self._sealed(found.sender, passive(said))
        try:
            more = await self._answering.run(partial(self._noted, incoming, said))
        except Busy:
            return await self._answering.again()
        if more:
            self._task(self._send(incoming, said, found.code))
        return self._sealed(found.sender, text)

    def _noted(self, incoming: Incoming, said: Said) -> bool:
        """Write down that the text has arrived; whether there is more to send. Raises Busy.

        Should the platform not have got it, it asks again and has it again.
        """
        if self._sender is None:
            handle.delivered(self._desk, self._can, incoming, keep=True)
            return False
        if incoming.press:
            return True
        if len(self._sender.steps(said, incoming.sender)) == 1:
            handle.delivered(self._desk, self._can, incoming, keep=True)
            return False
        if not handle.started(self._desk, self._can, incoming):
            handle.delivered(self._desk, self._can, incoming, 1)
        return True

    def _completed(self, found: Read, incoming: Incoming) -> Incoming:
        """The message with what WeCom must be asked for: departments, a file. Raises Busy."""
        known = handle.known(self._desk, self._can, incoming) is not None
        if not known and self._config.departments:
            incoming = replace(incoming, admitted=self._is_member(incoming.sender))
        if found.media and (known or incoming.admitted):
            incoming = replace(incoming, file=self._file(found.media))
        return incoming

    def _is_member(self, user: str) -> bool:
        """Whether somebody is in a department that may ask; nobody is while WeCom is silent."""
        assert self._sender is not None
        try:
            return bool(self._sender.api.departments_of(user) & set(self._config.departments))
        except TencentError as error:
            told(error, "a question about departments")
            return False

    def _file(self, media: str) -> File:
        """A file that is fetched when it is read."""
        assert self._sender is not None
        api = self._sender.api

        def fetch() -> bytes:
            try:
                return api.download(media, MAX_BYTES)
            except TencentError as error:
                told(error, "a file")
                raise OSError("the file cannot be fetched") from None

        try:
            name, size = api.look(media)
        except TencentError:
            name, size = "", 0
        return File(name or "file", size, fetch)

    async def _send(self, incoming: Incoming, said: Said, code: str = "") -> None:
        assert self._sender is not None
        try:
            await self._answering.run(partial(self._sender.send, incoming, said, code), slow=True)
        except Busy:
            log.warning("the database cannot be used; a reply is sent later")
        except Exception:
            log.exception("a reply could not be sent; it is tried again")

    async def _send_late(
        self, found: Read, work: asyncio.Task[tuple[Incoming, Said] | None]
    ) -> None:
        """Send an answer that came after the callback had to be answered."""
        assert self._sender is not None
        result = await work
        if result is not None and result[1] is not sorry(result[1].language):
            return await self._send(*result)
        text = passive(result[1]) if result else await self._told(found, "talk.busy")
        with contextlib.suppress(TencentError, Busy):
            send = partial(self._sender.api.text, found.sender, text)
            await self._answering.run(send, slow=True)

    async def _sweeping(self) -> None:
        assert self._sender is not None
        while True:
            try:
                await self._answering.run(self._sender.sweep, slow=True)
            except Busy:
                log.warning("the database cannot be used; trying again later")
            except Exception:
                log.exception("the sweep failed; it goes on")
            await asyncio.sleep(self._answering.pace.sweep)

    def _task(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task

    async def _told(self, found: Read, key: str) -> str:
        return await self._answering.told(found.sender, key)

    def _sealed(self, user: str, text: str) -> Response:
        """The text in an envelope; an empty body, which WeCom takes for no answer, for none."""
        if not text:
            return Response("", media_type="text/plain")
        fields = {
            "ToUserName": user, "FromUserName": self._config.corp_id,
            "CreateTime": str(int(time.time())), "MsgType": "text", "Content": text,
        }  # fmt: skip
        return Response(self._door.seal(fields), media_type="application/xml")
