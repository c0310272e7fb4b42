"""One connection to the platform: subscribed, kept alive, each frame out with its answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from bot.channels.wecom_bot import frames
from bot.channels.wecom_bot.frames import Frame
from bot.channels.wecom_bot.reading import is_replaced
from bot.channels.wecom_bot.timings import Timings

HUGE = 16 * 1024 * 1024
"""Bytes of a frame at which the connection is given up; below that a long one is passed over."""
CLOSING = 2.0
"""Seconds that a farewell may take."""
UNSUBSCRIBED = 846609
"""The platform has dropped the subscription and left the connection open."""
log = logging.getLogger("zhiwen.wecom_bot")


class Lost(Exception):
    """The connection is gone; where the frame was *sent*, whether it arrived is not known."""

    def __init__(self, told: str, sent: bool = False) -> None:
        super().__init__(told)
        self.sent = sent


class Refused(Exception):
    """The platform has refused a frame."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with code {code}")
        self.code = code


class Connection:
    """An open connection; ends when it is lost, closed, or another client takes its place."""

    def __init__(self, socket: ClientConnection, timings: Timings) -> None:
        self._socket, self._timings = socket, timings
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self.replaced = False

    @classmethod
    async def connect(cls, url: str, timings: Timings) -> Connection:
        """A new connection. Raises Lost."""
        try:
            # Its own pings are off: the platform counts those of its protocol alone.
            socket = await connect(
                url, open_timeout=timings.open, close_timeout=CLOSING, ping_interval=None,
                max_size=HUGE,
            )  # fmt: skip
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            raise Lost(type(error).__name__) from None
        return cls(socket, timings)

    async def run(
        self, bot_id: str, secret: str, ready: Callable[[], None], took: Callable[[Frame], None]
    ) -> None:
        """Subscribe, then hand on callbacks until the connection ends.

        *ready* is told once, when frames may be sent. Raises Refused where bot and secret are not
        known.
        """
        receiving = asyncio.create_task(self._receive(took))
        pinging: asyncio.Task[None] | None = None
        try:
            body = {"bot_id": bot_id, "secret": secret}
            await self.call(frames.SUBSCRIBE, frames.new_request(frames.SUBSCRIBE), body)
            ready()
            pinging = asyncio.create_task(self._ping())
            await asyncio.wait({receiving, pinging}, return_when=asyncio.FIRST_COMPLETED)
        except Lost:
            pass
        finally:
            await self.close()
            for task in filter(None, (receiving, pinging)):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def call(self, command: str, request: str, body: dict[str, Any] | None) -> Frame:
        """Send a frame, and wait until it is acknowledged. Raises Lost, Refused."""
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[request] = answer
        try:
            await self._socket.send(frames.serialize(command, request, body))
            found = await asyncio.wait_for(answer, self._timings.ack)
        except TimeoutError:
            # Silence is the sign of a connection that is dead and does not know it yet.
            await self.close()
            raise Lost("no acknowledgement", sent=True) from None
        except ConnectionClosed:
            raise Lost("closed", sent=True) from None
        finally:
            self._waiting.pop(request, None)
            answer.cancel()  # its failure, if it has one, is told already
        if found.code == UNSUBSCRIBED:
            await self.close()
            raise Lost("not subscribed")
        if found.code:
            raise Refused(found.code)
        return found

    async def close(self) -> None:
        """End it; whoever waits for an acknowledgement is told."""
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Lost("closed", sent=True))
        await self._socket.close()

    async def _receive(self, took: Callable[[Frame], None]) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for raw in self._socket:
                frame = frames.read(raw)
                if frame is None:
                    log.warning("a frame cannot be read; it is passed over")
                elif not frame.command:
                    answer = self._waiting.get(frame.request)
                    if answer is not None and not answer.done():
                        answer.set_result(frame)
                elif is_replaced(frame):
                    self.replaced = True
                    break
                else:
                    took(frame)
        await self.close()

    async def _ping(self) -> None:
        with contextlib.suppress(Lost, Refused):
            while True:
                await asyncio.sleep(self._timings.ping)
                await self.call(frames.PING, frames.new_request(frames.PING), None)
