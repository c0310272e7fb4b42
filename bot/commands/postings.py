"""classify: one posting, or files of them."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import MISUSE, NO, OK, Add, language, overlay
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.model import LANGUAGES

if TYPE_CHECKING:
    from bot.postings.decisions import DecisionLookup

FORMATS = ("text", "jsonl", "csv", "xlsx", "html")


def add(command: Add) -> None:
    """Declare the command."""
    parser = command("classify", classify, "say which function job postings belong to")
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="text, JSONL, CSV, XLSX, DOCX or PDF; - is stdin"
    )
    parser.add_argument("--format", choices=FORMATS, help="of the output (default: the input's)")
    parser.add_argument("--out", metavar="PATH", help="where the output goes (one input file)")
    parser.add_argument("--title", help="the title of a single posting")
    parser.add_argument("--description-column", metavar="NAME", help="column of the description")
    parser.add_argument("--title-column", metavar="NAME", help="column of the title")
    parser.add_argument("--id-column", metavar="NAME", help="column of the id")
    parser.add_argument(
        "--columns",
        metavar="ROLE=COLUMN,...",
        help="columns or keys of any role: description, title, id, duties, requirements, lang;"
        " a column may be called by its header, its letter (F) or its number (#6)",
    )
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="processes; 0 for one a core"
    )
    parser.add_argument("--why", action="store_true", help="show every word that counted")
    parser.add_argument("--lang", choices=LANGUAGES, help="language of what is written")


def classify(options: argparse.Namespace, config: Config) -> int:
    """Classify every file; one that cannot be used is reported and stops none of the others."""
    from bot.postings import columns, files
    from bot.postings.columns import Named
    from bot.postings.model import Unreadable
    from rules.postings.posting_rules import open_posting_rules

    if options.out and len(options.files) > 1:
        raise BadInput("--out goes with one input file; leave it out for several")
    if options.jobs < 0:
        raise BadInput("--jobs takes 0 or more")
    rules = open_posting_rules(overlay=overlay(config))
    jobs = options.jobs or os.cpu_count() or 1
    given = Named(options.description_column, options.title_column, options.id_column)
    named = columns.parse_named(options.columns, given)
    work = files.Work(
        rules=rules,
        named=named,
        language=language(options, config),
        form=options.format,
        out=Path(options.out) if options.out else None,
        title=options.title,
        why=options.why,
        jobs=jobs,
        decided=_decisions(config),
    )
    failed = missing = False
    for name in options.files:
        try:
            if name == "-":
                failed |= files.stream(sys.stdin.buffer, sys.stdout, work)
            else:
                failed |= files.run(Path(name), work)
        except Unreadable as problem:
            print(f"zhiwen: {name}: {problem.message(work.report_language)}", file=sys.stderr)
            failed = True
        except BrokenPipeError:
            raise
        except OSError as error:
            print(f"zhiwen: {error.filename or name}: {error.strerror}", file=sys.stderr)
            missing = True
    return MISUSE if missing else NO if failed else OK


def _decisions(config: Config) -> DecisionLookup | None:
    """What people decided about postings; None where nothing is kept."""
    from bot.store import StoreUnavailable, location, open_store

    place = location.database_or_none(config)
    if place is None or ("://" not in place and not Path(place).is_file()):
        return None
    try:
        return open_store(place).corrections.get_many
    except StoreUnavailable as error:
        print(f"zhiwen: without what was decided: {error}", file=sys.stderr)
        return None
