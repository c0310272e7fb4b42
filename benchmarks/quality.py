"""The score page: every figure of quality, peers beside them, measured in one run.

python benchmarks/quality.py QUESTIONS.jsonl POSTINGS.jsonl RETRIEVAL [--old FOLDER] [--quick]
                             [--about SENTENCE]

QUESTIONS holds lines as `zhiwen eval questions` reads them, POSTINGS lines {"title","description",
"function","source"}, RETRIEVAL a folder a set. Each part is another benchmark of this folder, run
in a process of its own; what it prints stands in the page as it is. *--old*: a checkout of another
release with its own ``.venv`` (``git worktree add FOLDER TAG``, ``make .venv/.installed-dev``):
each part that it has is measured there, too, by its own command line and benchmarks, right after
ours, so that both meet the same machine. *--quick* leaves out what takes minutes: retrieval,
postings, servers. Postings need the group of benchmarks in both:
``uv run --group bench python benchmarks/quality.py …``; Spark needs the extra and Java.
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

HOUSE = Path(__file__).resolve().parent.parent
SECONDS = 3600.0
"""What a part may take."""


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
        ("benchmarks/noise.py", questions),
    )
    yield Part(
        "Retrieval on public sets",
        "ahead of BM25 on jieba words and on character bigrams, hit@1 in percent",
        ("benchmarks/retrieval.py", retrieval),
        slow=True,
    )
    yield Part(
        "Postings",
        "description only: accuracy 80 %, macro-F1 .60; with title: 90 %, .80; 2,000 a second",
        ("benchmarks/postings.py", postings),
        slow=True,
    )
    yield Part(
        "One answer, in process",
        "p50 2 ms, p99 10 ms, 250 MB",
        ("benchmarks/latency.py", questions),
    )
    yield Part(
        "One question in a process of its own, content and bytecode compiled",
        "0.3 s",
        ("benchmarks/cold.py",),
    )
    yield Part(
        "The web server, two cores that it shares with its client",
        "500 answers a second, p99 100 ms",
        ("benchmarks/server.py", questions),
        slow=True,
    )
    yield Part(
        "WeChat and WeCom callbacks",
        "200 messages a second, none over 5 s",
        ("benchmarks/callbacks.py",),
        slow=True,
    )
    yield Part(
        "Telegram, 10,000 updates with injected faults",
        "none lost, none doubled",
        ("benchmarks/telegram.py",),
        slow=True,
    )
    yield Part(
        "WeCom's AI bot over its long connection",
        "none lost, none doubled; a reply within a second at 100 messages a second",
        ("benchmarks/wecom_bot.py",),
        slow=True,
    )
    yield Part(
        "A million messages, 200,000 runs, 2,000 people",
        "what somebody waits for within 300 ms",
        ("benchmarks/scale_use.py",),
        slow=True,
    )
    yield Part(
        "Fifty reloads of the content",
        "memory flat, no old content held",
        ("benchmarks/reloads.py",),
        slow=True,
    )
    yield Part(
        "Half an hour of mixed load",
        "memory, latency and errors flat",
        ("benchmarks/soak.py", questions),
        slow=True,
    )
    yield Part(
        "Postings on Spark",
        "beside the plain loop",
        ("benchmarks/spark.py",),
        slow=True,
    )


@dataclass(frozen=True, slots=True)
class Release:
    """A checkout that is measured."""

    name: str
    folder: Path
    python: str

    def has(self, part: Part) -> bool:
        """Whether it has that benchmark."""
        first = part.command[0]
        return first == "-m" or (self.folder / first).is_file()

    def run(self, part: Part) -> str:
        """What a part prints; its complaint if it fails."""
        environment = os.environ | {"PYTHONPATH": str(self.folder)}
        try:
            done = subprocess.run(
                [self.python, *part.command], cwd=self.folder, env=environment,
                capture_output=True, text=True, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"(not done after {SECONDS:.0f} s)"
        told = done.stdout.strip() or done.stderr.strip()
        return told if done.returncode == 0 else f"{told}\n(exit code {done.returncode})"


def releases(old: str | None) -> list[Release]:
    """This one, and the *old* one if it is named."""
    found = [Release("this release", HOUSE, sys.executable)]
    if old:
        folder = Path(old).resolve()
        python = folder / ".venv/bin/python"
        if not python.exists():
            raise SystemExit(f"{python} is missing: make .venv/.installed-dev there")
        found.append(Release(f"the release before ({commit(folder)})", folder, str(python)))
    return found


def commit(folder: Path) -> str:
    """Which commit a checkout is at."""
    told = subprocess.run(
        ["git", "describe", "--always", "--tags"], cwd=folder, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return told.stdout.strip() or "unknown"


def section(part: Part, measured: list[Release]) -> list[str]:
    """The lines of a part: a block for each release that has it."""
    lines = ["", f"## {part.title}", "", f"Aim: {part.aim}."]
    for release in measured:
        if len(measured) > 1:
            has = "" if release.has(part) else " has no such figure"
            lines += ["", f"{release.name[:1].upper()}{release.name[1:]}{has or ':'}"]
        if release.has(part):
            print(part.title, release.name, "...", file=sys.stderr, flush=True)
            lines += ["", "```text", private(release.run(part)), "```"]
    return lines


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
        parser.add_argument(name, type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--old", metavar="FOLDER", help="a checkout of another release")
    parser.add_argument("--out", default=str(HOUSE / "docs/quality.md"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--about", default="", help="a sentence about the data, for the page")
    options = parser.parse_args()
    lines = ["# How good it is", "", *preface()]
    lines += ["", *textwrap.wrap(options.about, 100)] if options.about else []
    measured = releases(options.old)
    for part in parts(options):
        if not (part.slow and options.quick):
            lines += section(part, measured)
    Path(options.out).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {options.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
