"""Answers per second over HTTP, beside a bare page of the same server in the same run.

python benchmarks/server.py [QUESTIONS.jsonl] [--seconds 5] [--connections 8]

Starts the server in a process of its own, without the limit on one person's requests, with a
database in a temporary folder, and asks over kept connections: the health check's little page and
questions, in turns, so that both meet the same machine. Prints rates, p50 and p99, and the memory;
and how long ``zhiwen serve`` takes until it has answered its first request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

QUESTIONS = (
    "What does a content operations team do?",
    "内容运营主要负责些什么",
    "品牌和市场有什么区别",
    "Which metrics does user operations look at?",
    "活动复盘怎么做",
    "who is responsible for app store ratings",
    "ブランドとは",
    "콘텐츠 운영이 뭐야",
)
ROUNDS = 3
START_SECONDS = 120.0


class Connection:
    """One kept HTTP/1.1 connection; only as much of HTTP as is measured."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def open(self) -> None:
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, request: bytes) -> float:
        """Send a request and read its answer whole. Returns the seconds it took."""
        start = time.perf_counter()
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1").splitlines()[0])
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:-2])
        await self.reader.readexactly(int(fields[b"content-length"]))
        return time.perf_counter() - start


def get(path: str) -> bytes:
    """A request for a page."""
    return f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()


def post(question: str) -> bytes:
    """A question to the API."""
    body = json.dumps({"question": question}).encode()
    return (
        b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n%s" % (len(body), body)
    )


async def measure(
    port: int, requests: list[bytes], seconds: float, connections: int
) -> tuple[list[float], float]:
    """(seconds of every answer, answers a second) with that many connections at once."""
    taken: list[float] = []
    end = time.perf_counter() + seconds

    async def one(mine: Iterator[bytes]) -> None:
        connection = Connection(port)
        await connection.open()
        while time.perf_counter() < end:
            taken.append(await connection.ask(next(mine)))
        connection.writer.close()

    start = time.perf_counter()
    shifted = [requests[i % len(requests) :] + requests for i in range(connections)]
    await asyncio.gather(*(one(cycle(mine)) for mine in shifted))
    return taken, len(taken) / (time.perf_counter() - start)


def wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            asyncio.run(measure(port, [get("/healthz")], 0.01, 1))
            return
        except OSError:
            time.sleep(0.005)
    raise SystemExit("the server does not start")


def memory(process: subprocess.Popen[bytes]) -> str:
    """The resident memory of the server, now and at its peak."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return "resident memory: not told by this system"
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    now, peak = (int(fields[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    return f"resident memory: {now:.0f} MB, at its peak {peak:.0f} MB"


def told(name: str, taken: list[float], rates: list[float]) -> str:
    """One line of figures."""
    taken = sorted(taken)
    p50, p99 = (taken[int(len(taken) * part)] * 1000 for part in (0.5, 0.99))
    spread = " ".join(f"{rate:.0f}" for rate in rates)
    rate = sum(rates) / len(rates)
    return f"{name:<18} {rate:7.0f}/s ({spread})  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms"


def start(folder: str, *command: str) -> tuple[subprocess.Popen[bytes], int, float]:
    """(a server, its port, seconds until it answered)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if k not in ("ZHIWEN_DATABASE", "ZHIWEN_CONFIG")}
    env["PYTHONPATH"] = str(Path(__file__).parent.parent)
    began = time.perf_counter()
    with (Path(folder) / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command, str(port)], cwd=folder, env=env, stderr=log
        )
    wait(port, process)
    return process, port, time.perf_counter() - began


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server as an operator would."""
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def serve(port: int) -> None:
    """What ``zhiwen serve`` does, with no limit on the requests of one person."""
    from bot import logs
    from bot.channels import web
    from bot.config import Config
    from bot.rate_limits import RateLimiter
    from bot.reload import ContentReloader
    from bot.web.app import create_app
    from bot.web.startup import open_app

    config = Config(port=port)
    logs.start()
    unhurried = replace(
        open_app(config, ContentReloader()), rates=RateLimiter(rate=1e9, burst=10**9)
    )
    app = create_app(unhurried)
    web.server_of(app).run(sockets=[web.listen(config)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", nargs="?", help='JSONL with "question" in every line')
    parser.add_argument("--seconds", type=float, default=5.0, help="for each turn")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve)
    questions = list(QUESTIONS)
    if options.questions:
        lines = Path(options.questions).read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in lines if line.strip()]
    calls = {
        "bare page": [get("/healthz")],
        "POST /api/ask": [post(question) for question in questions],
        "one connection": [post(question) for question in questions],
    }
    taken: dict[str, list[float]] = {name: [] for name in calls}
    rates: dict[str, list[float]] = {name: [] for name in calls}
    with tempfile.TemporaryDirectory() as folder:
        process, port, _ = start(folder, __file__, "--serve")
        try:
            asyncio.run(measure(port, calls["POST /api/ask"], 2, options.connections))
            for _ in range(ROUNDS):
                for name, requests in calls.items():
                    many = 1 if name == "one connection" else options.connections
                    some, rate = asyncio.run(measure(port, requests, options.seconds, many))
                    taken[name] += some
                    rates[name].append(rate)
            resident = memory(process)
        finally:
            stop(process)
        started = []
        for _ in range(ROUNDS):
            process, _, seconds = start(folder, "-m", "bot.cli", "serve", "--port")
            started.append(seconds)
            stop(process)
    print(f"{options.connections} connections, {len(questions)} questions, {os.cpu_count()} cores")
    for name in calls:
        print(told(name, taken[name], rates[name]))
    share = sum(rates["POST /api/ask"]) / sum(rates["bare page"])
    print(f"answers come at {share:.0%} of the rate of the bare page")
    print(f"zhiwen serve: first answer after {min(started):.2f} s")
    print(resident)


if __name__ == "__main__":
    main()
