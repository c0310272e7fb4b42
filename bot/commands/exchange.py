"""import, export: tables of questions and answers into an overlay, and back."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import NO, OK, Add, base, opened, overlay, root
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.model import LANGUAGES
from knowledge.engine.source import ContentError

if TYPE_CHECKING:
    from bot.exchange.entries import Plan, Taken
    from bot.exchange.model import Pair

FORMATS = ("tsv", "xlsx", "csv", "rasa")


def add(command: Add) -> None:
    """Declare the commands."""
    bringing = command("import", import_, "take questions and answers of a table into an overlay")
    bringing.add_argument(
        "files", nargs="+", metavar="FILE", help="TSV of QnA Maker, XLSX, XLS, ODS, CSV, nlu.yml"
    )
    bringing.add_argument("--answers", metavar="FILE", help="the domain.yml of an nlu.yml")
    bringing.add_argument("--lang", choices=LANGUAGES, help="language of the texts")
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
    from bot.exchange import entries, readers
    from bot.exchange.model import Found

    folder = _folder(options, config)
    answers = Path(options.answers) if options.answers else None
    found = [readers.read(Path(name), answers) for name in options.files]
    together = Found(
        tuple(pair for one in found for pair in one.pairs),
        tuple(note for one in found for note in one.left),
    )
    there = base(options, folder if folder.is_dir() else None)
    plan = entries.plan(together, there, options.lang, options.replace)
    for line in _lines(plan):
        print(line)
    print(_summary(plan, options.dry_run))
    problems = _put(plan.taken, folder, root(options), options.dry_run)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problem(s)", file=sys.stderr)
    differing = any(one.state == "differs" for one in plan.taken)
    return NO if problems or plan.left or differing else OK


def _folder(options: argparse.Namespace, config: Config) -> Path:
    """The overlay that is written to; it need not be there yet. Raises BadInput."""
    name = options.overlay or config.overlay
    if not name:
        raise BadInput("there is no overlay: name one with --overlay FOLDER or in config.yaml")
    folder = Path(name)
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder}: this is a file; --overlay takes a folder")
    return folder


def _lines(plan: Plan) -> list[str]:
    """What became of each row; files and rows in their order."""
    told = {
        "new": "new",
        "changed": "changed",
        "same": "the same as before",
        "differs": "left as it was, the file says something else (--replace changes it)",
    }
    lines = [
        (one.place, f"{one.entry.id}: {told[one.state]}, {len(one.told.examples)} question(s)")
        for one in plan.taken
    ]
    lines += [(note.place, f"left out: {note.text}") for note in plan.left]
    return [f"{place}: {text}" for place, text in sorted(lines, key=_row)]


def _row(line: tuple[str, str]) -> tuple[str, int]:
    file, _, row = line[0].rpartition(":")
    return file, int(row)


def _summary(plan: Plan, dry: bool) -> str:
    states = Counter(one.state for one in plan.taken)
    counted = f"{states['new']} new, {states['changed']} changed, {states['same']} the same"
    left = len(plan.left) + states["differs"]
    return f"{counted}, {left} left out{'; nothing was written (--dry-run)' if dry else ''}"


def _put(taken: list[Taken], folder: Path, knowledge: Path, dry: bool) -> list[str]:
    """Write the entries, and everything that is wrong then; a dry run does so on a copy."""
    from bot import checking
    from bot.exchange import folder as writing

    def put(place: Path) -> list[str]:
        writing.write(taken, place)
        there = place if place.is_dir() else None
        try:
            return [str(problem) for problem in sorted(checking.problems(knowledge, there))]
        except ContentError as error:
            return [str(problem) for problem in error.problems]

    if not dry:
        return put(folder)
    with tempfile.TemporaryDirectory(prefix="zhiwen-") as temporary:
        copy = Path(temporary) / (folder.name or "overlay")
        if folder.is_dir():
            shutil.copytree(folder, copy)
        return put(copy)


def export(options: argparse.Namespace, config: Config) -> int:
    """Write the file whole or not at all, and say what it does not tell. Raises BadInput."""
    from bot.exchange import leaving

    path = Path(options.file)
    form = options.format or leaving.ENDINGS.get(path.suffix.lower())
    if form is None:
        raise BadInput(f"{path}: the ending says no format; add --format {'|'.join(FORMATS)}")
    if options.lang and not options.all:
        raise BadInput("--lang goes with --all; your own are written in their own language")
    folder = _folder(options, config) if options.overlay else overlay(config)
    if folder is None and not options.all:
        raise BadInput("there is no overlay; name one with --overlay FOLDER, or add --all")
    if folder is not None and not folder.is_dir():
        raise BadInput(f"{folder}: there is no such overlay folder")
    book = opened(options, folder)
    pairs = (
        leaving.everything(book, options.lang or "zh") if options.all else leaving.own(book.base)
    )
    if not pairs:
        raise BadInput("there is nothing to export: no entry of kind faq in the overlay")
    _whole(path, leaving.FORMATS[form](pairs))
    restricted = {p.place for p in pairs if book.base.entry(p.place).restricted_to}
    for id_ in sorted(restricted):
        print(f"{id_}: kept for some roles; the file does not say so", file=sys.stderr)
    print(f"wrote {path}: {_counted(pairs)}", file=sys.stderr)
    return OK


def _counted(pairs: list[Pair]) -> str:
    return f"{len(pairs)} answer(s), {sum(len(pair.questions) for pair in pairs)} question(s)"


def _whole(path: Path, content: bytes) -> None:
    """Write beside its place, then move it there."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
