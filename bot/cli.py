"""The ``zhiwen`` command: arguments in, exit code out; errors become one clear line.

Exit codes: 0 answered or fine, 1 declined or problems found, 2 wrong use.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, NoReturn

from bot import config as configuration
from bot.commands import FIELDS
from bot.commands.common import MISUSE, NO, OK, Command
from bot.config import Config
from bot.errors import BadInput
from knowledge.engine.source import ContentError


class Parser(argparse.ArgumentParser):
    """A parser that says which word was meant where one is mistyped."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Raises ArgumentError for a word that is none of those that may stand there."""
        if action.choices is None or value in action.choices:
            return
        import difflib  # only a mistake needs it

        known = [str(word) for word in action.choices]
        near = difflib.get_close_matches(str(value), known, 1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(known)}"
        raise argparse.ArgumentError(action, f"there is no '{value}'; {hint}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit code; prints no traceback for anything a person did."""
    options = _parser().parse_args(arguments)
    command: Command = options.run
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
        named = f"{error.filename}: " if error.filename else ""
        print(f"zhiwen: {named}{error.strerror or error}", file=sys.stderr)
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
        if stream is not None:  # nobody listens: `>&-`
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.exit(main())


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="zhiwen", description="Who does what in marketing and operations.")
    parser.add_argument(
        "--config", help="configuration file (default: config.yaml if there is one)"
    )
    parser.add_argument("--knowledge", help="content folder (default: the shipped one)")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run)
        return command

    for field in FIELDS:
        field.add(add)
    parser.set_defaults(parser=parser)
    return parser


if __name__ == "__main__":
    entry_point()
