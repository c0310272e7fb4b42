"""What every request works with: configuration, store, live content, counts; made once."""

from __future__ import annotations

import ipaddress
import os
import threading
from collections import Counter
from dataclasses import dataclass, field

from bot.config import Config
from bot.errors import BadInput
from bot.live import Live
from bot.store import Busy, Store, open_store
from bot.store.people import ROLES, Person
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
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def book(self) -> RuleBook:
        """The rules and content in use now."""
        return self.live.book

    @property
    def organization(self) -> str | None:
        """The profile that owner questions are answered with."""
        return None if self.config.organization == "none" else self.config.organization

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


def open_service(config: Config, live: Live) -> Service:
    """The service for that configuration. Raises BadInput for a setting that is not safe, Busy."""
    check(config)
    return Service(config, open_store(database(config)), live)


def database(config: Config) -> str:
    """Where things are kept."""
    return os.environ.get("ZHIWEN_DATABASE") or config.database


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
