"""Asking a server as fast as it answers: with wrk where it is installed, else from here.

A client in Python takes more processor for a request than a small page does, so that it measures
itself; wrk (https://github.com/wg/wrk) takes next to none.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

SCRIPT = """
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local headers = {["content-type"] = "application/json"}
local at = 0
request = function()
  at = at + 1
  local body = bodies[at % #bodies + 1]
  if body == "" then return wrk.format("GET", wrk.path) end
  return wrk.format("POST", wrk.path, headers, body)
end
done = function(all, latency)
  local wrong = all.errors.status + all.errors.connect + all.errors.read + all.errors.timeout
  io.write(string.format("took %d %d %d %d %d\\n", all.requests, all.duration, wrong,
    latency:percentile(50), latency:percentile(99)))
end
"""
"""Every connection takes the next body of the file; an empty one is asked for by GET."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How one turn went; times in seconds."""

    rate: float
    p50: float
    p99: float
    requests: int
    wrong: int = 0


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


def post(path: str, body: str) -> bytes:
    """A call of the API."""
    raw = body.encode()
    return (
        b"POST %s HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"content-length: %d\r\n\r\n%s" % (path.encode(), len(raw), raw)
    )


def question(text: str) -> str:
    """The body that asks a question."""
    return json.dumps({"question": text}, ensure_ascii=False)


def client() -> str:
    """What asks."""
    return "wrk" if shutil.which("wrk") else "this program"


def measure(
    folder: Path, port: int, path: str, bodies: list[str], seconds: float, connections: int
) -> Taken:
    """One turn over that many kept connections; *bodies*: in turn, none for a page."""
    if shutil.which("wrk"):
        return _with_wrk(folder, port, path, bodies, seconds, connections)
    requests = [post(path, body) for body in bodies] or [get(path)]
    return asyncio.run(_from_here(port, requests, seconds, connections))


def _with_wrk(
    folder: Path, port: int, path: str, bodies: list[str], seconds: float, connections: int
) -> Taken:
    script, asked = folder / "load.lua", folder / "bodies"
    script.write_text(SCRIPT, encoding="utf-8")
    asked.write_text("\n".join(bodies or [""]) + "\n", encoding="utf-8")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}", "-s", str(script)]
    told = subprocess.run(
        [*command, f"http://127.0.0.1:{port}{path}"],
        env={"BODIES": str(asked)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    line = next(line for line in told.splitlines() if line.startswith("took "))
    requests, duration, wrong, p50, p99 = map(int, line.split()[1:])
    return Taken(requests / duration * 1e6, p50 / 1e6, p99 / 1e6, requests, wrong)


async def _from_here(port: int, requests: list[bytes], seconds: float, connections: int) -> Taken:
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
    rate = len(taken) / (time.perf_counter() - start)
    p50, p99 = (sorted(taken)[int(len(taken) * part)] for part in (0.5, 0.99))
    return Taken(rate, p50, p99, len(taken))
