"""The score page: every figure of quality, peers beside them, measured in one run.

python benchmarks/quality.py QUESTIONS.jsonl POSTINGS.jsonl RETRIEVAL [--quick] [--about SENTENCE]

QUESTIONS holds lines as `zhiwen eval questions` reads them, POSTINGS lines {"title","description",
"function","source"}, RETRIEVAL a folder a set. Each part is another benchmark of this folder, run
in a process of its own; what it prints stands in the page as it is. *--quick* leaves out what takes
minutes: retrieval, postings, servers. Postings need the group of benchmarks:
``uv run --group bench python benchmarks/quality.py …``.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.questions.report import FAILED

HERE = Path(__file__).parent
HOUSE = HERE.parent
SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Part:
    """One figure or table of the page."""

    title: str
    aim: str
    command: tuple[str, ...]
    slow: bool = False


def parts(options: argparse.Namespace) -> Iterator[Part]:
    """Every part of the page, in its order."""
    questions, postings, retrieval = options.questions, options.postings, options.retrieval
    yield Part(
        "Real questions",
        "the right entry first for 85 %, first or among three suggestions for 95 % of the covered"
        " ones; 95 % of off-topic and trap questions not answered",
        ("-m", "bot.cli", "eval", "questions", questions, "--html", os.devnull),
    )
    yield Part(
        "Own examples",
        "every example wins, every near miss loses, over the whole content: no problems",
        ("-m", "bot.cli", "check"),
    )
    yield Part(
        "Typed noise",
        "at most 3 points under clean",
        (str(HERE / "noise.py"), questions),
    )
    yield Part(
        "Retrieval on public sets",
        "ahead of BM25 on jieba words and on character bigrams, hit@1 in percent",
        (str(HERE / "retrieval.py"), retrieval),
        slow=True,
    )
    yield Part(
        "Postings",
        "description only: accuracy 80 %, macro-F1 .60; with title: 90 %, .80; 2,000 a second",
        (str(HERE / "postings.py"), postings),
        slow=True,
    )
    yield Part(
        "One answer, in process",
        "p50 2 ms, p99 10 ms, 250 MB",
        (str(HERE / "latency.py"), questions),
    )
    yield Part(
        "One question in a process of its own, content and bytecode compiled",
        "0.3 s",
        (str(HERE / "cold.py"),),
    )
    yield Part(
        "The web server, two cores that it shares with its client",
        "500 answers a second, p99 100 ms",
        (str(HERE / "server.py"), questions),
        slow=True,
    )
    yield Part(
        "WeChat and WeCom callbacks",
        "200 messages a second, none over 5 s",
        (str(HERE / "callbacks.py"),),
        slow=True,
    )
    yield Part(
        "Telegram, 10,000 updates with injected faults",
        "none lost, none doubled",
        (str(HERE / "telegram.py"),),
        slow=True,
    )


def run(part: Part) -> str:
    """What a part prints; its complaint if it fails."""
    environment = os.environ | {"PYTHONPATH": str(HOUSE)}
    done = subprocess.run(
        [sys.executable, *part.command], cwd=HOUSE, env=environment, capture_output=True,
        text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    told = done.stdout.strip() or done.stderr.strip()
    return told if done.returncode == 0 else f"{told}\n(exit code {done.returncode})"


def private(text: str) -> str:
    """*text* without the questions themselves: data of others is measured, not published."""
    before, heading, _ = text.partition(f"\n{FAILED}\n")
    return before.rstrip() if heading else text


def preface() -> list[str]:
    """When and where it was measured."""
    return [
        f"Written by `benchmarks/quality.py` on {datetime.date.today()}, on",
        f"{platform.machine()} with {os.cpu_count()} cores, Python {platform.python_version()}.",
        "The data is not part of this project. The aims are bars, not claims: a figure that misses",
        "its bar stands here as it is.",
    ]


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser()
    for name in ("questions", "postings", "retrieval"):
        parser.add_argument(name)
    parser.add_argument("--out", default=str(HOUSE / "docs/quality.md"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--about", default="", help="a sentence about the data, for the page")
    options = parser.parse_args()
    lines = ["# How good it is", "", *preface()]
    lines += ["", *textwrap.wrap(options.about, 100)] if options.about else []
    for part in parts(options):
        if part.slow and options.quick:
            continue
        print(part.title, "...", file=sys.stderr, flush=True)
        lines += ["", f"## {part.title}", "", f"Aim: {part.aim}.", "", "```text"]
        lines += [private(run(part)), "```"]
    Path(options.out).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
