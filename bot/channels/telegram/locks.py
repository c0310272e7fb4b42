"""Whose turn it is in a chat."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import AsyncIterator


class ChatLocks:
    """One after the other in each chat, in the order of asking."""

    def __init__(self) -> None:
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def lock(self, chat: str) -> AsyncIterator[None]:
        """The chat's turn."""
        lock = self._locks.setdefault(chat, asyncio.Lock())
        async with lock:
            yield
