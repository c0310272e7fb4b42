"""WeCom's AI bot against a stand-in gateway: time to a reply at a steady rate, and under faults.

python benchmarks/wecom_bot.py [--rate 100] [--seconds 30] [--people 400] [--messages 10000]

The server runs in a process of its own, with a database in a temporary folder. First it is idle,
then messages arrive at their time, whether or not earlier ones were answered; last comes a storm in
which one in fifty replies meets a broken connection, a refusal or a callback that is pushed again.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent
sys.path.insert(0, str(HOUSE / "tests/support"))
QUESTIONS = (
    "内容运营主要负责些什么",
    "品牌和市场有什么区别",
    "1",
    "活动复盘怎么做",
    "What is a KOL?",
)


@contextlib.contextmanager
def server(folder: Path, url: str) -> Iterator[int]:
    """The number of the process of a server; *url*: of the gateway, "" for none."""
    from wecom_bot_gateway import BOT, SECRET

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "secret").write_text(SECRET)
    lines = [f"database: {folder / 'zhiwen.db'}", f"port: {port}"]
    if url:
        lines += ["wecom_bot:", f"  bot_id: {BOT}", f"  secret_file: {folder / 'secret'}",
                  '  allow: ["*"]', f"  url: {url}"]  # fmt: skip
    (folder / "config.yaml").write_text("\n".join(lines))
    command = [sys.executable, "-m", "bot.cli", "--config", str(folder / "config.yaml"), "serve"]
    env = os.environ | {"PYTHONPATH": str(HOUSE)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stderr=log)
        try:
            while b"http://127.0.0.1" not in (folder / "log").read_bytes():
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            time.sleep(2)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def kilobytes(pid: int) -> int:
    """What a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def busy(pid: int) -> float:
    """Seconds of the processor that a process has had: what it costs, however busy the machine."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def paced(gateway, rate: float, seconds: float, people: int) -> list[float]:
    """Seconds from each callback to its reply, in order of their length."""
    sent: dict[str, float] = {}
    took: list[float] = []
    said = gateway._said

    def timed(request, body):
        code = said(request, body)
        number = gateway._callback(request).body["msgid"]
        took.append(time.monotonic() - sent[number])
        return code

    gateway._said = timed
    begun = time.monotonic()
    for n in range(int(rate * seconds)):
        time.sleep(max(0.0, begun + n / rate - time.monotonic()))
        now = time.monotonic()
        sent[gateway.say(f"p{n % people}", QUESTIONS[n % len(QUESTIONS)])] = now
    gateway.wait(lambda: len(took) >= len(sent), "not all were answered", 300)
    gateway._said = said
    return sorted(took)


def main() -> None:
    """Measure, and print a line for each figure."""
    from wecom_bot_faults import storm
    from wecom_bot_gateway import running

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--messages", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        with server(Path(name), ""):
            pass  # the content is compiled by whoever comes first
        with server(Path(name), "") as pid:
            bare = kilobytes(pid)
        with running() as gateway, server(Path(name), gateway.url) as pid:
            gateway.wait(lambda: gateway.subscriptions, "it does not subscribe")
            print(f"memory of an idle connection: {(kilobytes(pid) - bare) / 1024:.1f} MB")
            spent = -busy(pid)
            took = paced(gateway, options.rate, options.seconds, options.people)
            spent += busy(pid)
            shares = {p: took[min(len(took) - 1, int(len(took) * p / 100))] for p in (50, 95, 99)}
            told = ", ".join(f"p{p} {1000 * s:.0f} ms" for p, s in shares.items())
            print(
                f"{len(took)} at {options.rate:.0f} a second:"
                f" {told}, worst {1000 * took[-1]:.0f} ms"
            )
            print(f"processor time a message: {1000 * spent / len(took):.0f} ms")
            found = storm(gateway, options.messages, options.people, 0.02)
            print(f"{options.messages} with faults {dict(found.faults)}: {found.lost} lost, "
                  f"{found.doubled} doubled, {found.repeated} sent again and said so, "
                  f"{found.seconds:.0f} s")  # fmt: skip
            print(f"violations: {gateway.violations[:3]}")


if __name__ == "__main__":
    main()
