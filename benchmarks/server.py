"""Answers per second over HTTP, beside a bare page of the same server in the same run.

python benchmarks/server.py [QUESTIONS.jsonl …] [--workers 2] [--seconds 5] [--connections 8]

Starts the server as ``zhiwen serve --workers N`` does, without the limit on one person's requests,
with a database in a temporary folder: one process, and as many as suit the machine. Asks over kept
connections, in turns, so that all meet the same machine: the health check's little page; eight
questions again and again, as people ask what others have asked; and the given ones (without any,
those of ``benchmarks/questions``), each of which comes again only when all others have come.
Each was asked once before, so that entries are in memory; answers are kept nowhere.

Prints rates, p50, p99 and the processor time of the servers for a request, which tells more than
the rate where others use the machine, too; the memory of each process; and how long
``zhiwen serve`` takes until it has answered its first request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from load import Connection, Taken, client, get, measure, post, question

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.config import Config

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
HERE = Path(__file__).parent
ROUNDS = 3
START_SECONDS = 120.0
TICKS = os.sysconf("SC_CLK_TCK")


def wait(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            asyncio.run(_once(port))
            return
        except OSError:
            time.sleep(0.005)
    raise SystemExit("the server does not start")


async def _once(port: int) -> None:
    connection = Connection(port)
    await connection.open()
    await connection.ask(get("/healthz"))
    connection.writer.close()


async def _each_once(port: int, bodies: list[str], connections: int) -> None:
    """Ask every question once, so that what entries say has been read from the disk."""
    waiting = iter(bodies)

    async def one() -> None:
        connection = Connection(port)
        await connection.open()
        for body in waiting:
            await connection.ask(post("/api/ask", body))
        connection.writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))


def start(folder: str, *command: str) -> tuple[subprocess.Popen[bytes], int, float]:
    """(a server, its port, seconds until it answered)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if k not in ("ZHIWEN_DATABASE", "ZHIWEN_CONFIG")}
    env["PYTHONPATH"] = os.pathsep.join([str(HERE.parent), str(HERE)])
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


def serve(port: int, count: int) -> None:
    """What ``zhiwen serve`` does, with no limit on the requests of one person."""
    from bot import logs
    from bot.channels import web
    from bot.channels.workers import METRICS, Supervisor
    from bot.config import Config

    config = Config(port=port)
    logs.start()
    if count == 1:
        web.server_of(unhurried(config)).run(sockets=[web.listen(config)])
        return
    with tempfile.TemporaryDirectory() as counted:
        os.environ[METRICS] = counted
        made = partial(unhurried, config, count)
        settings = web.settings(made, factory=True, workers=count)
        Supervisor(settings, [web.listen(config)]).run()


def unhurried(config: Config, count: int = 1) -> FastAPI:
    """The application, for which nobody asks too often."""
    from bot.channels import workers
    from bot.rate_limits import RateLimiter
    from knowledge.engine.base import ROOT

    app = workers.worker(config, ROOT, None, count)
    app.state.app = replace(app.state.app, rates=RateLimiter(rate=1e9, burst=10**9))
    return app


def family(process: subprocess.Popen[bytes]) -> list[Path]:
    """Where the system tells of the server and its workers; nothing on other systems."""
    tasks = Path(f"/proc/{process.pid}/task")
    if not tasks.exists():
        return []
    text = " ".join((task / "children").read_text() for task in tasks.iterdir())
    return [Path("/proc", pid) for pid in (str(process.pid), *text.split())]


def processor(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor that the server and its workers have taken."""
    ticks = 0
    for place in family(process):
        user, system = (place / "stat").read_text().rpartition(")")[2].split()[11:13]
        ticks += int(user) + int(system)
    return ticks / TICKS


def memory(process: subprocess.Popen[bytes]) -> str:
    """The memory of each process that answers: resident, and what of it is its own."""
    told = []
    for place in family(process):
        lines = (place / "smaps_rollup").read_text().splitlines()[1:]
        size = {name: int(kb.split()[0]) / 1024 for name, kb in (x.split(":", 1) for x in lines)}
        told.append(f"{size['Rss']:.0f} MB ({size['Private_Dirty']:.0f} its own)")
    return "resident: " + (", ".join(told) or "not told by this system")


def told(name: str, taken: list[Taken], spent: float) -> str:
    """One line of figures."""
    rate = sum(one.rate for one in taken) / len(taken)
    p50, p99 = (max(getattr(one, p) for one in taken) * 1000 for p in ("p50", "p99"))
    requests, wrong = sum(one.requests for one in taken), sum(one.wrong for one in taken)
    spread = " ".join(f"{one.rate:.0f}" for one in taken)
    return (
        f"  {name:<22} {rate:6.0f}/s ({spread})  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms"
        f"  {spent / requests * 1000:5.2f} ms of processor" + f"  {wrong} wrong" * bool(wrong)
    )


def compare(count: int, options: argparse.Namespace, questions: list[str]) -> None:
    """Measure a server of so many processes, and print."""
    bodies = [question(text) for text in questions]
    calls = {
        "bare page": ("/healthz", [], options.connections),
        "eight questions": ("/api/ask", list(map(question, QUESTIONS)), options.connections),
        "distinct questions": ("/api/ask", bodies, options.connections),
        "one connection": ("/api/ask", bodies, 1),
    }
    taken: dict[str, list[Taken]] = {name: [] for name in calls}
    spent = dict.fromkeys(calls, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        process, port, _ = start(folder, __file__, "--workers", str(count), "--serve")
        place = Path(folder)
        try:
            for _ in range(count):
                asyncio.run(_each_once(port, bodies, options.connections))
            for _ in range(ROUNDS):
                for name, (path, asked, many) in calls.items():
                    before = processor(process)
                    taken[name].append(measure(place, port, path, asked, options.seconds, many))
                    spent[name] += processor(process) - before
            held = memory(process)
        finally:
            stop(process)
    print(f"{count} process{'es' * (count > 1)}")
    for name in calls:
        print(told(name, taken[name], spent[name]))
    print(f"  {held}")


def cold() -> None:
    """Print how long a server takes until it answers."""
    started = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            process, _, seconds = start(folder, "-m", "bot.cli", "serve", "--port")
            started.append(seconds)
            stop(process)
    print(f"zhiwen serve: first answer after {min(started):.2f} s")


def read(files: list[str]) -> list[str]:
    """The distinct questions of JSONL files, mixed, always in the same order."""
    paths = [Path(file) for file in files] or sorted((HERE / "questions").glob("questions_*.jsonl"))
    lines = (line for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    found = list(dict.fromkeys(json.loads(line)["question"] for line in lines if line.strip()))
    random.Random(1).shuffle(found)  # a turn may not get through all of them: each gets a mixture
    return found


def main() -> None:
    """Measure and print."""
    from bot.channels import machine

    parser = argparse.ArgumentParser()
    parser.add_argument("questions", nargs="*", help='JSONL with "question" in every line')
    parser.add_argument(
        "--workers", type=int, default=machine.workers(alone=False), help="processes of the server"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="for each turn")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve, options.workers)
    questions = read(options.questions)
    print(
        f"{options.connections} connections of {client()}, {len(questions)} distinct questions,"
        f" {os.cpu_count()} cores shared with it; load {os.getloadavg()[0]:.1f}"
    )
    for count in dict.fromkeys((1, options.workers)):
        compare(count, options, questions)
    cold()


if __name__ == "__main__":
    main()
