"""import, export: tables of questions and answers into an overlay, and back."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import NO, OK, Add, base, open_rules, overlay, root, write_whole
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.model import LANGUAGES
from knowledge.engine.source import ContentError

if TYPE_CHECKING:
    from bot.exchange.entries import Taken
    from bot.exchange.folder import Staging
    from bot.exchange.model import Pair
    from knowledge.engine.base import KnowledgeBase
    from knowledge.engine.file_scan import FileState

STATES = {
    "new": "new",
    "changed": "changed",
    "same": "the same as before",
    "differs": "left as it was, the file says something else (--replace changes it)",
}
STEP = 1_000
"""Rows after which it is told how far it is."""
FORMATS = ("tsv", "xlsx", "csv", "rasa")


def add(command: Add) -> None:
    """Declare the commands."""
    bringing = command("import", import_, "take questions and answers of a table into an overlay")
    bringing.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="CSV, XLSX, XLS, ODS, JSON, JSONL, MD, TSV, nlu.yml",
    )
    bringing.add_argument("--answers", metavar="FILE", help="the domain.yml of an nlu.yml")
    bringing.add_argument("--lang", choices=LANGUAGES, help="language of the texts")
    bringing.add_argument(
        "--columns",
        metavar="ROLE=COLUMN,...",
        help="columns or keys: question, answer, alternates, id, title, language; by header, by"
        " letter (F) or by number (#6)",
    )
    bringing.add_argument("--replace", action="store_true", help="change what is there already")
    bringing.add_argument("--dry-run", action="store_true", help="only say what would be done")
    taking = command("export", export, "write the overlay's questions and answers to a file")
    taking.add_argument("file", metavar="FILE", help="its ending says the format")
    taking.add_argument("--format", choices=FORMATS, help="of the file")
    taking.add_argument("--all", action="store_true", help="the examples of every entry")
    taking.add_argument("--lang", choices=LANGUAGES, help="with --all: of the texts (default: zh)")
    for parser in (bringing, taking):
        parser.add_argument("--overlay", metavar="FOLDER", help="default: that of config.yaml")


def import_(options: argparse.Namespace, config: Config) -> int:
    """Take in every file, say what became of each row, and check the whole with the overlay."""
    from bot.exchange import folder as writing

    folder = _folder(options, config)
    there = base(options, folder if folder.is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="zhiwen-") as temporary:
        target = folder
        if options.dry_run:
            target = Path(temporary) / (folder.name or "overlay")
            if folder.is_dir():
                shutil.copytree(folder, target)
        seen = _checked_overlay(options, target)
        with writing.Staging(target) as staging:
            states = _stage(options, there, staging)
            staging.commit()
        print(_summary(states, options.dry_run))
        problems = _problems(root(options), target, seen)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s)", file=sys.stderr)
    return NO if problems or states["left"] or states["differs"] else OK


def _stage(options: argparse.Namespace, there: KnowledgeBase, staging: Staging) -> Counter[str]:
    """Take every row of the files in, as they are read; how many became what."""
    from bot.exchange import entries, readers
    from bot.exchange.model import Note

    answers = Path(options.answers) if options.answers else None
    pieces = (
        piece
        for name in options.files
        for piece in readers.iter_pairs(Path(name), answers, named=options.columns)
    )
    states: Counter[str] = Counter()
    waiting: list[tuple[str, str]] = []
    for one in entries.iter_entries(pieces, there, options.lang, options.replace):
        if isinstance(one, Note):
            states["left"] += 1
            waiting.append((one.place, f"left out: {one.text}"))
        else:
            staging.add(one)
            states[one.state] += 1
            waiting.append((one.place, _describe(one)))
        if len(waiting) == STEP:
            _print(waiting)
            print(f"zhiwen: {states.total():,} answers read ...", file=sys.stderr, flush=True)
    _print(waiting)
    return states


def _describe(one: Taken) -> str:
    return f"{one.entry.id}: {STATES[one.state]}, {len(one.told.examples)} question(s)"


def _print(waiting: list[tuple[str, str]]) -> None:
    """What became of some rows, in the order of files and rows."""
    for place, text in sorted(waiting, key=_row):
        print(f"{place}: {text}")
    waiting.clear()


def _folder(options: argparse.Namespace, config: Config) -> Path:
    """The overlay that is written to; it need not be there yet. Raises BadInput."""
    name = options.overlay or config.overlay
    if not name:
        raise BadInput("there is no overlay: name one with --overlay FOLDER or in config.yaml")
    folder = Path(name)
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder}: this is a file; --overlay takes a folder")
    return folder


def _row(line: tuple[str, str]) -> tuple[str, int]:
    file, _, row = line[0].rpartition(":")
    return file, int(row)


def _summary(states: Counter[str], dry: bool) -> str:
    counted = f"{states['new']} new, {states['changed']} changed, {states['same']} the same"
    left = states["left"] + states["differs"]
    return f"{counted}, {left} left out{'; nothing was written (--dry-run)' if dry else ''}"


def _checked_overlay(options: argparse.Namespace, folder: Path) -> frozenset[FileState] | None:
    """The overlay as it last passed the check, None if that is not known."""
    from bot import check_cache

    return check_cache.last_passed(root(options), folder) if folder.is_dir() else None


def _problems(knowledge: Path, folder: Path, before: frozenset[FileState] | None) -> list[str]:
    """Everything that is wrong now; what passed *before* and has not changed is not tried again."""
    from bot import check_cache, content_check

    there = folder if folder.is_dir() else None
    now = check_cache.present(knowledge, there)
    try:
        touched = check_cache.touched_entries(before, now, there)
        read = content_check.read_content(knowledge, there)
        found = sorted(content_check.problems(knowledge, there, read, touched))
    except ContentError as error:
        return [str(problem) for problem in error.problems]
    if not any(problem.level == "error" for problem in found):
        check_cache.note(now, knowledge, there)
    return [str(problem) for problem in found]


def export(options: argparse.Namespace, config: Config) -> int:
    """Write the file whole or not at all, and say what it does not tell. Raises BadInput."""
    from bot.exchange import export

    path = Path(options.file)
    form = options.format or export.ENDINGS.get(path.suffix.lower())
    if form is None:
        raise BadInput(f"{path}: the ending says no format; add --format {'|'.join(FORMATS)}")
    if options.lang and not options.all:
        raise BadInput("--lang goes with --all; your own are written in their own language")
    folder = _folder(options, config) if options.overlay else overlay(config)
    if folder is None and not options.all:
        raise BadInput("there is no overlay; name one with --overlay FOLDER, or add --all")
    if folder is not None and not folder.is_dir():
        raise BadInput(f"{folder}: there is no such overlay folder")
    book = open_rules(options, folder)
    pairs = (
        export.all_examples(book, options.lang or "zh")
        if options.all
        else export.overlay_pairs(book.base)
    )
    if not pairs:
        raise BadInput("there is nothing to export: no entry of kind faq in the overlay")
    write_whole(path, export.FORMATS[form](pairs))
    restricted = {p.place for p in pairs if book.base.entry(p.place).restricted_to}
    for id_ in sorted(restricted):
        print(f"{id_}: kept for some roles; the file does not say so", file=sys.stderr)
    print(f"wrote {path}: {_count_line(pairs)}", file=sys.stderr)
    return OK


def _count_line(pairs: list[Pair]) -> str:
    return f"{len(pairs)} answer(s), {sum(len(pair.questions) for pair in pairs)} question(s)"
