"""correct, corrections, fit: what people decide about postings, and what is learnt from it."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import NO, OK, Add, overlay, store_of
from bot.config import Config
from bot.errors import BadInput

if TYPE_CHECKING:
    pass

MISSING = "there is no decision {} that holds"


def add(command: Add) -> None:
    """Declare the commands."""
    taking = command("correct", correct, "keep what HR decided about postings in a table")
    taking.add_argument("file", metavar="FILE", help="a table with a column 'decided'")
    taking.add_argument("--by", metavar="NAME", help="who decided (default: who runs this)")
    taking.add_argument("--columns", metavar="ROLE=COLUMN,...", help="as with zhiwen classify")
    listing = command("corrections", corrections, "list what was decided about postings")
    listing.add_argument("--undo", type=int, metavar="NUMBER", help="take one back")
    listing.add_argument("--by", metavar="NAME", help="who takes it back")
    listing.add_argument("--all", action="store_true", help="also those that were taken back")
    fitting = command("fit", fit, "learn weights of phrases from corrections")
    fitting.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help='JSONL of {"title"?,"description","function","source"?} (default: what was kept)',
    )
    fitting.add_argument("--out", metavar="FOLDER", help="overlay folder (default: the configured)")
    fitting.add_argument("--dry-run", action="store_true", help="show what would change, no more")


def correct(options: argparse.Namespace, config: Config) -> int:
    """Keep the decisions in a table; a row that cannot be kept is told and stops none."""
    from bot.postings import columns, decisions, readers
    from rules.postings.posting_rules import open_posting_rules

    path, rules, wrong, done = Path(options.file), open_posting_rules(overlay=overlay(config)), 0, 0
    named = columns.parse_named(options.columns)
    with store_of(config, MISSING) as store:
        rows = readers.rows(path, readers.format_of(path), named, rules)
        for row, told in decisions.take(rows, store, _author(options), rules):
            if isinstance(told, int):
                done += 1
            else:
                wrong += 1
                print(f"{row.file}:{row.number}: {told}", file=sys.stderr)
    print(f"{done} decision(s) kept, {wrong} not")
    return NO if wrong or not done else OK


def corrections(options: argparse.Namespace, config: Config) -> int:
    """Print the decisions as JSON lines, or take one back."""
    with store_of(config, MISSING) as store:
        if options.undo is not None:
            gone = store.corrections.undo(options.undo, _author(options))
            print(f"taken back: {gone.id} ({gone.decided}, by {gone.by})")
            return OK
        for one in store.corrections.all(options.all):
            told = dataclasses.asdict(one)
            told["at"] = datetime.datetime.fromtimestamp(one.at, datetime.UTC).isoformat()
            del told["signals"]
            print(json.dumps(told, ensure_ascii=False))
    return OK


def fit(options: argparse.Namespace, config: Config) -> int:
    """Learn from corrections; write the overlay if the gate lets it through."""
    from bot.postings import learning
    from rules.postings.posting_rules import open_posting_rules, read_rule_files

    own = overlay(config)
    folder = Path(options.out) if options.out else own
    if folder is None and not options.dry_run:
        raise BadInput("no overlay is configured; say where with --out FOLDER")
    files = dataclasses.replace(read_rule_files(overlay=own), weights=[])
    if options.file:
        lessons = learning.lessons_from_file(options.file, open_posting_rules(overlay=own))
    else:
        with store_of(config, MISSING) as store:
            lessons = learning.lessons_from_corrections(store.corrections.all())
    found = learning.learn_weights(lessons, files)
    trial = found.trial
    print(f"{trial.total} corrections; right before {trial.before}, in cross-validation after")
    print(f"{trial.after}; phrases that count differently: {len(found.weights)}")
    for line in found.changes:
        print(f"  {line}")
    if found.refused:
        print(f"not written: {found.refused}", file=sys.stderr)
        return NO
    if options.dry_run or folder is None:
        return OK
    print(f"wrote {learning.write(found.weights, folder)}; delete it to undo this")
    return OK


def _author(options: argparse.Namespace) -> str:
    return options.by or getpass.getuser()
