"""The bot's place at the platform: held by one server at a time, connected anew when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from bot.app import App
from bot.channels.wecom_bot.connection import Connection, Lost, Refused
from bot.channels.wecom_bot.frames import Frame
from bot.channels.wecom_bot.settings import Settings
from bot.channels.wecom_bot.timings import Timings, backoff
from bot.errors import StoreUnavailable

log = logging.getLogger("zhiwen.wecom_bot")
EXTRA = {"channel": "wecom_bot"}
FAILURES = 3
"""So many times in a row that the place could not be taken, and the channel counts as stopped."""


class Gateway:
    """Connects while this server holds the lease; others wait until it is gone."""

    def __init__(
        self, app: App, config: Settings, secret: str, timings: Timings,
        took: Callable[[Frame], None],
    ) -> None:  # fmt: skip
        self._app, self._config, self._secret = app, config, secret
        self._timings, self._took = timings, took
        self._lease = f"wecom_bot:{config.bot_id}"[:200]
        self._connection: Connection | None = None
        self._open = asyncio.Event()
        self._stopping = asyncio.Event()
        self._failures = self._replaced = 0
        self.holds = False
        """Whether this server has the place, connected just now or not."""

    @property
    def open(self) -> bool:
        """Whether frames can be sent from here now."""
        return self._open.is_set()

    @property
    def works(self) -> bool:
        """Whether the platform lets this server in, where the place is its own."""
        return self.open or not self.holds or self._failures < FAILURES

    async def call(self, command: str, request: str, body: dict[str, Any]) -> Frame:
        """Send a frame over the connection there is. Raises Lost, Refused."""
        await self.wait_until_ready(self._timings.look)
        connection = self._connection
        if connection is None:
            raise Lost("no connection")
        return await connection.call(command, request, body)

    async def wait_until_ready(self, seconds: float) -> None:
        """Wait so long at most until frames can be sent."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._open.wait(), seconds)

    async def run(self) -> None:
        """Hold the place until stopped."""
        try:
            while not self._stopping.is_set():
                wait = self._timings.look
                if await self._holds_lease():
                    wait = await self._connect()
                await self._pause(wait)
        finally:
            with contextlib.suppress(StoreUnavailable):
                leases = self._app.store.leases
                await asyncio.to_thread(leases.release, self._lease, self._app.holder)

    async def stop(self) -> None:
        """Give the place up."""
        self._stopping.set()
        if self._connection:
            await self._connection.close()

    async def _connect(self) -> float:
        """One connection from its beginning to its end; how long to wait before the next."""
        try:
            connection = await Connection.connect(self._config.url, self._timings)
        except Lost as lost:
            return self._wait_after_failure("the platform cannot be reached: %s", lost)
        keeping = asyncio.create_task(self._keep(connection))
        try:
            await connection.run(
                self._config.bot_id,
                self._secret,
                lambda: self._on_connected(connection),
                self._took,
            )
        except Refused as refused:
            return self._wait_after_failure(
                "the platform does not know bot and secret: %s", refused
            )
        finally:
            self._open.clear()
            self._connection = None
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        return self._wait_after_end(connection)

    def _on_connected(self, connection: Connection) -> None:
        self._connection, self._failures = connection, 0
        self._open.set()
        self._count("connected")

    def _wait_after_end(self, connection: Connection) -> float:
        if connection.replaced:
            self._replaced += 1
            self._count("replaced")
            log.error("another client took the bot's place; only one may be connected", extra=EXTRA)
            return backoff(self._timings.replaced, 10 * self._timings.replaced, self._replaced)
        if self._stopping.is_set():
            return 0.0
        return self._wait_after_failure("the connection was lost%s", "")

    def _wait_after_failure(self, told: str, error: object) -> float:
        self._count("lost")
        log.warning(told, error, extra=EXTRA)
        wait = backoff(self._timings.again, self._timings.most, self._failures)
        self._failures += 1
        return wait

    async def _keep(self, connection: Connection) -> None:
        """Renew the lease; without it, hang up: another server answers now."""
        while True:
            await asyncio.sleep(self._timings.lease / 3)
            if not await self._holds_lease():
                log.warning("the lease is lost; hanging up", extra=EXTRA)
                await connection.close()
                return

    async def _holds_lease(self) -> bool:
        """Whether this server may connect now; asking renews that."""
        leases, holder, seconds = self._app.store.leases, self._app.holder, self._timings.lease
        try:
            self.holds = await asyncio.to_thread(leases.take, self._lease, holder, seconds)
        except StoreUnavailable:
            self.holds = False
        return self.holds

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _count(self, what: str) -> None:
        self._app.counts.add([("connection", f"wecom_bot {what}")])
