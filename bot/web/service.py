"""What every request works with: configuration, store, live content, counts; made once."""

from __future__ import annotations

import asyncio
import ipaddress
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import Config
from bot.errors import BadInput
from bot.kept import database
from bot.live import Live
from bot.store import Busy, Store, open_store
from bot.store.people import ROLES, Person
from bot.web.batches import Batches
from rules.book import RuleBook

LOCAL = Person("local", "local", ROLES)
"""Whoever sits at this machine, where no sign-in is asked for."""


@dataclass(slots=True)
class Service:
    """The parts of a running server."""

    config: Config
    store: Store
    live: Live
    tally: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What has been counted since it was last written down."""
    written: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What this server has written down since it started."""
    failing: set[str] = field(default_factory=set)
    """Steps of housekeeping that failed when they were last tried."""
    running: dict[str, asyncio.Task[object]] = field(default_factory=dict)
    """What runs beside the server, by the name of the channel; done once it has failed."""
    forgot: float | None = None
    """When old rows were last forgotten, by the monotonic clock."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _batches: Batches | None = None

    @property
    def book(self) -> RuleBook:
        """The rules and content in use now, all of it."""
        return self.live.book

    @property
    def batches(self) -> Batches:
        """The batches of postings. Raises Busy while an earlier server's cannot be settled."""
        with self._lock:
            if self._batches is None:
                self._batches = Batches(self.store, folder(self.config) / "batches", self.add)
        self._batches.recover()
        return self._batches

    def add(self, counted: Counter[tuple[str, str]]) -> None:
        """Add to what has been counted."""
        with self._lock:
            self.tally.update(counted)

    def stop(self) -> None:
        """Put an end to what runs in the background."""
        if self._batches:
            self._batches.stop()

    def flush(self) -> None:
        """Write the counts down; what cannot be written now is kept for the next time."""
        with self._lock:
            taken, self.tally = self.tally, Counter()
        if taken:
            try:
                self.store.learning.count(taken)
            except Busy:
                with self._lock:
                    self.tally.update(taken)
            else:
                with self._lock:
                    self.written.update(taken)

    def told(self) -> Counter[tuple[str, str]]:
        """Everything that was counted since the start."""
        with self._lock:
            return self.written + Counter(dict(self.tally))  # copied at once, others count on


def open_service(config: Config, live: Live) -> Service:
    """The service for that configuration. Raises BadInput for a setting that is not safe, Busy."""
    check(config)
    return Service(config, open_store(database(config)), live)


def folder(config: Config) -> Path:
    """Where files are kept: beside the database, or in `data` where that is on a server."""
    where = database(config)
    if "://" in where and not where.startswith("sqlite:///"):
        where = Config().database
    return Path(where.removeprefix("sqlite:///").partition("?")[0]).parent


def check(config: Config) -> None:
    """Raises BadInput where strangers could use the server without signing in."""
    if config.auth == "none" and not is_loopback(config.host):
        raise BadInput(
            f"host {config.host} can be reached from outside, and auth is none. Set auth: password"
            " and add people with `zhiwen user add`, or set auth: header behind a proxy that signs"
            " people in"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
