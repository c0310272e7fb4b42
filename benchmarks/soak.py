"""Half an hour of mixed load on a real server: memory, latency and errors have to stay flat.

python benchmarks/soak.py [QUESTIONS.jsonl] [--minutes 30] [--connections 8] [--workers 2]

Questions, conversations, postings, pages, thumbs and health checks over kept connections, in a mix
that is always the same. Prints a line a minute and, at the end, what grew from the first third of
the time to the last. Exit code 1 if anything failed or memory grew by more than a tenth.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from load import Connection, get
from server import QUESTIONS, start, stop

from bot.store import open_store

POSTING = {"title": "Content operations", "description": "Write and edit articles every week."}
PEOPLE = 200
GROWTH = 1.1
"""How much memory may grow; caches fill in the beginning."""
MIX = ("ask",) * 12 + ("chat",) * 3 + ("classify",) * 2 + ("page", "thumb", "health")


@dataclass
class Window:
    """A stretch of time: how long answers took, what failed, what memory it took at the end."""

    taken: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    memory: float = 0.0

    def line(self, number: int, seconds: float) -> str:
        """One line of figures."""
        taken = sorted(self.taken) or [0.0]
        p50, p99 = (taken[int(len(taken) * part)] * 1000 for part in (0.5, 0.99))
        return (
            f"{number:3}  {len(self.taken) / seconds:7.1f}/s  p50 {p50:7.1f} ms  p99 {p99:8.1f} ms"
            f"  {self.memory:6.0f} MB  errors {sum(self.failed.values())} {dict(self.failed) or ''}"
        )


def post(path: str, body: object, token: str) -> bytes:
    """A call of the API by one of many people, so that nobody asks too often."""
    raw = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {token}\r\ncontent-length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


def request(kind: str, question: str, token: str) -> bytes:
    """One request of the mix."""
    if kind == "chat":
        return post("/api/ask", {"question": question, "chat": "soak"}, token)
    if kind == "classify":
        return post("/api/classify", POSTING, token)
    if kind == "thumb":
        return post("/api/feedback", {"question": question, "good": True}, token)
    if kind == "ask":
        return post("/api/ask", {"question": question}, token)
    return get("/sign-in" if kind == "page" else "/healthz")


def people(folder: str) -> list[str]:
    """A configuration with sign-in, and a token of each of many people."""
    (Path(folder) / "config.yaml").write_text("auth: password\n", encoding="utf-8")
    store = open_store(str(Path(folder) / "data/zhiwen.db"))
    added = [store.people.add(f"person {i}", ("staff", "hr")) for i in range(PEOPLE)]
    tokens = [store.people.open_session(person.id) for person in added]
    store.close()
    return tokens


def memory(pid: int) -> float:
    """Megabytes that a process and all it has begun hold for themselves."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    except OSError:
        return 0.0
    own = sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(memory(int(child)) for child in children)


async def load(
    port: int, questions: list[str], tokens: list[str], until: float, window: list[Window], n: int
) -> None:
    """One connection's share of the load."""
    chance, connection = random.Random(n), None
    while time.monotonic() < until:
        kind = chance.choice(MIX)
        try:
            if connection is None:
                connection = Connection(port)
                await connection.open()
            took = await connection.ask(
                request(kind, chance.choice(questions), chance.choice(tokens))
            )
            window[-1].taken.append(took)
        except (OSError, RuntimeError, asyncio.IncompleteReadError) as error:
            # A thumb is answered with 201, which the client takes for a fault.
            if "201" in str(error):
                connection = None
                continue
            window[-1].failed[f"{kind} {error}"[:60]] += 1
            connection = None


async def run(
    options: argparse.Namespace, questions: list[str], tokens: list[str], port: int, pid: int
) -> int:
    """The whole time; returns the exit code."""
    step = min(60.0, options.minutes * 60 / 3)
    windows = [Window()]
    end = time.monotonic() + options.minutes * 60
    loads = [
        asyncio.create_task(load(port, questions, tokens, end, windows, n))
        for n in range(options.connections)
    ]
    while time.monotonic() < end - step / 2:
        await asyncio.sleep(min(step, end - time.monotonic()))
        windows[-1].memory = memory(pid)
        print(windows[-1].line(len(windows), step), flush=True)
        windows.append(Window())
    await asyncio.gather(*loads)
    return verdict([one for one in windows if one.memory])


def median(windows: list[Window]) -> float:
    """Seconds that half of the answers took at most."""
    return statistics.median([one for window in windows for one in window.taken] or [1e-9])


def verdict(windows: list[Window]) -> int:
    """Whether it stayed flat, told in one line each."""
    third = max(1, len(windows) // 3)
    first, last = windows[:third], windows[-third:]
    grown = statistics.mean(w.memory for w in last) / statistics.mean(w.memory for w in first)
    slower = median(last) / median(first)
    failed = sum(sum(one.failed.values()) for one in windows)
    print(f"memory x {grown:.2f}, median latency x {slower:.2f}, errors {failed}")
    return int(bool(failed) or grown > GROWTH)


def main() -> None:
    """Start a server, load it, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("questions", nargs="?", help='JSONL with "question" in every line')
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    questions = list(QUESTIONS)
    if options.questions:
        lines = Path(options.questions).read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        tokens = people(folder)
        command = ("-m", "bot.cli", "serve", "--workers", str(options.workers), "--port")
        process, port, _ = start(folder, *command)
        try:
            code = asyncio.run(run(options, questions, tokens, port, process.pid))
        finally:
            stop(process)
    sys.exit(code)


if __name__ == "__main__":
    main()
