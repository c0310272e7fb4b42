"""What a channel works with: configuration, store, live content, counts; made once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from bot.config import Config
from bot.live import Live
from bot.rates import Rates
from bot.store import Store

BURST, RATE = 30, 1.0
"""Messages of one person at once, and a second in the long run."""
TRIES, TRIES_RATE = 5, 1 / 60
"""Binding codes that somebody may try at once, and a second in the long run."""


class Tally(Protocol):
    """Where counts go."""

    def __call__(self, counted: Counter[tuple[str, str]], /) -> None:
        """Add to what has been counted."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that answer on every platform."""

    config: Config
    store: Store
    live: Live
    count: Tally
    """Takes counts, to be written down from time to time."""
    rates: Rates = field(default_factory=lambda: Rates(rate=RATE, burst=BURST))
    tries: Rates = field(default_factory=lambda: Rates(rate=TRIES_RATE, burst=TRIES))
    """How often somebody may try a binding code: with fifty bits, guessing is hopeless."""
