"""Several processes that answer at one address, and the one that sees to them (uvicorn's)."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import connection
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from uvicorn.config import Config as Settings
from uvicorn.supervisors.multiprocess import Multiprocess

from bot import logs
from bot.channels import web
from bot.channels.shutdown import SIGNALS, STOP_SECONDS
from bot.config import Config
from bot.errors import BadInput, StoreUnavailable
from bot.postings import sandbox
from bot.secrets import secrets_in
from bot.store.location import database
from knowledge.engine.source import ContentError

if TYPE_CHECKING:
    from fastapi import FastAPI

READY = 120
"""Seconds in which a worker that takes another's place must answer; else that one stays."""
AGAIN = 2.0
"""Seconds before a worker that could not begin is begun again."""
METRICS = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers add up what they count; read by the library when it is imported."""
log = logging.getLogger("zhiwen.web")


class Supervisor(Multiprocess):
    """Keeps the workers alive, replaces them one after the other (SIGHUP), ends them in time."""

    def __init__(self, settings: Settings, sockets: list[socket.socket]) -> None:
        super().__init__(settings, sockets)
        self._end: float | None = None
        """When all must have ended, once that was asked for."""
        for number in SIGNALS:
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, number: int, _: FrameType | None) -> None:
        """Whatever is being waited for just now, such as a worker that is being replaced."""
        self.signal_queue.append(number)
        if self._end is None:
            self._end = time.monotonic() + STOP_SECONDS
            # Not here: the event may be locked by what the signal has interrupted.
            threading.Thread(target=self._stop_now, name="stop", daemon=True).start()

    def _stop_now(self) -> None:
        self.should_exit.set()
        for one in self.processes:
            with contextlib.suppress(ProcessLookupError):
                if one.pid is not None and one.exitcode is None:
                    os.kill(one.pid, signal.SIGTERM)

    def restart_all(self) -> None:
        """Each makes room only once its successor answers."""
        usual = self.config.timeout_worker_healthcheck
        self.config.timeout_worker_healthcheck = READY
        try:
            super().restart_all()
        finally:
            self.config.timeout_worker_healthcheck = usual

    def join_all(self) -> None:
        """Whoever has not ended in time is ended."""
        end = self._end or time.monotonic() + STOP_SECONDS
        for one in self.processes:
            one.process.join(max(0.0, end - time.monotonic()))
            if one.process.is_alive():
                one.process.kill()
                one.process.join()


def run(config: Config, root: Path, overlay: Path | None, count: int) -> int:
    """Serve with that many workers until stopped. Raises BadInput, ContentError."""
    logs.start(secrets=secrets_in(database(config)))
    listening = web.listen(config)
    _try_once(config, root, overlay)
    with tempfile.TemporaryDirectory(prefix="zhiwen-metrics-") as counted:
        os.environ[METRICS] = counted
        web.announce(config, listening)
        Supervisor(_settings(config, root, overlay, count), [listening]).run()
    return 0


def _settings(config: Config, root: Path, overlay: Path | None, count: int) -> Settings:
    return web.settings(partial(worker, config, root, overlay, count), factory=True, workers=count)


def _try_once(config: Config, root: Path, overlay: Path | None) -> None:
    """Compile, migrate and check once, in a process whose memory then is free again."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as one:
        one.submit(_check_startup, config, root, overlay).result()


def _check_startup(config: Config, root: Path, overlay: Path | None) -> None:
    logs.start(secrets=secrets_in(database(config)))
    web.application(config, web.content(config, root, overlay)).state.app.store.close()


def worker(config: Config, root: Path, overlay: Path | None, count: int) -> FastAPI:
    """The application of one of *count* workers; the process ends with its supervisor."""
    logs.start(secrets=secrets_in(database(config)))
    threading.Thread(target=_watch, name="supervisor", daemon=True).start()
    sandbox.share(count)
    try:
        return web.application(config, web.content(config, root, overlay))
    except (BadInput, StoreUnavailable, ContentError, OSError) as error:
        log.error("a worker cannot begin: %s", type(error).__name__)
        time.sleep(AGAIN)  # the supervisor begins it anew at once
        raise SystemExit(1) from None


def _watch() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        with contextlib.suppress(OSError):
            os.kill(os.getpid(), signal.SIGTERM)
