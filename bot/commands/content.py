"""check, show, list, schema."""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from bot.commands.common import NO, OK, Add, book, overlay, root, told_in
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.load import Loaded
from knowledge.engine.model import LANGUAGES


def add(command: Add) -> None:
    """Declare the commands."""
    content_check = command("check", check, "check all content, examples included")
    content_check.add_argument(
        "--missing", action="store_true", help="list what is not told or tried, by language"
    )
    content_check.add_argument(
        "--stale", type=int, metavar="DAYS", help="list entries not reviewed within so many days"
    )
    showing = command("show", show, "show one entry whole")
    showing.add_argument("entry", help="an id such as role.brand")
    listing = command("list", list_, "list entries")
    listing.add_argument("kind", nargs="?", help="only this kind, e.g. role")
    schemas = command("schema", schema, "write JSON Schemas for editors")
    schemas.add_argument("folder", nargs="?", default="schemas")
    for parser in (showing, listing):
        parser.add_argument("--lang", choices=LANGUAGES, help="language of the reply")


def check(options: argparse.Namespace, config: Config) -> int:
    """Every problem of content and rules, examples and near misses tried; then the coverage."""
    from bot import check_cache, content_check
    from knowledge.engine.coverage import coverage, gaps

    place, own = root(options), overlay(config)
    seen = check_cache.present(place, own)
    loaded = content_check.read_content(place, own)
    problems = content_check.problems(place, own, loaded)
    if not any(problem.level == "error" for problem in problems):
        check_cache.note(seen, place, own)
    for problem in sorted(problems):
        print(problem)
    for row in coverage(loaded):
        print(
            f"{row.language}: {row.whole} of {row.entries} entries told whole"
            f" ({row.told} told), {row.examples} examples, {row.near_misses} near misses",
            file=sys.stderr,
        )
    for entry, spoken, missing in gaps(loaded) if options.missing else ():
        print(f"{entry}\t{spoken}\t{', '.join(missing)}")
    if options.stale is not None:
        _list_due(loaded, options.stale)
    print(f"{len(problems)} problem(s)", file=sys.stderr)
    return NO if problems else OK


def _list_due(loaded: Loaded, days: int) -> None:
    """The entries that are due, each with its last review and its owner; then the laws."""
    from knowledge.engine import markets, review

    if days < 0:
        raise BadInput("--stale takes a number of days, 0 or more")
    for entry, day, owner in review.due_reviews(loaded, datetime.date.today(), days):
        print(f"{entry}\t{day.isoformat() if day else 'never'}\t{owner or '-'}")
    for _, notes in loaded.markets:
        for note, day in markets.due_laws(notes, datetime.date.today(), days):
            print(f"{note}\t{day.isoformat()}\tmarkets.yaml")


def show(options: argparse.Namespace, config: Config) -> int:
    """One entry, every section of it."""
    from bot.channels import console
    from bot.model import Reply
    from bot.render.text import as_text
    from bot.views.entry import entry_blocks

    base, spoken = book(options, config).base, told_in(options, config)
    if options.entry not in base.languages:
        from rapidfuzz import process

        near = [match for match, _, _ in process.extract(options.entry, base.ids(), limit=3)]
        raise BadInput(f"there is no entry '{options.entry}'; near: {', '.join(near)}")
    entry = base.entry(options.entry, base.told_in(options.entry, spoken))
    reply = Reply(spoken, tuple(entry_blocks(entry, base, spoken)))
    print(as_text(reply, console.width(), console.colour(config)))
    print(f"\n{entry.id}  {base.file(entry.id)}")
    return OK


def list_(options: argparse.Namespace, config: Config) -> int:
    """All entries, or those of one kind."""
    from knowledge.engine.model import KINDS

    base, spoken = book(options, config).base, told_in(options, config)
    if options.kind and options.kind not in KINDS:
        raise BadInput(f"there is no kind '{options.kind}'; known: {', '.join(KINDS)}")
    for id_ in base.ids(options.kind):
        print(f"{id_}\t{base.title(id_, spoken)}")
    return OK


def schema(options: argparse.Namespace, _: Config) -> int:
    """JSON Schemas of the content."""
    from knowledge.engine import schema as schemas

    for path in schemas.write(Path(options.folder)):
        print(path)
    return OK
