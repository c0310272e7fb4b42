"""How long things may take, in seconds; tests make them short."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timings:
    """Times of the channel."""

    ping: float = 30.0
    """Between two pings; the platform drops who is silent for longer."""
    ack: float = 8.0
    """Within which a frame is acknowledged, or the connection counts as dead."""
    open: float = 10.0
    """Within which a connection opens."""
    again: float = 1.0
    """The first wait before connecting anew; it doubles with each failure."""
    most: float = 60.0
    """The longest such wait."""
    replaced: float = 30.0
    """The first wait after another client took our place: two would throw each other out."""
    lease: float = 6.0
    """For how long one server holds the bot; it renews that at a third of it."""
    look: float = 1.0
    """Between two looks of the others at whether the holder is gone."""
    busy: float = 0.5
    """Wait before a callback is tried again that could not be taken."""
    step: float = 0.1
    """Wait before a frame is sent again that was lost with its connection."""
    returning: float = 3.0
    """So long after a reconnection a callback may be pushed again whose reply was not seen."""
    limited: float = 20.0
    """Wait before a reply is tried again that the platform found too many."""
    patience: float = 600.0
    """So long a reply waits for a connection in this process; then it is the sweep's."""
    sweep: float = 10.0
    """Between two looks for replies that some process left behind."""
    renew: float = 5.0
    """Between two renewals of the replies in hand."""
    drain: float = 8.0
    """How long the end of the process waits for replies under way."""


def backoff(first: float, most: float, failures: int) -> float:
    """The wait after so many failures: doubling, and spread out so that servers do not march."""
    full: float = min(most, first * 2.0 ** min(failures, 16))
    return full * (0.5 + random.random() / 2)
