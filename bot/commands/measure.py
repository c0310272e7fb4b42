"""eval questions, eval postings."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import OK, Add, book, overlay
from bot.config import Config
from bot.errors import BadInput
from rules.book import RuleBook

if TYPE_CHECKING:
    from bot.evaluation.questions.model import Conversation
    from bot.evaluation.questions.tables import Table


def add(command: Add) -> None:
    """Declare the command."""
    parser = command("eval", evaluate, "measure on labelled questions or postings")
    parser.add_argument("what", choices=["questions", "postings"])
    parser.add_argument(
        "file",
        nargs="+",
        help='JSONL of {"question","lang","expects":[ids]} or of keys (several files, or folders),'
        ' or of {"title"?,"description","function","lang"?} (one file)',
    )
    parser.add_argument("--html", help="where the page goes (default: eval-<what>.html)")
    parser.add_argument(
        "--fit", action="store_true", help="fit the confidence in rules/ to the file"
    )
    parser.add_argument(
        "--confidence",
        action="store_true",
        help="questions: what one confidence for all languages would get, fitted on one half of the"
        " questions and tried on the other; changes nothing",
    )
    parser.add_argument(
        "--untaught", action="store_true", help="questions: ignore what examples settle"
    )
    parser.add_argument(
        "--diff", metavar="FOLDER", help="postings: how this overlay changes the verdicts"
    )


def evaluate(options: argparse.Namespace, config: Config) -> int:
    """Measure, print the figures and write a page with them."""
    if options.what == "postings":
        if options.untaught:
            raise BadInput("--untaught belongs to eval questions")
        if options.confidence:
            raise BadInput("--confidence belongs to eval questions")
        return _postings(options, config)
    if options.diff:
        raise BadInput("--diff belongs to eval postings")
    return _questions(options, config)


def _questions(options: argparse.Namespace, config: Config) -> int:
    from bot.evaluation.questions import judging, page, reading, report

    rules = book(options, config)
    conversations = reading.read(options.file)
    rules.teaching = not options.untaught
    target = Path(options.html or "eval-questions.html")
    target.touch()
    if options.fit:
        _fit(rules, conversations)
    wanted = options.confidence or options.fit
    fitted = [_confidence(rules, conversations)] if wanted else []
    rows = judging.run(conversations, rules)
    print(report.summary(rows, *fitted))
    target.write_text(page.page(rows, *fitted), encoding="utf-8")
    print(f"wrote {target}", file=sys.stderr)
    return OK


def _fit(rules: RuleBook, conversations: list[Conversation]) -> None:
    """Learn how much each sign counts, then where the bands begin; write both down."""
    from bot.evaluation.questions import trial
    from rules import load

    try:
        rules.confidence = trial.learned(conversations, rules)
    except ValueError as error:
        raise BadInput(f"nothing can be fitted: {error}") from None
    cuts = trial.trial(trial.samples(conversations, rules)).cuts
    rules.confidence = replace(
        rules.confidence, answer=cuts.answer, guess=cuts.guess, offer=cuts.offer
    )
    text = load.confidence_yaml(rules.confidence)
    (load.ROOT / "confidence.yaml").write_text(text, encoding="utf-8")
    print(text, file=sys.stderr)


def _confidence(rules: RuleBook, conversations: list[Conversation]) -> Table:
    from bot.evaluation.questions import trial

    return trial.table(trial.trial(trial.samples(conversations, rules)))


def _postings(options: argparse.Namespace, config: Config) -> int:
    from bot.evaluation import certainty, postings
    from rules.postings.pack import open_pack

    if len(options.file) > 1:
        raise BadInput("eval postings measures one file at a time; name one")
    rows = postings.read(options.file[0])
    own = overlay(config)
    if options.diff:
        print(postings.diff(rows, open_pack(overlay=own), open_pack(overlay=Path(options.diff))))
        return OK
    page = Path(options.html or "eval-postings.html")
    page.touch()
    report = postings.run(rows, open_pack(overlay=own))
    if options.fit:
        cases = postings.cases(report)
        pairs = certainty.fit(cases)
        certainty.write(pairs)
        for cell, (score, lead) in pairs.items():
            print(f"fitted {cell}: score {score}, lead {lead}", file=sys.stderr)
        if len({row.source for row in rows}) > 1:
            for mode in (True, False):
                mine = [case for case in cases if case.cell.endswith("titled") is mode]
                told = "with titles" if mode else "description only"
                print(f"{told}: {certainty.tried(mine, len(rows))}", file=sys.stderr)
        report = postings.run(rows, open_pack(overlay=own))
    print(postings.summary(report))
    page.write_text(postings.page(report), encoding="utf-8")
    print(f"wrote {page}", file=sys.stderr)
    return OK
