"""The commands, and the one place where the parts are put together.

Exit codes: 0 answered or fine, 1 declined or problems found, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from bot import config as configuration
from bot.config import Config
from bot.errors import BadInput
from knowledge import base as knowledge_base
from knowledge.model import LANGUAGES
from knowledge.source import ContentError
from rules import book as rule_book
from rules.book import RuleBook

OK, NO, MISUSE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code; prints no traceback for anything a person did."""
    parser = _parser()
    options = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace, Config], int] = options.run
    try:
        return command(options, _config(options))
    except ContentError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problem(s); nothing was started", file=sys.stderr)
        return NO
    except BadInput as error:
        print(f"zhiwen: {error}", file=sys.stderr)
        return MISUSE
    except BrokenPipeError:
        # The reader has gone; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:
        print(f"zhiwen: {error.filename}: {error.strerror}", file=sys.stderr)
        return MISUSE
    except KeyboardInterrupt:
        return NO


def _config(options: argparse.Namespace) -> Config:
    try:
        return configuration.load(options.config)
    except ContentError as error:
        raise BadInput(f"the configuration does not fit\n{error}") from None


def entry_point() -> NoReturn:
    """The ``zhiwen`` command."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())


def _book(options: argparse.Namespace) -> RuleBook:
    knowledge = Path(options.knowledge) if options.knowledge else knowledge_base.ROOT
    if not knowledge.is_dir():
        raise BadInput(f"{knowledge}: there is no such folder")
    return rule_book.open_book(knowledge_base.open_base(knowledge, _notice))


def _notice() -> None:
    print("zhiwen: reading the content for the first time, a few seconds ...", file=sys.stderr)


def _organization(config: Config) -> str | None:
    return None if config.organization == "none" else config.organization


def _language(options: argparse.Namespace, config: Config) -> str | None:
    chosen = getattr(options, "lang", None)
    return chosen or (None if config.language == "auto" else config.language)


def _chat(options: argparse.Namespace, config: Config) -> int:
    from bot.channels import console

    return console.run(config, _book(options))


def _ask(options: argparse.Namespace, config: Config) -> int:
    from bot import ask

    if bool(options.question) == bool(options.batch):
        raise BadInput(
            'give a question, or --batch FILE, e.g. zhiwen ask "what does content operations do"'
        )
    book = _book(options)
    if options.batch:
        bad = ask.batch(options.batch, book, _organization(config), sys.stdout)
        return NO if bad else OK
    return _one(options, config, book)


def _one(options: argparse.Namespace, config: Config, book: RuleBook) -> int:
    from bot import ask
    from bot.channels import console, markup
    from bot.model import Reply
    from bot.skills import explain
    from rules.model import Band

    question = " ".join(options.question)
    if not question.strip():
        raise BadInput('the question is empty; try zhiwen ask "what does content operations do"')
    outcome, elapsed = ask.timed(question, _language(options, config), book, _organization(config))
    language = outcome.reply.language
    if options.json:
        found = ask.as_json(outcome, book, None, elapsed, language)
        print(json.dumps(found, ensure_ascii=False))
    else:
        width, colour = console.width(), console.colour(config)
        print(markup.text(outcome.reply, width, colour))
        if options.why:
            account = Reply(language, (explain.account(outcome.answer, book, language),))
            print("\n" + markup.text(account, width, colour))
    return OK if outcome.answer.band is not Band.DECLINE else NO


def _show(options: argparse.Namespace, config: Config) -> int:
    from bot.channels import console, markup
    from bot.model import Reply
    from bot.skills.ask import whole

    base, language = _book(options).base, _language(options, config) or "zh"
    if options.entry not in base.languages:
        from rapidfuzz import process

        near = [match for match, _, _ in process.extract(options.entry, base.ids(), limit=3)]
        raise BadInput(f"there is no entry '{options.entry}'; near: {', '.join(near)}")
    entry = base.entry(options.entry, base.told_in(options.entry, language))
    reply = Reply(language, tuple(whole(entry, base, language)))
    print(markup.text(reply, console.width(), console.colour(config)))
    print(f"\n{entry.id}  {base.file(entry.id)}")
    return OK


def _list(options: argparse.Namespace, config: Config) -> int:
    from knowledge.model import KINDS

    base, language = _book(options).base, _language(options, config) or "zh"
    if options.kind and options.kind not in KINDS:
        raise BadInput(f"there is no kind '{options.kind}'; known: {', '.join(KINDS)}")
    for id_ in base.ids(options.kind):
        print(f"{id_}\t{base.title(id_, language)}")
    return OK


def _check(options: argparse.Namespace, _: Config) -> int:
    from knowledge import load as knowledge_load
    from rules import check, examples
    from rules import load as rules_load

    root = Path(options.knowledge) if options.knowledge else knowledge_base.ROOT
    if not root.is_dir():
        raise BadInput(f"{root}: there is no such folder")
    rules = rules_load.load()
    problems = [*knowledge_base.problems(root), *rules.problems, *check.check(rules)]
    if not any(problem.level == "error" for problem in problems):
        loaded = knowledge_load.load(root)
        problems += examples.check(loaded, _book(options))
    for problem in sorted(problems):
        print(problem)
    print(f"{len(problems)} problem(s)", file=sys.stderr)
    return NO if problems else OK


def _search(options: argparse.Namespace, _: Config) -> int:
    from bot import search

    for line in search.run(options.docs, options.queries, options.json):
        print(line)
    return OK


def _eval(options: argparse.Namespace, _: Config) -> int:
    from bot import evaluate

    book = _book(options)
    questions = evaluate.read(options.file)
    book.teaching = not options.untaught
    if options.fit:
        _fit(book, questions)
    page = Path(options.html)
    page.touch()
    rows = evaluate.run(questions, book)
    print(evaluate.summary(rows))
    page.write_text(evaluate.page(rows), encoding="utf-8")
    print(f"wrote {page}", file=sys.stderr)
    return OK


def _fit(book: RuleBook, questions: list[tuple[str, str, tuple[str, ...]]]) -> None:
    from dataclasses import replace

    from bot import evaluate
    from rules import load

    book.thresholds = replace(book.thresholds, answer=0, suggest=0, margin=0)
    answer, suggest, margin = evaluate.fit(evaluate.run(questions, book))
    text = load.thresholds_yaml(answer, suggest, margin, len(questions))
    (load.ROOT / "thresholds.yaml").write_text(text, encoding="utf-8")
    book.thresholds = replace(book.thresholds, answer=answer, suggest=suggest, margin=margin)
    print(f"fitted on {len(questions)} questions: {answer} {suggest} {margin}", file=sys.stderr)


def _schema(options: argparse.Namespace, _: Config) -> int:
    from knowledge import schema

    for path in schema.write(Path(options.folder)):
        print(path)
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zhiwen", description="Who does what in marketing and operations."
    )
    parser.add_argument(
        "--config", help="configuration file (default: config.yaml if there is one)"
    )
    parser.add_argument("--knowledge", help="content folder (default: the shipped one)")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: Callable[..., int], text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    add("chat", _chat, "talk in the terminal")
    ask = add("ask", _ask, "answer one question, or a JSONL file of them")
    ask.add_argument("question", nargs="*", help="the question")
    ask.add_argument("--why", action="store_true", help="show the words that counted")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    ask.add_argument(
        "--batch", metavar="FILE", help='JSONL of {"id","question","lang"?}; - is stdin'
    )
    search = add("search", _search, "rank any documents for any queries")
    search.add_argument("--docs", required=True, metavar="DOCS.jsonl")
    search.add_argument("--queries", required=True, metavar="QUERIES.jsonl")
    search.add_argument("--json", action="store_true", help="print one line a query")
    evaluation = add("eval", _eval, "measure on labelled questions")
    evaluation.add_argument("what", choices=["questions"])
    evaluation.add_argument("file", help='JSONL of {"question","lang","expects":[ids]}')
    evaluation.add_argument("--html", default="eval-questions.html", help="where the page goes")
    evaluation.add_argument("--fit", action="store_true", help="fit rules/thresholds.yaml to it")
    evaluation.add_argument(
        "--untaught", action="store_true", help="ignore what examples and near misses settle"
    )
    add("check", _check, "check all content, examples included")
    show = add("show", _show, "show one entry whole")
    show.add_argument("entry", help="an id such as role.brand")
    listing = add("list", _list, "list entries")
    listing.add_argument("kind", nargs="?", help="only this kind, e.g. role")
    schema = add("schema", _schema, "write JSON Schemas for editors")
    schema.add_argument("folder", nargs="?", default="schemas")
    for command in (ask, show, listing):
        command.add_argument("--lang", choices=LANGUAGES, help="language of the reply")
    return parser


if __name__ == "__main__":
    entry_point()
