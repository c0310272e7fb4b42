"""eval questions, eval postings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import OK, Add, book, overlay
from bot.config import Config
from bot.errors import BadInput
from knowledge.model import LANGUAGES
from rules.book import RuleBook

if TYPE_CHECKING:
    from bot.evaluation.questions.model import Conversation
    from bot.evaluation.questions.tables import Table

FEWEST = 100
"""Labelled questions of a language below which its thresholds are not fitted."""


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
        "--fit", action="store_true", help="fit the thresholds in rules/ to the file"
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
    fitted = [_confidence(rules, conversations)] if options.confidence else []
    rows = judging.run(conversations, rules)
    print(report.summary(rows, *fitted))
    target.write_text(page.page(rows, *fitted), encoding="utf-8")
    print(f"wrote {target}", file=sys.stderr)
    return OK


def _fit(rules: RuleBook, conversations: list[Conversation]) -> None:
    from bot.evaluation.questions import judging, thresholds
    from rules import load

    before, nothing = rules.thresholds, load.Bands(0, 0, 0)
    rules.thresholds = load.Thresholds(nothing, nothing, nothing, nothing)
    rows = [row for row in judging.run(conversations, rules) if not row.at]
    fitted = {}
    for language in LANGUAGES:
        mine = [row for row in rows if row.language == language]
        if len(mine) < FEWEST:
            print(f"{language}: {len(mine)} questions are too few, left as it is", file=sys.stderr)
            fitted[language] = before.of(language)
            continue
        fitted[language] = load.Bands(*thresholds.fit(mine), len(mine))
        print(f"{language}: {fitted[language]}", file=sys.stderr)
    rules.thresholds = load.Thresholds(**fitted)
    text = load.thresholds_yaml(rules.thresholds)
    (load.ROOT / "thresholds.yaml").write_text(text, encoding="utf-8")


def _confidence(rules: RuleBook, conversations: list[Conversation]) -> Table:
    from bot.evaluation.questions import trial
    from rules import load

    reached, missed = load.Bands(0, 0, 0), load.Bands(10_000, 10_000, 0)
    lowest, highest = (load.Thresholds(*[bands] * len(LANGUAGES)) for bands in (reached, missed))
    return trial.table(trial.trial(trial.samples(conversations, rules, lowest, highest)))


def _postings(options: argparse.Namespace, config: Config) -> int:
    from bot.evaluation import postings
    from rules.posting.pack import open_pack

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
        score, margin = postings.fit(report.rows[postings.MODES[0]])
        postings.write_fit(score, margin)
        print(f"fitted on {len(rows)} postings: score {score}, margin {margin}", file=sys.stderr)
        report = postings.run(rows, open_pack(overlay=own))
    print(postings.summary(report))
    page.write_text(postings.page(report), encoding="utf-8")
    print(f"wrote {page}", file=sys.stderr)
    return OK
