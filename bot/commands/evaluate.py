"""eval questions, eval ranking, eval postings."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.common import OK, Add, book, overlay, root
from bot.config import Config
from bot.errors import BadInput
from rules.book import RuleBook

if TYPE_CHECKING:
    from bot.evaluation.questions.model import Conversation
    from bot.evaluation.questions.tables import Table
    from bot.evaluation.ranking import Ranked

LEFT_OUT = 0
"""The fold of examples that `eval ranking` asks; one of five tells enough."""


def add(command: Add) -> None:
    """Declare the command."""
    parser = command("eval", evaluate, "measure on labelled questions or postings")
    parser.add_argument("what", choices=["questions", "ranking", "postings"])
    parser.add_argument(
        "file",
        nargs="*",
        help='JSONL of {"question","lang","expects":[ids]} or of keys (several files, or folders),'
        ' or of {"title"?,"description","function","lang"?} (one file);'
        " ranking asks examples of the content that are left out of it: a fifth of them, and those"
        ' that a JSONL of {"question","lang"} lists',
    )
    parser.add_argument("--html", help="where the page goes (default: eval-<what>.html)")
    parser.add_argument("--fit", action="store_true", help="write what is learned to rules/")
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
        "--examples",
        metavar="FILE",
        help="questions --fit: learn also from examples that are left out of the content: a fifth"
        " of them and those that FILE lists, half as many as there are questions, and as many plain"
        " questions after names",
    )
    parser.add_argument(
        "--diff", metavar="FOLDER", help="postings: how this overlay changes the verdicts"
    )


def evaluate(options: argparse.Namespace, config: Config) -> int:
    """Measure, print the figures and write a page with them."""
    if options.what == "ranking":
        return _ranking(options, config)
    if not options.file:
        raise BadInput(f"eval {options.what} needs a file")
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
        _fit_with_examples(options, config, rules, conversations)
    wanted = options.confidence or options.fit
    fitted = [_confidence(rules, conversations)] if wanted else []
    rows = judging.run(conversations, rules)
    print(report.summary(rows, *fitted))
    target.write_text(page.page(rows, *fitted), encoding="utf-8")
    print(f"wrote {target}", file=sys.stderr)
    return OK


def _fit_with_examples(
    options: argparse.Namespace,
    config: Config,
    rules: RuleBook,
    conversations: list[Conversation],
) -> None:
    """Fit on the questions of the files and, if wanted, on examples that are left out."""
    from bot.evaluation import held_out

    if not options.examples:
        _fit(rules, [(conversations, rules)])
        return
    left = held_out.of_either(held_out.of_fold(LEFT_OUT), held_out.of_file(options.examples))
    with held_out.held_out(root(options), overlay(config), left) as (reduced, asked):
        many = len(conversations) // 2
        more = held_out.conversations(asked, many)
        more += held_out.conversations(held_out.name_questions(reduced), many)
        _fit(rules, [(conversations, rules), (more, reduced)])


def _fit(rules: RuleBook, asked: list[tuple[list[Conversation], RuleBook]]) -> None:
    """Learn how much each sign counts, then where the bands begin; write both down.

    *asked*: questions, and the rules over the content that is to answer them.
    """
    from bot.evaluation.questions import report, trial
    from rules import load, weights

    try:
        rows = [row for told, base in asked for row in trial.judge_first_messages(told, base, True)]
        rules.confidence = trial.fit_weights(rows, rules.confidence)
    except ValueError as error:
        raise BadInput(f"nothing can be fitted: {error}") from None
    for _, base in asked:
        base.confidence = rules.confidence
    samples = [one for told, base in asked for one in trial.samples(told, base)]
    tried = trial.trial(samples)
    print(*report.render_table(trial.table(tried)), sep="\n", file=sys.stderr)
    cuts = tried.cuts
    rules.confidence = replace(
        rules.confidence, answer=cuts.answer, guess=cuts.guess, offer=cuts.offer
    )
    text = weights.confidence_yaml(rules.confidence)
    (load.ROOT / "confidence.yaml").write_text(text, encoding="utf-8")
    print(text, file=sys.stderr)


def _confidence(rules: RuleBook, conversations: list[Conversation]) -> Table:
    from bot.evaluation.questions import trial

    return trial.table(trial.trial(trial.samples(conversations, rules)))


def _ranking(options: argparse.Namespace, config: Config) -> int:
    """Rank the examples that the content is compiled without; half of them teach the weights."""
    from bot.evaluation import held_out, ranking
    from rules import load, weights

    if options.file[1:] or options.untaught or options.confidence or options.diff:
        raise BadInput("eval ranking takes one file at most, and no option but --fit")
    left = held_out.of_fold(LEFT_OUT)
    if options.file:
        left = held_out.of_either(left, held_out.of_file(options.file[0]))
    with held_out.held_out(root(options), overlay(config), left) as (rules, asked):
        rows = ranking.rows(asked, rules)
        print(ranking.figures(rows))
        plain = ranking.rows(held_out.name_questions(rules), rules)
        print(f"\nasked by their names:\n{ranking.figures(plain)}")
        rows += plain
        if not options.fit:
            return OK
        mine, kept = ranking.halves(rows)
        try:
            print(f"\nfitted on half of them, the other half:\n{_trial_lines(mine, kept)}")
            fitted = ranking.fit(rows)
        except ValueError as error:
            raise BadInput(f"nothing can be fitted: {error}") from None
    text = weights.ranking_yaml(fitted)
    (load.ROOT / "ranking.yaml").write_text(text, encoding="utf-8")
    print(text, file=sys.stderr)
    return OK


def _trial_lines(mine: list[Ranked], kept: list[Ranked]) -> str:
    from bot.evaluation import ranking

    return ranking.figures(ranking.rerank(kept, ranking.fit(mine)))


def _postings(options: argparse.Namespace, config: Config) -> int:
    from bot.evaluation import certainty, postings
    from rules.postings.posting_rules import open_posting_rules

    if len(options.file) > 1:
        raise BadInput("eval postings measures one file at a time; name one")
    rows = postings.read(options.file[0])
    own = overlay(config)
    if options.diff:
        print(
            postings.diff(
                rows,
                open_posting_rules(overlay=own),
                open_posting_rules(overlay=Path(options.diff)),
            )
        )
        return OK
    page = Path(options.html or "eval-postings.html")
    page.touch()
    report = postings.run(rows, open_posting_rules(overlay=own))
    if options.fit:
        cases = postings.cases(report)
        fitted = certainty.fit(cases)
        certainty.write(fitted)
        for cell, clear in fitted.items():
            print(f"fitted {cell}: {clear}", file=sys.stderr)
        if len({row.source for row in rows}) > 1:
            for mode in (True, False):
                mine = [case for case in cases if case.cell.endswith("titled") is mode]
                mode_text = "with titles" if mode else "description only"
                print(f"{mode_text}: {certainty.cross_validate(mine, len(rows))}", file=sys.stderr)
        report = postings.run(rows, open_posting_rules(overlay=own))
    print(postings.summary(report))
    page.write_text(postings.page(report), encoding="utf-8")
    print(f"wrote {page}", file=sys.stderr)
    return OK
