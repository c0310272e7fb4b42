"""Real processes of `zhiwen serve` on one database, each begun, killed and ended by itself."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import sys
from dataclasses import dataclass, field

import httpx
from web_server import until

START = 150
"""Seconds that servers may take to start on a busy machine; alone it is three."""
PATIENCE = 60
AHEAD = """
import sys, time
right = time.time
time.time = lambda: right() + {seconds}
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""A server whose clock is wrong."""


@dataclass
class Place:
    """One folder and one database for several servers."""

    folder: object
    where: str
    processes: dict = field(default_factory=dict)

    def start(self, *options, ahead=0, memory=None):
        """The address of one more server, once it answers. *memory*: bytes for each process."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        env = os.environ | {
            "ZHIWEN_DATABASE": self.where, "PYTHONPATH": os.getcwd(), "NO_PROXY": "*",
        }  # fmt: skip
        begin = ["-c", AHEAD.format(seconds=ahead)] if ahead else ["-m", "bot.cli"]
        command = [sys.executable, *begin, "serve", "--port", str(port), *options]
        with open(self.folder / f"{port}.log", "wb") as log:
            process = subprocess.Popen(command, cwd=self.folder, env=env, stdout=log, stderr=log)
        if memory is not None:
            resource.prlimit(process.pid, resource.RLIMIT_AS, (memory, memory))
        self.processes[url] = process
        until(lambda: process.poll() is not None or status(url), "no start", START)
        assert process.poll() is None, (self.folder / f"{port}.log").read_text("utf-8")
        return url

    def kill(self, url):
        """End a server at once."""
        self.processes[url].kill()
        self.processes[url].wait(PATIENCE)

    def log(self, url):
        """What a server wrote."""
        return (self.folder / f"{url.rpartition(':')[2]}.log").read_text("utf-8")

    def end(self):
        """Stop whatever still runs."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()


def status(url):
    """The status of its health; 0 where nobody answers."""
    try:
        return httpx.get(f"{url}/healthz", timeout=10).status_code
    except httpx.HTTPError:
        return 0
