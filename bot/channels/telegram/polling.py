"""Long polling: updates are fetched by one process at a time and confirmed once they are safe."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from typing import Any

from telegram.error import Conflict, TelegramError

from bot.channels.telegram import joining
from bot.channels.telegram.answering import Answering
from bot.channels.telegram.reading import KINDS
from bot.channels.telegram.retry import call
from bot.channels.telegram.timings import pause
from bot.store import StoreUnavailable

LEASE = "telegram:poll"
BATCH = 100
PIECES = 4
"""So often the rest of a text is waited for."""
log = logging.getLogger("zhiwen.telegram")


class Polling:
    """Fetches updates until stopped."""

    def __init__(self, answering: Answering) -> None:
        self._answering, self._stopping = answering, answering.stopping
        self._timings, self._bot = answering.timings, answering.bot
        self._leases = answering.app.store.leases
        self._offset = 0
        self._polls = False

    async def run(self) -> None:
        """Poll while this process holds the lease; several processes take it in turns."""
        # Polling is refused while a webhook is set. What waits there is not lost.
        await call(self._timings, lambda: self._bot.delete_webhook(drop_pending_updates=False))
        try:
            while not self._stopping.is_set():
                self._polls = await self._holds_lease()
                if self._polls:
                    await self._poll_once()
                else:
                    await pause(self._timings.conflict, self._stopping)
        finally:
            self._polls = False
            with contextlib.suppress(StoreUnavailable):
                await asyncio.to_thread(self._leases.release, LEASE, self._answering.app.holder)

    async def renew(self) -> None:
        """Keep the lease while this process polls, however long its updates take."""
        if self._polls:
            await self._holds_lease()

    async def _holds_lease(self) -> bool:
        """Whether this process may poll now; asking renews that."""
        holder, seconds = self._answering.app.holder, self._timings.lease
        try:
            return await asyncio.to_thread(self._leases.take, LEASE, holder, seconds)
        except StoreUnavailable:
            return False

    async def _poll_once(self) -> None:
        """Fetch once, and see that everything fetched is safe."""
        updates = await self._fetch_updates(self._timings.poll)
        begun: set[int] = set()
        for _ in range(PIECES):
            if updates is None:
                return
            cut = joining.awaits_more(updates, time.time())
            await self._take([one for one in updates if joining.key_of(one) not in cut], begun)
            if not cut:
                break
            await pause(self._timings.together, self._stopping)
            if self._stopping.is_set():
                return  # nothing is confirmed: it comes again, with its rest
            updates = await self._fetch_updates(0.0) or updates
        else:
            await self._take(updates or [], begun)
        if updates and not self._stopping.is_set():
            # The next request confirms these, so that a process that dies before loses nothing.
            self._offset = updates[-1]["update_id"] + 1

    async def _take(self, updates: list[dict[str, Any]], begun: set[int]) -> None:
        """See that these are safe, but for those *begun* before."""
        fresh = [one for one in updates if one["update_id"] not in begun]
        begun.update(one["update_id"] for one in fresh)
        # In the order of their numbers, which the locks of each chat keep.
        await asyncio.gather(
            *(self._take_until_safe(update) for update in joining.join_pieces(fresh))
        )

    async def _fetch_updates(self, seconds: float) -> list[dict[str, Any]] | None:
        """The updates that wait; None where there was trouble, or when this process stops."""
        timings = self._timings
        asking = asyncio.ensure_future(
            self._bot.updates(self._offset, BATCH, seconds, KINDS, timings.read)
        )
        stopped = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({asking, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not asking.done():
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            return None
        try:
            return asking.result()
        except Conflict:
            # Another process polls with this token, without our lease: perhaps elsewhere.
            log.warning("somebody else polls with this token, or a webhook is set; waiting")
            await pause(self._timings.conflict, self._stopping)
        except TelegramError as error:
            log.warning("Telegram cannot be reached: %s", type(error).__name__)
            await pause(self._timings.conflict, self._stopping)
        return None

    async def _take_until_safe(self, update: dict[str, Any]) -> None:
        """Come back to an update until it is safe, or this process stops."""
        while await self._answering.take(update) is None and not self._stopping.is_set():
            await pause(self._timings.busy, self._stopping)
