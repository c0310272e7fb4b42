"""The Telegram channel on a server of its own, against the stand-in of telegram_api.py."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import telegram_api
import uvicorn
from fastapi import FastAPI
from telegram_api import Api
from web_server import START_SECONDS, until

from bot.app import App, Counts
from bot.channels.telegram.channel import attach
from bot.channels.telegram.settings import Settings as Telegram
from bot.channels.telegram.timings import Timings
from bot.config import Config
from bot.rate_limits import RateLimiter
from bot.reload import ContentReloader
from bot.store import Store, open_store

FAST = Timings(
    poll=2.0, connect=2.0, read=2.0, again=(0.01, 0.02, 0.05, 0.1), busy=0.05, together=0.4,
    conflict=0.05, lease=3.0, sweep=0.2, patience=20.0, drain=5.0, rate=0.0, group_rate=0.0,
)  # fmt: skip

REAL = Timings(rate=0.0, group_rate=0.0)
"""As in operation, but for the bounds on how fast it sends."""


class Clock:
    """The time of the database, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        """The time."""
        return time.time() + self.ahead


@dataclass(repr=False)
class Bot:
    """A running channel."""

    url: str
    store: Store
    app: App
    stop: Any
    clock: Clock
    web: FastAPI

    @property
    def works(self) -> bool:
        """What the channel tells the server of itself."""
        return bool(self.web.state.channel.works())

    def later(self) -> None:
        """Time passes, more than a reply may take."""
        self.clock.ahead += 60

    @property
    def unsent(self) -> int:
        """Replies that were kept and have not arrived."""
        with self.store.engine.connect() as db:
            query = "select count(*) from replays where sent is null and reply is not null"
            return int(db.exec_driver_sql(query).scalar() or 0)


@contextlib.contextmanager
def process(
    api: Api, folder: Path, mode: str = "polling", pace: str = "fast"
) -> Iterator[subprocess.Popen[str]]:
    """A bot in a process of its own, to be ended in any way; its *pace* is "fast" or "real"."""
    command = [sys.executable, __file__, api.url, str(folder), mode, pace]
    path = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[2])])
    running = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": path}, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    try:
        url = running.stdout.readline().strip()
        assert url, "the process does not start"
        api.servers.append(url)
        sign = {"polling": "getUpdates", "webhook": "setWebhook"}[mode]
        until(lambda: api.count(sign) or running.poll() is not None, "no start", 60)
        yield running
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


@contextlib.contextmanager
def running(
    api: Api,
    folder: Path,
    live: ContentReloader,
    pace: Timings = FAST,
    mode: str = "polling",
    allow: tuple[str, ...] = ("*",),
    profile: str = "none",
    clock: Clock | None = None,
    database: str = "",
) -> Iterator[Bot]:
    """A bot over that database, or the one in *folder*; several may run over the same one."""
    telegram = Telegram(
        mode=mode, url=telegram_api.PUBLIC if mode == "webhook" else None, allow=allow,  # type: ignore[arg-type]
        api=api.url,
    )  # fmt: skip
    config = Config(
        platforms={"telegram": telegram},
        database=database or str(folder / "zhiwen.db"),
        organization=profile,
    )
    clock = clock or Clock()
    store = open_store(config.database, clock)
    ours = App(config, store, live, Counts(store), chat_rates=RateLimiter(rate=1e6, burst=10**6))

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with companion as channel:
            app.state.channel = channel
            yield

    app = FastAPI(lifespan=lifespan)
    companion = attach(app, ours, pace)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    )
    thread = threading.Thread(target=server.run, args=([listening],), name="telegram bot")
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    api.servers.append(url)
    thread.start()
    stopped = []

    def stop() -> None:
        if not stopped:
            stopped.append(True)
            api.servers.remove(url)
            server.should_exit = True
            thread.join(START_SECONDS)
            listening.close()
            assert not thread.is_alive(), "the bot does not stop"
            store.close()

    try:
        until(lambda: server.started or not thread.is_alive(), "the bot does not start")
        yield Bot(url, store, ours, stop, clock, app)
    finally:
        stop()


def main(url: str, folder: str, mode: str, pace: str) -> None:
    """Run until SIGTERM."""
    end = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    wanted = {"fast": FAST, "real": REAL}[pace]
    with running(Api(url), Path(folder), ContentReloader(), wanted, mode) as bot:
        print(bot.url, flush=True)
        end.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
