"""Replies are carried until the platform has taken them, over connections that may break."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from bot.channels.background import Threads
from bot.channels.wecom_bot.connection import Lost, Refused
from bot.channels.wecom_bot.gateway import EXTRA, Gateway
from bot.channels.wecom_bot.sending import LATER, Place, carry, steps
from bot.channels.wecom_bot.timings import Timings
from bot.chat.model import OutgoingMessage

Mark = Callable[[int | None], None]
"""Writes down how many parts of a reply have arrived, None for all."""
ATTEMPTS = 10
"""How often what has arrived is tried to be written down."""
log = logging.getLogger("zhiwen.wecom_bot")


class Carrier:
    """Sends the parts of replies in order, each until it is acknowledged.

    A connection may break after a frame went out and before its acknowledgement came. The number
    of a callback ends with its connection; but the platform pushes a callback again whose reply it
    has not got, under another number. So that is waited for: under the new number the reply is
    shown once. If it does not come, the reply probably stands there: it is sent once more, and
    says that it may.
    """

    def __init__(
        self, gateway: Gateway, threads: Threads, page: str | None, timings: Timings
    ) -> None:
        self._gateway, self._threads, self._page = gateway, threads, page
        self._timings = timings
        self._requests: dict[str, str] = {}
        """Message -> the number under which its callback was pushed last."""
        self._awaited: dict[str, asyncio.Event] = {}

    def register(self, key: str, request: str) -> None:
        """A callback has come, perhaps again, under this number."""
        self._requests[key] = request
        if key in self._awaited:
            self._awaited[key].set()

    def finish(self, key: str, request: str) -> None:
        """A callback that came under this number was dealt with."""
        if self._requests.get(key) == request:
            del self._requests[key]

    async def send(self, message: OutgoingMessage, place: Place, begun: int, mark: Mark) -> None:
        """Send the parts that have not arrived; what cannot be sent stays kept."""
        count = len(steps(message, place))
        for number in range(begun, count):
            if not await self._carry(message, number, place):
                return  # for whoever sweeps
            place = replace(place, may_be_repeated=False)
            if number + 1 < count:
                await self.mark(mark, number + 1)
        await self.mark(mark, None)

    async def mark(self, mark: Mark, parts: int | None) -> None:
        """Write down that so many parts have arrived, None for all."""
        await self._threads.write_with_retry(lambda: mark(parts), [self._timings.busy] * ATTEMPTS)

    async def _carry(self, message: OutgoingMessage, number: int, place: Place) -> bool:
        """Whether a part has arrived, or never can."""
        end, arrived = time.monotonic() + self._timings.patience, set[str]()
        while time.monotonic() < end:
            place = self._newest(place)
            part = steps(message, place)[number]
            try:
                await carry(part, place, self._gateway.call, message.language, self._page, arrived)
                return True
            except Lost as lost:
                if not self._gateway.holds:
                    return False  # another server has the place, and finds it kept
                place = await self._next_place(place, lost.sent)
            except Refused as refused:
                if refused.code in LATER:
                    await asyncio.sleep(self._timings.limited)
                elif place.request and part.fallback:
                    place = replace(place, request="")  # actively, and so to the end
                else:
                    log.error("a reply was refused with code %s", refused.code, extra=EXTRA)
                    return True  # for good: the same again would fare no better
        return False

    async def _next_place(self, place: Place, sent: bool) -> Place:
        """Where the reply goes over the next connection; *sent*: it may have arrived."""
        await asyncio.sleep(self._timings.step)
        await self._gateway.wait_until_ready(self._timings.patience)
        place = replace(place, may_be_repeated=place.may_be_repeated or sent)
        newest = self._newest(place)
        if place.request and newest == place:
            return await self._renumber(place)
        return newest

    async def _renumber(self, place: Place) -> Place:
        """The same with another number, if the callback comes again."""
        event = self._awaited.setdefault(place.key, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), self._timings.returning)
        self._awaited.pop(place.key, None)
        return self._newest(place)

    def _newest(self, place: Place) -> Place:
        """The same under the number that counts now, if it goes under one."""
        if not place.request:
            return place
        return replace(place, request=self._requests.get(place.key, place.request))
