"""completion: what a shell needs to complete commands and options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bot.commands.common import OK, Add
from bot.config import Config

SHELLS = ("bash", "zsh", "fish", "tcsh")


def add(command: Add) -> None:
    """Declare the command."""
    completing = command("completion", completion, "print what completes commands in a shell")
    completing.add_argument("shell", choices=SHELLS)


def completion(options: argparse.Namespace, _: Config) -> int:
    """Print the script for one shell; *options* holds the whole parser."""
    import shtab

    for action in _actions(options.parser):
        if action.metavar in ("FILE", "PAGE") or str(action.metavar).endswith(".jsonl"):
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.metavar == "FOLDER":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    print(shtab.complete(options.parser, options.shell))
    return OK


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every argument and option of a parser and of those below it."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _actions(below)
