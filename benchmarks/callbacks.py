"""WeChat callbacks on the shared server: from the message to its passive reply, at a steady rate.

python benchmarks/callbacks.py [--rate 200] [--seconds 30] [--people 400] [--database URL]

Starts the server in a process of its own, with a database in a temporary folder unless one is
given, and an Official Account in safe mode. Messages arrive as a platform sends them: at their
time, whether or not earlier ones were answered, and the time from then on counts. In the same run
the health check's bare page is asked for ten times a second. Every reply is decrypted afterwards.
A platform breaks off after 5 seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from bot.channels.tencent.crypto import Envelope, signature
from bot.channels.tencent.xml import write

TOKEN, AES_KEY = "benchmark", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx0123456789abcdef"
SEALED = Envelope(AES_KEY, APP_ID)
PATH = "/hooks/wechat"
QUESTIONS = (
    "内容运营主要负责些什么", "品牌和市场有什么区别", "1", "活动复盘怎么做", "What is a KOL?",
    "谁负责写新闻稿", "继续", "ブランドとは", "콘텐츠 운영이 뭐야", "私域运营看哪些指标", "帮助",
    "who is responsible for app store ratings", "2", "为什么这样回答", "清单",
)  # fmt: skip
"""What people write: questions, numbers of choices, words."""
START_SECONDS, LATE = 120.0, 5.0
BARE_RATE = 10
IDLE = 3.0


@dataclass
class Told:
    """What came of one kind of request."""

    taken: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Pool:
    """Kept HTTP/1.1 connections; only as much of HTTP as is measured."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._free: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """(status, body) of the answer."""
        reader, writer = await self._connection()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:-2])
        body = await reader.readexactly(int(fields[b"content-length"]))
        self._free.append((time.perf_counter(), reader, writer))
        return int(head.split()[1]), body

    def close(self) -> None:
        """Close them all."""
        for _, _, writer in self._free:
            writer.close()

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """One that was in use just now, or a new one: the server closes those that are idle."""
        while self._free:
            since, reader, writer = self._free.pop()
            if time.perf_counter() - since < IDLE:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)


def message(number: int, sender: str, text: str) -> bytes:
    """A request with a message, sealed and signed as the platform does."""
    now, nonce = str(int(time.time())), str(number)
    sealed = SEALED.seal(
        write(
            {
                "ToUserName": "gh_1",
                "FromUserName": sender,
                "CreateTime": now,
                "MsgType": "text",
                "Content": text,
                "MsgId": str(10**15 + number),
            }
        )
    )
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt>{sealed}</Encrypt></xml>".encode()
    address = (
        f"{PATH}?encrypt_type=aes&timestamp={now}&nonce={nonce}"
        f"&msg_signature={signature(TOKEN, now, nonce, sealed)}"
    )
    head = f"POST {address} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def bare() -> bytes:
    """A request for the bare page."""
    return b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"


async def send(port: int, arrivals: list[tuple[float, str, bytes]]) -> dict[str, Told]:
    """Send every request at its time. Returns what came of each kind."""
    pool, told = Pool(port), {kind: Told() for _, kind, _ in arrivals}
    start = time.perf_counter() + 0.5

    async def one(at: float, kind: str, request: bytes) -> None:
        await asyncio.sleep(start + at - time.perf_counter())
        try:
            status, body = await pool.ask(request)
        except (OSError, asyncio.IncompleteReadError) as error:
            told[kind].wrong.append(type(error).__name__)
            return
        told[kind].taken.append(time.perf_counter() - start - at)
        told[kind].bodies.append(body)
        if status != 200:
            told[kind].wrong.append(str(status))

    await asyncio.gather(*(one(*arrival) for arrival in arrivals))
    pool.close()
    return told


def arrivals_of(rate: float, seconds: float, people: int, first: int) -> list[tuple]:  # type: ignore[type-arg]
    """(second, kind, request) of everything that comes, at random times as people's messages do."""
    chance = random.Random(first)
    found = [
        (chance.uniform(0, seconds), "callback",
         message(first + i, f"o{chance.randrange(people):027}", chance.choice(QUESTIONS)))
        for i in range(int(rate * seconds))
    ]  # fmt: skip
    found += [(i / BARE_RATE, "bare page", bare()) for i in range(int(BARE_RATE * seconds))]
    return sorted(found)


def line(name: str, told: Told) -> str:
    """One line of figures."""
    taken = sorted(told.taken)
    p50, p99 = (taken[int(len(taken) * part)] * 1000 for part in (0.5, 0.99))
    late = sum(one > LATE for one in taken)
    return (
        f"{name:<10} {len(taken):6}  p50 {p50:7.2f} ms  p99 {p99:7.2f} ms  max"
        f" {taken[-1] * 1000:7.2f} ms  errors {len(told.wrong)}  over 5 s {late}"
    )


def opened(body: bytes) -> str:
    """The text of a reply."""
    sealed = ElementTree.fromstring(body).findtext("Encrypt") or ""
    return ElementTree.fromstring(SEALED.open(sealed)).findtext("Content") or ""


def cpu(process: subprocess.Popen[bytes]) -> float:
    """Seconds of processor that the server has used so far; 0 where the system does not say."""
    stat = Path(f"/proc/{process.pid}/stat")
    if not stat.exists():
        return 0.0
    user, system = stat.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def serve(port: int, database: str) -> None:
    """What ``zhiwen serve`` does, for an account that everybody may ask."""
    from bot import logs
    from bot.channels import attach, web
    from bot.channels.wechat.settings import Settings
    from bot.config import Config
    from bot.reload import ContentReloader
    from bot.web.app import create_app
    from bot.web.startup import open_app

    section = Settings(APP_ID, allow=("*",))
    config = Config(port=port, database=database, platforms={"wechat": section})
    logs.start()
    app = open_app(config, ContentReloader())
    asgi = create_app(app)
    asgi.state.companions = attach(asgi, app)
    web.server_of(asgi).run(sockets=[web.listen(config)])


def start(folder: str, database: str) -> tuple[subprocess.Popen[bytes], int]:
    """(a server that answers, its port)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith("ZHIWEN_")}
    env |= {
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "ZHIWEN_WECHAT_TOKEN": TOKEN, "ZHIWEN_WECHAT_AES_KEY": AES_KEY,
    }  # fmt: skip
    if "ZHIWEN_CACHE" in os.environ:
        env["ZHIWEN_CACHE"] = os.environ["ZHIWEN_CACHE"]
    command = [sys.executable, __file__, "--serve", str(port), "--database", database]
    with (Path(folder) / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stderr=log)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            asyncio.run(Pool(port).ask(bare()))
            return process, port
        except OSError:
            time.sleep(0.05)
    raise SystemExit((Path(folder) / "log").read_text()[-2000:] or "the server does not start")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=200.0, help="messages a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--database", default="zhiwen.db")
    parser.add_argument("--serve", type=int, metavar="PORT", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve, options.database)
    with tempfile.TemporaryDirectory() as folder:
        process, port = start(folder, options.database)
        try:
            # Everybody writes once before, so that the people are known and the server is warm.
            first = 10**9 + int(time.time()) * 100_000
            known = [
                (i / 50, "callback", message(first + i, f"o{i:027}", QUESTIONS[0]))
                for i in range(options.people)
            ]
            asyncio.run(send(port, known))
            first += options.people
            arrivals = arrivals_of(options.rate, options.seconds, options.people, first)
            used = cpu(process)
            told = asyncio.run(send(port, arrivals))
            used = cpu(process) - used
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    replies = [body for body in told["callback"].bodies if body.startswith(b"<xml>")]
    texts = [opened(body) for body in replies]
    print(
        f"{options.rate:.0f} messages/s for {options.seconds:.0f} s from {options.people} people,"
        f" safe mode, {options.database.partition(':')[0]}, {os.cpu_count()} cores"
    )
    for name, one in told.items():
        print(line(name, one))
    if wrong := Counter(wrong for one in told.values() for wrong in one.wrong):
        print("errors:", *(f"{name} {count}" for name, count in wrong.items()))
    each = used * 1000 / len(told["callback"].taken)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{each:.1f} ms of processor for each message; load of the machine {load}")
    print(f"{len(texts)} replies decrypted, {len(set(texts))} different, {texts.count('')} empty")


if __name__ == "__main__":
    main()
