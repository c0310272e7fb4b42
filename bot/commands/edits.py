"""edits: what was changed in the overlay from the browser; shown, and taken back."""

from __future__ import annotations

import argparse
import datetime
import getpass
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from bot.commands.common import NO, OK, Add, Command, add_action, overlay, store_of, told_in
from bot.config import Config
from bot.texts import say

if TYPE_CHECKING:
    from bot.store.edits import Edit

MISSING = "there is no edit {}"


def add(command: Add) -> None:
    """Declare the commands."""
    parser = command("edits", lambda *_: OK, "edits of the overlay from the browser")
    actions = parser.add_subparsers(required=True, metavar="action")

    action = partial(add_action, actions, _run_or_explain)
    listing = action("list", list_, "list the last edits, newest first", one=False)
    listing.add_argument("--most", type=int, default=50, metavar="N", help="how many (50)")
    action("show", show, "print an edit as a patch")
    undoing = action("undo", undo, "give the files back what they said before")
    undoing.add_argument("--by", metavar="NAME", help="who takes it back (default: who runs this)")


def list_(options: argparse.Namespace, config: Config) -> int:
    """A line for each edit."""
    with store_of(config, MISSING) as store:
        edits = store.edits.list_recent(max(1, options.most))
    for edit in edits:
        print(_line(edit, told_in(options, config)))
    return OK


def show(options: argparse.Namespace, config: Config) -> int:
    """The edit, and its patch as `git apply` takes it."""
    with store_of(config, MISSING) as store:
        edit = store.edits.get(options.id)
    print(_line(edit, told_in(options, config)), file=sys.stderr)
    for diff in _diffs(edit):
        print(diff, end="")
    return OK


def undo(options: argparse.Namespace, config: Config) -> int:
    """Take the edit back; files that say something else by now stay as they are."""
    from bot.editing import history

    by = options.by or getpass.getuser()
    with store_of(config, MISSING) as store:
        before = store.edits.get(options.id)
        edit = history.undo(store, overlay(config), options.id, by)
        if before.status != edit.status:
            store.audit.note(by, "edit_undo", edit.entry, edit.id)
    print(_line(edit, told_in(options, config)))
    return OK


def _run_or_explain(run: Command, options: argparse.Namespace, config: Config) -> int:
    """Run a command; what cannot be done now is one clear line and exit code 1."""
    from bot.editing.refusal import EditRefused

    try:
        return run(options, config)
    except EditRefused as refused:
        print(f"zhiwen: {refused.message(told_in(options, config))}", file=sys.stderr)
        return NO


def _line(edit: Edit, spoken: str) -> str:
    at = datetime.datetime.fromtimestamp(edit.changed).astimezone().strftime("%Y-%m-%d %H:%M")
    state = say(spoken, f"edit.status.{edit.status}")
    told = (edit.id, at, state, edit.changed_by, edit.entry, edit.what.get("text", ""))
    return "  ".join(map(str, told)).rstrip()


def _diffs(edit: Edit) -> Iterator[str]:
    from rules.proposal import Patch

    for one in edit.files:
        yield Patch(one.path, one.before or "", one.after or "").diff
