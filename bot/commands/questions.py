"""chat, ask, search."""

from __future__ import annotations

import argparse
import json
import sys

from bot.commands.common import NO, OK, Add, book, language
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.model import LANGUAGES
from rules.book import RuleBook


def add(command: Add) -> None:
    """Declare the commands."""
    command("chat", chat, "talk in the terminal")
    asking = command("ask", ask, "answer one question, or a JSONL file of them")
    asking.add_argument("question", nargs="*", help="the question")
    asking.add_argument("--why", action="store_true", help="show the words that counted")
    asking.add_argument("--json", action="store_true", help="print one JSON object")
    asking.add_argument(
        "--batch", metavar="FILE", help='JSONL of {"id","question","lang"?}; - is stdin'
    )
    asking.add_argument("--lang", choices=LANGUAGES, help="language of the reply")
    searching = command("search", search, "rank any documents for any queries")
    searching.add_argument("--docs", required=True, metavar="DOCS.jsonl")
    searching.add_argument("--queries", required=True, metavar="QUERIES.jsonl")
    searching.add_argument("--json", action="store_true", help="print one line a query")


def chat(options: argparse.Namespace, config: Config) -> int:
    """Talk in the terminal."""
    from bot.channels import console

    return console.run(config, book(options, config))


def ask(options: argparse.Namespace, config: Config) -> int:
    """Answer one question or a file of them."""
    from bot import ask as asking

    if bool(options.question) == bool(options.batch):
        raise BadInput(
            'give a question, or --batch FILE, e.g. zhiwen ask "what does content operations do"'
        )
    rules = book(options, config)
    if options.batch:
        bad = asking.batch(options.batch, rules, config.profile, sys.stdout)
        return NO if bad else OK
    return _ask_one(options, config, rules)


def _ask_one(options: argparse.Namespace, config: Config, rules: RuleBook) -> int:
    from bot import ask as asking
    from bot.channels import console
    from bot.model import Reply
    from bot.render.text import as_text
    from bot.script.convert import convert_part
    from bot.views import why
    from rules.questions.model import Band

    question = " ".join(options.question)
    if not question.strip():
        raise BadInput('the question is empty; try zhiwen ask "what does content operations do"')
    outcome, elapsed = asking.timed_reply(
        question, language(options, config), rules, config.profile
    )
    spoken = outcome.reply.language
    if options.json:
        answer = asking.as_json(outcome, rules, None, elapsed, spoken)
        print(json.dumps(answer, ensure_ascii=False))
    else:
        width, colour = console.width(), console.colour(config)
        print(as_text(outcome.reply, width, colour))
        if options.why:
            account = Reply(spoken, why.account(outcome.answer, rules, spoken))
            account = convert_part(account, outcome.chat.script if spoken == "zh" else "", question)
            print("\n" + as_text(account, width, colour))
    return OK if outcome.answer.band is not Band.DECLINE else NO


def search(options: argparse.Namespace, _: Config) -> int:
    """Rank documents for queries."""
    from bot import search as searching

    for line in searching.run(options.docs, options.queries, options.json):
        print(line)
    return OK
