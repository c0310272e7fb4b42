"""An overlay of many answers: what compiling, checking, reloading, asking and looking take.

python benchmarks/scale_knowledge.py [ANSWERS] [--reloads 3] [--asked 500]

Makes an overlay of so many answers up (`own_answers.py`; default 10,000), compiles what is shipped
into a cache of its own, then the overlay over it, and prints seconds of processor and on the clock
for each step, with the memory that the process has taken at most by then. Questions are asked of
the overlay and of the shipped content.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from own_answers import MOST, answers, write_overlay

SHIPPED = Path(__file__).with_name("questions")


def step(name: str, work: Callable[[], Any]) -> Any:
    """Do *work* and print what it took."""
    processor, clock = time.process_time(), time.perf_counter()
    done = work()
    processor, clock = time.process_time() - processor, time.perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:34} {processor:8.2f} s processor {clock:8.2f} s clock {peak:6} MB", flush=True)
    return done


def edit(overlay: Path, number: int) -> None:
    """Add a question to one answer."""
    path = sorted((overlay / "knowledge/faq").glob("*.yaml"))[1]
    question = f"  - '这一条新加的第{number}种问法'\n"
    path.write_text(path.read_text("utf-8") + question, "utf-8")


def ask(book: Any, questions: list[tuple[str, str]]) -> list[Any]:
    """Answer all of them and print how long one takes, by the processor."""
    from rules.examples import decide

    taken, got = [], []
    for question, language in questions:
        begun = time.process_time()
        got.append(decide(question, language, book))
        taken.append((time.process_time() - begun) * 1000)
    cuts = statistics.quantiles(taken, n=100)
    print(f"  {len(taken)} answers: p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms of processor")
    return got


def shipped(many: int) -> list[tuple[str, str]]:
    """Questions that are asked of the shipped content."""
    rows = []
    for path in sorted(SHIPPED.glob("questions_*.jsonl")):
        with path.open(encoding="utf-8") as file:
            rows += [json.loads(line) for line in file]
    return [(row["question"], row["lang"]) for row in rows[:: max(1, len(rows) // many)]]


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("answers", type=int, nargs="?", default=10_000)
    parser.add_argument("--reloads", type=int, default=3)
    parser.add_argument("--asked", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zhiwen-scale-") as folder:
        os.environ["ZHIWEN_CACHE"] = str(Path(folder) / "cache")
        measure(Path(folder) / "own", min(options.answers, MOST), options)


def measure(overlay: Path, many: int, options: argparse.Namespace) -> None:
    """Every step over an overlay of so many answers."""
    from bot.reload import ContentReloader

    print(f"{many:,} answers of an organization's own")
    write_overlay(overlay, many)
    step("compile what is shipped", ContentReloader)
    live = step("compile the overlay over it", lambda: ContentReloader(overlay=overlay))
    step("check all of it", live.refresh)
    for number in range(options.reloads):
        edit(overlay, number)
        step("look for changes", live.has_changed)
        refusal = step("reload after one edit", live.refresh)
        assert refusal is None, refusal
    step("start, compiled before", lambda: ContentReloader(overlay=overlay))
    every = list(islice(answers(many), 0, None, max(1, many // options.asked)))
    own = [(question, told.language) for told in every for question in told.questions[-1:]]
    got = ask(live.book, [(f"{question} ?", language) for question, language in own])
    right = sum(one.entry == f"faq.{told.slug}" for one, told in zip(got, every, strict=True))
    print(f"  {right} of {len(got)} own questions answered by their own answer")
    ours = ask(live.book, shipped(options.asked))
    stolen = sum((one.entry or "").startswith("faq.") for one in ours)
    print(f"  {stolen} of {len(ours)} shipped questions answered by an own answer")


if __name__ == "__main__":
    main()
