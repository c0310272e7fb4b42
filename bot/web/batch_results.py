"""Uploaded files -> what a batch leaves behind: its results in four formats, and what it came to.

Rows and results wait in files that have no name, so that memory stays bounded; what stays is the
results, and the rows in `batch_table`, from which the results are written anew after a correction.
"""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.postings import batch, readers, tables, writers
from bot.postings.columns import Named
from bot.postings.decisions import DecisionLookup, with_decisions
from bot.postings.encoding import display_name
from bot.postings.model import Result, Row, Unreadable
from bot.postings.output import flag_text, shares_text
from bot.postings.reading import Reading
from bot.postings.report import html_file
from bot.postings.summary import Summary
from bot.postings.uploads import Inbox
from bot.texts import say
from bot.web import batch_table
from knowledge.engine.model import LANGUAGES
from rules.postings.posting_rules import PostingRules

FORMS: dict[str, tuple[writers.Write, str]] = {
    "xlsx": (
        writers.xlsx_file,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "csv": (writers.csv_file, "text/csv; charset=utf-8"),
    "jsonl": (writers.jsonl_file, "application/x-ndjson; charset=utf-8"),
    "html": (html_file, "text/html; charset=utf-8"),
}
"""The results to download: how each is written, and what it is."""
MAX_ROWS, MAX_CELLS = 100_000, 10_000_000
SHOWN = 200
"""Rows of each sort that the page about a batch tells one by one."""
TOLD = "told.json"
ON_PAGE = {"classify.file.no_description": "web.posting.no_description"}
"""Sentences that name an option of the command, and those that name a field of the page instead."""

Tell = Callable[[str, int, int, int | None], None]
"""Told (stage, rows done, rows broken, rows in all) as often as anything changes; the stages are
reading, classifying and writing. May raise to put an end to the work."""
Said = dict[str, str]
"""One sentence in every language."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person chose for a batch."""

    named: Named
    language: str


@dataclass(slots=True)
class Notable:
    """The rows that somebody should look at; their words stay in the batch's own folder."""

    mixed: list[tuple[str, Said]] = field(default_factory=list)
    mislabelled: list[tuple[str, Said]] = field(default_factory=list)
    broken: list[tuple[str, Said]] = field(default_factory=list)

    def add(self, result: Result, pack: PostingRules) -> None:
        """Keep what is notable about one result."""
        place = f"{result.row.file}:{result.row.number}"
        verdict, problem = result.verdict, result.row.problem
        if verdict is None:
            if problem and len(self.broken) < SHOWN:
                self.broken.append((place, in_all(problem)))
            return
        for odd in verdict.flags:
            if odd.kind == "mixed" and len(self.mixed) < SHOWN:
                shares = {lang: shares_text(verdict, pack, lang) for lang in LANGUAGES}
                self.mixed.append((place, shares))
            elif odd.kind == "title_mismatch" and len(self.mislabelled) < SHOWN:
                told = {lang: flag_text(odd, verdict, pack, lang) for lang in LANGUAGES}
                self.mislabelled.append((place, told))


class Spool:
    """Values that wait on the disk in the order in which they came."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`

    def put(self, value: object) -> None:
        """Add a value."""
        pickle.dump(value, self._file, pickle.HIGHEST_PROTOCOL)

    def all(self) -> Iterator[Any]:
        """Every value; may be asked for again."""
        self._file.seek(0)
        with suppress(EOFError):
            while True:
                # Written by this process, to a file that no other one can open.
                yield pickle.load(self._file)

    def close(self) -> None:
        """Give the space back."""
        self._file.close()


def work(
    inbox: Inbox,
    options: Options,
    folder: Path,
    pack: PostingRules,
    tell: Tell,
    decisions: DecisionLookup | None = None,
) -> Summary:
    """Classify the files and write the results to *folder*.

    The files stay, so that another process can begin anew. Raises Unreadable, OSError, and whatever
    *tell* raises.
    """
    rows = Spool(folder)
    readings: list[Reading] = []
    try:
        total = _read(_rows(inbox, options.named, pack, readings), rows, tell)
        read = {
            lang: [f"{one.file}: {line}" for one in readings[:SHOWN] for line in one.lines(lang)]
            for lang in LANGUAGES
        }
        about = {"language": options.language, "read": read, "total": total}
        return _write(_with_decisions(rows.all(), decisions), folder, pack, about, tell)
    finally:
        rows.close()


def rewrite(folder: Path, pack: PostingRules, decisions: DecisionLookup) -> None:
    """Write the results anew, with what people have decided meanwhile. Raises NotFound, OSError."""
    about = {name: read_overview(folder).get(name) for name in ("language", "read", "total")}
    rows = _with_decisions(batch_table.rows(folder), decisions)
    _write(rows, folder, pack, about, lambda *_: None)


def _write(
    rows: Iterable[Row], folder: Path, pack: PostingRules, about: dict[str, Any], tell: Tell
) -> Summary:
    """Classify the rows and write everything that is kept of them; *about* is kept as it is."""
    results, table = Spool(folder), batch_table.Writer(folder, pack)
    summary, notable, decisions = Summary(), Notable(), set()
    done = False
    try:
        for result in summary.watch(batch.run(rows, pack), pack):
            results.put(result)
            table.add(result)
            notable.add(result, pack)
            if result.row.decided:
                decisions.add(result.row.decided.id)
            tell("classifying", summary.total, summary.broken, about["total"])
        for form, (write, _) in FORMS.items():
            told = _report_progress(results.all(), summary.broken, about["total"], tell)
            if form == "jsonl":
                told = (replace(r, line=writers.json_line(r, pack)) for r in told)
            path = folder / f"result.{form}"
            write(told, path.with_suffix(".new"), pack, about["language"], Summary())
            path.with_suffix(".new").replace(path)
        done = True
    finally:
        table.close(done)
        results.close()
    lines = {lang: list(summary.lines(pack, lang)) for lang in LANGUAGES}
    keep(folder, {
        **about, "lines": lines, "mixed": notable.mixed, "mislabelled": notable.mislabelled,
        "broken": notable.broken, "decided": sorted(decisions), "version": pack.version,
    })  # fmt: skip
    return summary


def _read(rows: Iterable[Row], into: Spool, tell: Tell) -> int:
    """Every row of every file. Returns how many there are."""
    done = 0
    for row in tables.limit_cells(rows, MAX_CELLS):
        done += 1
        if done > MAX_ROWS:
            raise Unreadable("web.posting.many_rows", limit=f"{MAX_ROWS:,}")
        into.put(row)
        tell("reading", done, 0, None)
    if not done:
        raise Unreadable("classify.file.empty")
    return done


def _rows(inbox: Inbox, named: Named, pack: PostingRules, told: list[Reading]) -> Iterator[Row]:
    """The rows; of several files one that cannot be used is a broken row."""
    for upload in inbox.uploads:
        try:
            if upload.problem:
                raise upload.problem
            yield from readers.rows(upload.path, upload.form, named, pack, told=told)
        except Unreadable as problem:
            if len(inbox.uploads) == 1:
                raise
            yield Row(display_name(upload.path), 1, problem=problem)


def _with_decisions(rows: Iterable[Row], of: DecisionLookup | None) -> Iterable[Row]:
    return with_decisions(rows, of) if of else rows


def _report_progress(
    results: Iterable[Result], broken: int, total: int, tell: Tell
) -> Iterator[Result]:
    for result in results:
        tell("writing", total, broken, total)
        yield result


def keep(folder: Path, told: dict[str, Any]) -> None:
    """Write what the page about a batch tells."""
    (folder / TOLD).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def read_overview(folder: Path) -> dict[str, Any]:
    """What `keep` has written; nothing where it is not there any more."""
    try:
        told: dict[str, Any] = json.loads((folder / TOLD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def in_all(problem: Unreadable) -> Said:
    """What is wrong, in every language."""
    return {lang: sentence(problem, lang) for lang in LANGUAGES}


def sentence(problem: Unreadable, language: str) -> str:
    """What is wrong with a file, as somebody in front of the page can mend it."""
    return say(language, ON_PAGE.get(problem.key, problem.key), **problem.values)
