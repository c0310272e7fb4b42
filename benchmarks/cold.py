"""How long one `ask` takes as a process of its own, content and bytecode compiled.

python benchmarks/cold.py [--times 9]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

QUESTIONS = ("公关做什么", "what is GMV", "運営とは", "홍보가 뭐예요")


def seconds(question: str) -> float:
    """The seconds of one whole process."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "bot.cli", "ask", question]
    subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the median and the slowest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args()
    seconds(QUESTIONS[0])
    taken = [seconds(question) for question in QUESTIONS for _ in range(options.times)]
    print(
        f"{len(taken)} processes: median {statistics.median(taken):.2f} s, max {max(taken):.2f} s"
    )


if __name__ == "__main__":
    main()
