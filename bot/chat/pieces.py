"""Pieces of a text that a person's app has cut: kept in the store while their rest is awaited.

With several servers the rest may come to another one; it finds the piece there and takes it over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.app import App
from bot.chat.model import Capability
from bot.store.outbox import Unsent
from bot.store.types import digest

Piece = dict[str, Any]
"""A piece as the platform brought it."""
BEGUN = "begun"
"""Marks one that is being answered by itself: nothing is joined to it any more."""


class Pieces:
    """Keeps what a platform was told is safe and what is not answered yet; blocks.

    Every method raises StoreUnavailable.
    """

    def __init__(self, app: App, can: Capability) -> None:
        self._store, self._holder = app.store, app.holder
        self._channel = f"{can.channel}:pieces"

    def keep(self, number: str, piece: Piece, instead: str = "") -> None:
        """Keep a piece under its *number*, in the place of the one that it goes on from."""
        with self._store.transaction():
            self._store.outbox.claim(self._channel, number, self._holder)
            self._store.outbox.keep(self._channel, number, piece)
            if instead:
                self._store.outbox.mark_sent(self._channel, instead)

    def forget(self, number: str) -> None:
        """It was answered, by itself or with its rest."""
        self._store.outbox.mark_sent(self._channel, number)

    def take_over(self, wanted: Callable[[Piece], bool]) -> Piece | None:
        """The piece that is *wanted* and that another process holds for its rest; it is the
        caller's now."""
        for one in self._store.outbox.list_unsent(self._channel):
            if one.holder == self._holder or one.reply.get(BEGUN) or not wanted(one.reply):
                continue
            if self._store.outbox.swap(self._channel, one, one.reply, self._holder):
                return one.reply
        return None

    def holds(self, number: str) -> bool:
        """Whether it is ours, and nobody has taken it over."""
        return self._own_unsent(number) is not None

    def begin(self, number: str) -> bool:
        """Whether it is ours to answer by itself; from now on nobody takes it over."""
        one = self._own_unsent(number)
        if one is None:
            return False
        begun = one.reply | {BEGUN: True}
        return self._store.outbox.swap(self._channel, one, begun, self._holder)

    def _own_unsent(self, number: str) -> Unsent | None:
        found = (one for one in self._store.outbox.list_unsent(self._channel)
                 if one.message == digest(number) and one.holder == self._holder)  # fmt: skip
        return next(found, None)

    def take_abandoned(self, starting: bool = False) -> list[Piece]:
        """Pieces whose process is gone; they are the caller's now.

        *starting*: a process that has the store for itself finds all of them at once.
        """
        patient = self._store.is_shared or not starting
        rows = self._store.outbox.take_unsent(
            self._channel, 0, holder=self._holder, abandoned=not patient
        )
        return [{k: v for k, v in row.reply.items() if k != BEGUN} for row in rows]
