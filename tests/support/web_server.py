"""The real application on a loopback port, for tests that speak HTTP with it.

The fixtures `live`, `server`, `password_server` and `header_server` stand in conftest.py; a test
that needs a database of its own uses `serving`.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from bot.app import App, Counts
from bot.channels import attach
from bot.channels.table import PLATFORMS
from bot.config import Config
from bot.rate_limits import RateLimiter
from bot.reload import ContentReloader
from bot.store import open_store
from bot.store.engine import BUSY_SECONDS
from bot.store.people import Person
from bot.web import passwords
from bot.web.app import create_app
from bot.web.attempts import Attempts
from bot.web.startup import check

PASSWORD = "correct horse battery"
START_SECONDS = 20.0


@dataclass(frozen=True)
class Server:
    """A running server: where it listens and what it works with."""

    url: str
    """Without a slash at the end."""
    app: App
    web: Any
    """The ASGI application."""

    @property
    def batches(self) -> Any:
        """The batches of postings."""
        self.web.state.batches.recover()
        return self.web.state.batches

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rpartition(":")[2])

    def client(self, **options: Any) -> httpx.Client:
        """A client with cookies of its own; redirects are not followed unless asked."""
        options.setdefault("headers", {"accept-language": "en"})
        return httpx.Client(base_url=self.url, timeout=30, **options)

    def forgive(self) -> None:
        """Nothing that went wrong at signing in is held against anybody any more."""
        self.web.state.attempts = Attempts()

    def add(self, name: str, *roles: str) -> Person:
        """A person with those roles and PASSWORD."""
        return self.app.store.people.add(name, roles, passwords.hash_password(PASSWORD))

    def bearer(self, name: str, *roles: str) -> dict[str, str]:
        """The header by which a program is known as that person, who is made if need be."""
        known = {person.name: person for person in self.app.store.people.all()}
        person = known.get(name) or self.add(name, *roles)
        token = self.app.store.people.open_session(person.id)
        return {"authorization": f"Bearer {token}"}

    @contextlib.contextmanager
    def signed_in(self, name: str, *roles: str, **options: Any) -> Iterator[httpx.Client]:
        """A client that has signed in through the form; the person is made if need be."""
        if name not in {person.name for person in self.app.store.people.all()}:
            self.add(name, *roles)
        with self.client(**options) as client:
            fields = {"name": name, "password": PASSWORD, "form": form_of(client, "/sign-in")}
            answer = client.post("/sign-in", data=fields)
            assert answer.status_code == 303, answer.text
            yield client


def form_of(client: httpx.Client, path: str = "/") -> str:
    """What a page of an earlier release had in its forms; a browser may still hold one.

    The page is visited, as a browser would; it has a form, and no token in it.
    """
    page = client.get(path, follow_redirects=True)
    assert "<form" in page.text, f"{path} has no form: {page.status_code}"
    assert 'name="form"' not in page.text
    return "0" * 40


@contextlib.contextmanager
def serving(
    folder: Path,
    live: ContentReloader,
    rates: RateLimiter | None = None,
    patience: float = BUSY_SECONDS,
    companions: Sequence[Any] = (),
    clock: Any = None,
    **settings: Any,
) -> Iterator[Server]:
    """The application over a SQLite database in *folder*; *settings* are those of Config.

    Without *rates* a test may ask as often as it likes. *patience*: seconds that a writer waits.
    *clock*: that of the store.
    """
    settings.setdefault("database", str(folder / "zhiwen.db"))
    sections = {name: settings.pop(name) for name in PLATFORMS if name in settings}
    config = Config(**settings, platforms=sections)
    check(config)
    store = open_store(config.database, clock, patience=patience)
    rates = rates or RateLimiter(rate=1e6, burst=10**6)
    app = App(config, store, live, Counts(store), rates, rates)
    web = create_app(app)
    web.state.companions = [*attach(web, app), *companions]
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    uvicorn_config = uvicorn.Config(
        web, log_config=None, access_log=False, server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    running = uvicorn.Server(uvicorn_config)
    thread = threading.Thread(target=running.run, args=([listening],), name="web server")
    thread.start()
    try:
        until(lambda: running.started or not thread.is_alive(), "the server does not start")
        assert thread.is_alive(), "the server did not start"
        yield Server(f"http://127.0.0.1:{listening.getsockname()[1]}", app, web)
    finally:
        running.should_exit = True
        thread.join(START_SECONDS)
        listening.close()
        assert not thread.is_alive(), "the server does not stop"


def until(condition: Any, complaint: str, seconds: float = START_SECONDS) -> None:
    """Wait until *condition* is true, but not for ever."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, complaint
        time.sleep(0.01)
