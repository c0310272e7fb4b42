"""report, propose: what was learnt from use, and a change to the content because of it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.commands.common import NO, OK, Add, book, overlay, root, told_in, write_whole
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.model import LANGUAGES

MAX_DAYS = 365


def add(command: Add) -> None:
    """Declare the commands."""
    reporting = command("report", report, "report questions, open ones in clusters, and feedback")
    reporting.add_argument("--days", type=int, default=30, metavar="N", help="days (default: 30)")
    reporting.add_argument("--html", metavar="PAGE", help="write an HTML page too")
    reporting.add_argument("--lang", choices=LANGUAGES, help="language of the report")
    proposing = command("propose", propose, "try a change to an entry and print it as a patch")
    proposing.add_argument("entry", help="an id such as role.brand")
    kinds = proposing.add_mutually_exclusive_group(required=True)
    kinds.add_argument("--alias", metavar="TEXT", help="another name of the entry")
    kinds.add_argument("--example", metavar="TEXT", help="a question it must win")
    kinds.add_argument("--near-miss", metavar="TEXT", help="a question it must not win")
    proposing.add_argument("--lang", choices=LANGUAGES, help="language of the text")


def report(options: argparse.Namespace, config: Config) -> int:
    """Print what is kept about the last days. Raises BadInput where nothing is kept."""
    from bot.insights import page, text
    from bot.insights.reading import read
    from bot.store import StoreUnavailable, open_store

    if not 1 <= options.days <= MAX_DAYS:
        raise BadInput(f"--days takes 1 to {MAX_DAYS}")
    rules, spoken = book(options, config), told_in(options, config)
    try:
        store = open_store(_existing_database(config))
        made = read(store, rules, options.days)
    except StoreUnavailable as error:
        raise BadInput(f"the database cannot be used: {error}") from None
    store.close()
    print(text.text(made, rules, spoken))
    if options.html:
        write_whole(Path(options.html), page.page(made, rules, spoken).encode("utf-8"))
        print(f"wrote {options.html}", file=sys.stderr)
    return OK


def _existing_database(config: Config) -> str:
    """The database, which must be there already."""
    from bot.store import location

    place = location.database(config)
    if "://" not in place and not Path(place).is_file():
        raise BadInput(f"{place}: nothing is kept there yet; `zhiwen serve` begins to")
    return place


def propose(options: argparse.Namespace, config: Config) -> int:
    """Print the patch on the output and what it would do on the error output."""
    from bot.insights import sentences
    from bot.insights.proposals import propose as try_change
    from bot.texts import say
    from rules.proposal import Change, Unfit
    from rules.questions.utterance import guess_language

    given = {"alias": options.alias, "example": options.example, "near_miss": options.near_miss}
    kind, text = next((kind, text) for kind, text in given.items() if text is not None)
    wording = options.lang or guess_language(text)
    spoken = wording if config.language == "auto" else config.language
    change = Change(options.entry, kind, text, wording)
    try:
        made = try_change(root(options), change, overlay=overlay(config))
    except Unfit as error:
        raise BadInput(say(spoken, f"proposal.unfit.{error.reason}")) from None
    print(made.diff, end="")
    for line in sentences.lines(made, spoken):
        print(line, file=sys.stderr)
    return OK if made.trial.passes_check else NO
