"""One input file -> its output: a verdict to read, or the table again with our columns."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import IO

from bot.atomic_write import atomic_write
from bot.channels import console
from bot.model import Reply
from bot.postings import batch, documents, objects, readers, writers
from bot.postings.columns import Named
from bot.postings.decisions import DecisionLookup, with_decisions
from bot.postings.model import Result, Row
from bot.postings.reading import Reading
from bot.postings.report import html_file
from bot.postings.summary import Summary
from bot.render.text import as_text
from bot.skills.classify import blocks
from bot.texts import say
from knowledge.engine.load import PRIMARY
from rules.postings import detect, offers
from rules.postings.model import Posting
from rules.postings.posting_rules import PostingRules

SUFFIX = "-classified"
MOST_TOLD = 20
"""Tables of which it is told how they were read; lines of JSON may all have other keys."""
DEFAULTS = {"xls": "xlsx", "ods": "xlsx", "docx": "text", "pdf": "text", "json": "jsonl"}
"""Formats that are read but not written, and what is written for them."""


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that is the same for every file of a command."""

    rules: PostingRules
    named: Named
    language: str | None
    """What is written in; None for the language of each posting, and Chinese for whole tables."""
    form: str | None
    out: Path | None
    title: str | None
    why: bool
    jobs: int
    decided: DecisionLookup | None = None
    """What people decided about postings, by their hashes."""

    @property
    def report_language(self) -> str:
        """The language of what is about no posting in particular."""
        return self.language or PRIMARY


def run(path: Path, work: Work) -> bool:
    """Classify one file. Returns whether a row could not be read. Raises Unreadable, OSError."""
    if path.is_fifo():
        with path.open("rb") as pipe:
            return stream(pipe, sys.stdout, work)
    read = readers.format_of(path)
    form = work.form or DEFAULTS.get(read, read)
    told: list[Reading] = []
    rows = _report_readings(readers.rows(path, read, work.named, work.rules, told=told), told, work)
    rows = with_decisions(rows, work.decided) if work.decided else rows
    if form == "text":
        with _open_output(work, sys.stdout) as out:
            return _print(batch.run(_fill_titles(rows, work), work.rules), work, out)
    if form == "jsonl" and work.form and not work.out:
        return _jsonl(_fill_titles(rows, work), work, sys.stdout)
    beside = path.with_name(f"{path.stem}{SUFFIX}.{form}")
    target = work.out or beside
    if target.exists() and target.samefile(path):
        target = beside
    return _write(_fill_titles(rows, work), target, form, work)


def stream(source: IO[bytes], out: IO[str], work: Work) -> bool:
    """Classify standard input: JSONL with ``--format jsonl``, else one posting as text."""
    if work.form == "jsonl":
        with _open_output(work, out) as place:
            return _jsonl(_lines(source, work), work, place)
    text = documents.bytes_as_text(source.read(documents.MAX_CHARS * 4))
    row = Row("-", 1, {}, detect.read(text, work.rules), "-")
    if work.form in (None, "text"):
        with _open_output(work, out) as place:
            return _print(batch.run(_fill_titles([row], work), work.rules), work, place)
    target = work.out or Path(f"posting{SUFFIX}.{work.form}")
    return _write(_fill_titles([row], work), target, work.form or "", work)


def _lines(source: IO[bytes], work: Work) -> Iterator[Row]:
    """The rows of standard input."""
    told: list[Reading] = []
    rows = objects.jsonl(
        "-",
        objects.lines_of(source),
        work.named,
        lambda text: offers.is_posted(text, work.rules),
        told,
    )
    return rows if work.named == Named() else _report_readings(rows, told, work)


def _report_readings(rows: Iterable[Row], told: list[Reading], work: Work) -> Iterator[Row]:
    """The rows; how each table was read is said as soon as it is known."""
    shown = 0
    for row in rows:
        yield row
        shown = _tell(told, shown, work)
    _tell(told, shown, work)


def _tell(told: list[Reading], shown: int, work: Work) -> int:
    for reading in told[shown:MOST_TOLD]:
        for line in reading.lines(work.report_language):
            print(f"{reading.file}: {line}", file=sys.stderr)
    return max(shown, len(told))


@contextlib.contextmanager
def _open_output(work: Work, otherwise: IO[str]) -> Iterator[IO[str]]:
    """Where text goes: the file that was named, or *otherwise*."""
    if work.out is None:
        yield otherwise
    else:
        with (
            atomic_write(work.out) as new,
            new.open("w", encoding="utf-8", errors="replace") as file,
        ):
            yield file


def _fill_titles(rows: Iterable[Row], work: Work) -> Iterator[Row]:
    """The rows, the given title on those that have none."""
    for row in rows:
        if work.title and row.posting and not row.posting.title:
            posting = Posting(row.posting.description, work.title, row.posting.language)
            yield replace(row, posting=posting)
        else:
            yield row


def _jsonl(rows: Iterable[Row], work: Work, out: IO[str]) -> bool:
    summary = Summary()
    results = batch.run(rows, work.rules, work.jobs, writers.json_line)
    writers.jsonl(summary.watch(results, work.rules), out)
    return summary.broken > 0


def _print(results: Iterable[Result], work: Work, out: IO[str]) -> bool:
    """The verdicts as a person reads them."""
    broken = False
    for result in results:
        if result.verdict is None or result.row.posting is None:
            problem = result.row.problem
            place = f"{result.row.file}:{result.row.number}"
            print(
                f"{place}: {problem.message(work.report_language) if problem else ''}",
                file=sys.stderr,
            )
            broken = True
            continue
        language = work.language or result.verdict.language
        told = blocks(result.verdict, work.rules, language, work.why, result.row.decided)
        reply = Reply(language, tuple(told))
        out.write(as_text(reply, console.width()) + "\n\n")
    return broken


def _write(rows: Iterable[Row], target: Path, form: str, work: Work) -> bool:
    from tqdm import tqdm

    rows = iter(rows)
    # A file that cannot be used says so here, before any output is opened.
    rows = chain(list(islice(rows, 1)), rows)
    summary = Summary()
    render = writers.json_line if form == "jsonl" else None
    results = batch.run(rows, work.rules, work.jobs, render)
    bar = tqdm(results, unit="", file=sys.stderr, disable=None, leave=False)
    write = html_file if form == "html" else writers.WRITERS[form]
    with atomic_write(target) as new:
        write(bar, new, work.rules, work.report_language, summary)
    for problem in summary.problems:
        place = f"{problem.row.file}:{problem.row.number}"
        told = problem.row.problem.message(work.report_language) if problem.row.problem else ""
        print(f"{place}: {told}", file=sys.stderr)
    for name, value in summary.lines(work.rules, work.report_language):
        print(name if value is None else f"{value:>8}  {name}", file=sys.stderr)
    print(say(work.report_language, "classify.wrote", path=target), file=sys.stderr)
    return summary.broken > 0
