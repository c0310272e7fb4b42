"""App: what a running assistant works with; made once, handed to everyone."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.config import Config
from bot.rate_limits import RateLimiter
from bot.reload import ContentReloader
from bot.store import Store, StoreUnavailable
from rules.book import RuleBook

BURST, RATE = 30, 1.0
"""Messages of one person on a chat platform at once, and a second in the long run."""
TRIES, TRIES_RATE = 5, 1 / 60
"""Binding codes that somebody may try at once, and a second in the long run."""
Counted = tuple[str, str]


class Counts:
    """What is counted, added up here and written down from time to time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: Counter[Counted] = Counter()
        self._written: Counter[Counted] = Counter()
        self._lock = threading.Lock()
        self.heard: Callable[[Counter[Counted]], None] = lambda _: None
        """Told everything that is counted, at once."""

    def add(self, counted: Iterable[Counted]) -> None:
        """Count each of them; a Counter is added as it is."""
        counted = Counter(counted)
        with self._lock:
            self._waiting.update(counted)
        self.heard(counted)

    def flush(self) -> None:
        """Write them down; what cannot be written now is kept for the next time."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
        if not taken:
            return
        try:
            self._store.feedback.count(taken)
        except StoreUnavailable:
            with self._lock:
                self._waiting.update(taken)
        else:
            with self._lock:
                self._written.update(taken)

    def total(self) -> Counter[Counted]:
        """Everything that was counted since the start."""
        with self._lock:
            return self._written + self._waiting


@dataclass(frozen=True, slots=True)
class App:
    """The parts that every page, door and chat platform answers with."""

    config: Config
    store: Store
    content: ContentReloader
    counts: Counts
    rates: RateLimiter = field(default_factory=RateLimiter)
    """How often one person may ask on the web."""
    chat_rates: RateLimiter = field(default_factory=lambda: RateLimiter(rate=RATE, burst=BURST))
    """The same on chat platforms."""
    tries: RateLimiter = field(default_factory=lambda: RateLimiter(rate=TRIES_RATE, burst=TRIES))
    """How often somebody may try a binding code: with fifty bits, guessing is hopeless."""
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    """This process among those that share the store."""

    @property
    def book(self) -> RuleBook:
        """The rules and content in use now, all of it."""
        return self.content.book


def app_of(config: Config, store: Store, content: ContentReloader) -> App:
    """The App over an open store."""
    return App(config, store, content, Counts(store))
