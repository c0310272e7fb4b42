"""The transcripts of the documentation: found on their pages, and carried out.

`python tests/transcripts.py [PAGE …]` prints what commands say now that no longer say what their
page shows.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "knowledge/README.md", "rules/README.md")
"""With every page below docs/."""
GAP = "[…]"
WIDTH = "80"
HEX = re.compile(r"(?<!\w)[0-9a-f]{12,16}(?:-[0-9a-f]{12,16})*(?!\w)")
"""Ids and versions: new each time, so only their form counts."""
SCORE = re.compile(r"(?<![\d.])[01]\.\d\d(?!\d)")
COUNTED = re.compile(r"all \d+ examples")
NOTICE = "zhiwen: reading the content"
"""Of the first start, which a page does not show."""
PROMPT = "$ zhiwen "
FILES = Path(__file__).parent / "transcripts"
"""What the commands of a page read, in a folder named like it."""


@dataclass(frozen=True)
class Step:
    """A command and the lines that a page shows for it."""

    page: str
    command: str
    shown: tuple[str, ...]


def pages() -> list[str]:
    """Every page that may show a transcript."""
    below = sorted(path.relative_to(HOUSE).as_posix() for path in (HOUSE / "docs").rglob("*.md"))
    return [*PAGES, *below]


def steps(page: str) -> list[Step]:
    """The transcripts of a page, in order; a fenced block may hold several commands."""
    text = (HOUSE / page).read_text("utf-8")
    found = []
    for block in re.findall(r"(?ms)^```\n(.*?)^```$", text):
        if PROMPT in block:
            for part in re.split(r"(?m)^\$ ", block)[1:]:
                command, *shown = part.rstrip("\n").split("\n")
                found.append(Step(page, command, tuple(shown)))
    return found


def place(folder: Path, page: str) -> Path:
    """*folder* with what the commands of that page read."""
    files = FILES / Path(page).stem.lower()
    if files.is_dir():
        shutil.copytree(files, folder, dirs_exist_ok=True)
    text = (HOUSE / "docs/tour.md").read_text("utf-8")
    posting = text.partition("`posting.txt` holds:\n\n```\n")[2].partition("```")[0]
    (folder / "posting.txt").write_text(posting, "utf-8")
    return folder


def run(command: str, ids: dict[str, str]) -> str:
    """What the command prints; *ids*: what stands for an id of the page."""
    from bot import cli

    words = [ids.get(word, word) for word in shlex.split(command)[1:]]
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        cli.main(words)
    return "".join(line for line in out.getvalue().splitlines(True) if not line.startswith(NOTICE))


def fits(step: Step, printed: str, ids: dict[str, str]) -> bool:
    """Whether the lines shown are those printed, but for gaps; learns the ids they hold."""
    pattern, known = [], []
    for line in step.shown:
        if line == GAP:
            pattern.append(r"(?:.*\n)*?")
            continue
        known += HEX.findall(line)
        escaped = [_escaped(piece) for piece in HEX.split(line)]
        pattern.append(f"({HEX.pattern})".join(escaped) + r"\n")
    found = re.fullmatch("".join(pattern), printed.rstrip("\n") + "\n")
    if found:
        ids.update(zip(known, found.groups(), strict=True))
    return bool(found)


def _escaped(text: str) -> str:
    escaped = re.escape(text)
    escaped = re.sub(r"(?<![\d.])[01]\\\.\d\d(?!\d)", r"[01]\\.\\d\\d", escaped)
    return re.sub(r"all\\ \d+\\ examples", r"all\\ \\d+\\ examples", escaped)


def unfit(page: str) -> Iterator[tuple[Step, str]]:
    """The steps of a page that print something else, and what; in a folder of their own."""
    ids: dict[str, str] = {}
    for step in steps(page):
        printed = run(step.command, ids)
        if not fits(step, printed, ids):
            yield step, printed


@contextlib.contextmanager
def alone(page: str) -> Iterator[None]:
    """In a folder with what the commands read, and an environment that names nothing."""
    before, here = dict(os.environ), Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("ZHIWEN_CONFIG", "ZHIWEN_DATABASE"):
            os.environ.pop(name, None)
        os.environ["COLUMNS"] = WIDTH
        os.chdir(place(Path(folder), page))
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)


if __name__ == "__main__":
    for name in sys.argv[1:] or pages():
        with alone(name):
            for one, now in unfit(name):
                print(f"{name}: $ {one.command}\n{now}")
