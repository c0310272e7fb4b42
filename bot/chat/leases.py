"""What this process has in hand: messages that no other process, and no second task, may touch."""

from __future__ import annotations

import asyncio

from bot.app import App


class UpdateLeases:
    """Messages in hand, by the key of their row in the outbox; whoever claimed one holds it there.

    A claim runs out by itself, for this process may die; as long as it lives it renews it.
    """

    def __init__(self, app: App, channel: str) -> None:
        self._app, self._channel = app, channel
        self._held: set[str] = set()

    def take(self, key: str) -> bool:
        """Whether it is ours, and not in the hands of another task, until released."""
        if key in self._held:
            return False
        self._held.add(key)
        return True

    def release(self, key: str) -> None:
        """Let others have it."""
        self._held.discard(key)

    async def renew(self) -> None:
        """Keep what is in hand; called well before a claim runs out. Raises StoreUnavailable."""
        if self._held:
            held, app = list(self._held), self._app
            await asyncio.to_thread(app.store.outbox.hold, self._channel, held, app.holder)
