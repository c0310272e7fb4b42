"""Time and memory of answering in one process.

python benchmarks/latency.py QUESTIONS.jsonl   (lines with "question")
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
from pathlib import Path

from bot.ask import timed_reply
from knowledge.engine.base import open_base
from rules.book import open_book

ROUNDS = 5


def main() -> None:
    """Print p50 and p99 in milliseconds and the peak resident size."""
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines if line.strip()]
    book = open_book(open_base())
    for question in questions:
        timed_reply(question, None, book, None)
    times = sorted(timed_reply(q, None, book, None)[1] for _ in range(ROUNDS) for q in questions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(times)} answers: p50 {statistics.median(times):.2f} ms,"
        f" p99 {times[int(len(times) * 0.99)]:.2f} ms, max {times[-1]:.2f} ms;"
        f" peak {peak:.0f} MB resident"
    )


if __name__ == "__main__":
    main()
