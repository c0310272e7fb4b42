"""Memory over fifty reloads of the content: it has to stay flat, and no old content may be kept.

python benchmarks/reloads.py [--times 50] [--answers 200]

An overlay with one answer changes again and again, as it does when an editor works, and is taken
as the server takes it, check included; questions are asked in between. Prints what the process
holds after each tenth of the reloads. Exit code 1 if it grew by more than a tenth.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import weakref
from pathlib import Path

from server import QUESTIONS

from bot.reload import ContentReloader
from rules import examples

FAQ = """\
id: faq.leave
title: Annual leave
origin: organization
summary: NUMBER days of annual leave a year
examples: [how many days of annual leave do I have]
"""
GROWTH = 1.1


def resident() -> float:
    """Megabytes that this process holds."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def main() -> None:
    """Reload, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--answers", type=int, default=200, help="questions between two reloads")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(run(Path(folder), options.times, options.answers))


def run(overlay: Path, times: int, answers: int) -> int:
    """The exit code."""
    faq = overlay / "knowledge/faq/leave.yaml"
    faq.parent.mkdir(parents=True)
    faq.write_text(FAQ.replace("NUMBER", "0"), encoding="utf-8")
    live = ContentReloader(overlay=overlay)
    held: list[float] = []
    old: list[weakref.ref[object]] = []
    for number in range(1, times + 1):
        old.append(weakref.ref(live.book))
        faq.write_text(FAQ.replace("NUMBER", str(number)), encoding="utf-8")
        start = time.monotonic()
        refusal = live.refresh()
        took = time.monotonic() - start
        if refusal:
            print(*refusal.problems, sep="\n")
            return 1
        for i in range(answers):
            examples.decide(QUESTIONS[i % len(QUESTIONS)], "en", live.book)
        held.append(resident())
        if number % max(1, times // 10) == 0:
            kept = sum(one() is not None for one in old)
            print(f"{number:3}  {held[-1]:5.0f} MB  {took:5.1f} s  old books: {kept}", flush=True)
    third = max(1, times // 3)
    grown = (sum(held[-third:]) / third) / (sum(held[:third]) / third)
    print(f"memory x {grown:.2f}")
    return int(grown > GROWTH)


if __name__ == "__main__":
    main()
