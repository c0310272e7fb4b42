"""What this process has in hand: updates that no other process, and no second task, may touch."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import weakref
from collections.abc import AsyncIterator

from bot.store import Busy
from bot.store.leases import Leases

NAME = "telegram:update:"


class Hands:
    """Takes updates by a key, in this process and among all."""

    def __init__(self, leases: Leases, seconds: float) -> None:
        self.holder = secrets.token_hex(8)
        self._leases, self._seconds = leases, seconds
        self._held: set[str] = set()

    async def take(self, key: str) -> bool:
        """Whether it is ours until released. Raises Busy."""
        if key in self._held:
            return False
        self._held.add(key)
        taken = False
        try:
            taken = await asyncio.to_thread(
                self._leases.take, NAME + key, self.holder, self._seconds
            )
        finally:
            if not taken:
                self._held.discard(key)
        return taken

    async def release(self, key: str) -> None:
        """Let others have it; where the database cannot be told, the lease runs out."""
        try:
            with contextlib.suppress(Busy):
                await asyncio.to_thread(self._leases.release, NAME + key, self.holder)
        finally:
            self._held.discard(key)

    async def renew(self) -> None:
        """Keep what is in hand; called well before a lease runs out."""
        for key in list(self._held):
            with contextlib.suppress(Busy):
                await asyncio.to_thread(self._leases.take, NAME + key, self.holder, self._seconds)


class Turns:
    """One after the other in each chat, in the order of asking."""

    def __init__(self) -> None:
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def of(self, chat: str) -> AsyncIterator[None]:
        """The chat's turn."""
        lock = self._locks.setdefault(chat, asyncio.Lock())
        async with lock:
            yield
