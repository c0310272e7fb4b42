"""How long things may take: waiting, trying again, holding; in seconds."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """Times of the Telegram channel; tests make them short."""

    poll: float = 25.0
    """How long Telegram holds a request for updates open."""
    connect: float = 10.0
    read: float = 20.0
    """How long an answer of Telegram may take, beside what `poll` adds."""
    again: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)
    """Waits before a call is tried again; after the last it is left to the sweep."""
    busy: float = 1.0
    """Wait before an update is tried again that could not be taken."""
    together: float = 1.5
    """How long the rest of a text is waited for that may have been cut."""
    returning: float = 15.0
    """The same for a piece that a process left behind: Telegram brings the rest when it can."""
    conflict: float = 5.0
    """Wait after another process was found to poll."""
    lease: float = 30.0
    """For how long one process has a thing for itself, unless it renews that."""
    sweep: float = 30.0
    """From one look for replies that never arrived to the next."""
    patience: float = 25.0
    """How long a webhook request waits for its reply to arrive."""
    drain: float = 8.0
    """How long the end of the process waits for replies under way."""
    rate: float = 30.0
    """Messages a second over all chats; 0 for no bound."""
    group_rate: float = 20.0
    """Messages a minute in one group; 0 for no bound."""


async def pause(seconds: float, stopping: asyncio.Event) -> None:
    """Wait so long, unless this process stops."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
