"""run: work through a checklist from the terminal, take it along, or check one's own."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot import due_dates
from bot.commands.common import NO, OK, Add, Command, add_action, book, told_in, write_whole
from bot.config import Config
from bot.errors import BadInput
from bot.texts import say

if TYPE_CHECKING:
    from bot.runs import View
    from bot.store import Store
    from rules.book import RuleBook

BOXES = {"done": "[x]", "na": "[-]", "open": "[ ]"}
FORMATS = ("md", "xlsx", "ics")


def add(command: Add) -> None:
    """Declare the commands."""
    parser = command("run", lambda *_: OK, "work through checklists")
    actions = parser.add_subparsers(required=True, metavar="action")

    action = partial(add_action, actions, _run_or_explain)
    starting = action("start", start, "begin a checklist; prints the id of the run", one=False)
    starting.add_argument(
        "checklist", nargs="+", help="e.g. campaign, what you prepare for, or a file of your own"
    )
    starting.add_argument("--anchor", metavar="DATE", help="the date T, e.g. 2026-06-18")
    starting.add_argument("--title", default="", help="what this run is called")
    listing = action("list", list_, "list the runs in progress", one=False)
    listing.add_argument("--all", action="store_true", help="closed ones too")
    action("show", show, "show a run")
    ticking = action("tick", tick, "say what became of an item")
    ticking.add_argument("item", metavar="ITEM", help="its number, e.g. 1.3")
    what = ticking.add_mutually_exclusive_group()
    what.add_argument("--undo", action="store_true", help="set it back to open")
    what.add_argument("--na", metavar="REASON", help="not applicable, and why")
    ticking.add_argument("--note", metavar="TEXT", help="a note on it")
    closing = action("close", close, "close a run whose must-pass items are done")
    closing.add_argument("--reason", default="", metavar="TEXT", help="close it without, and why")
    action("reopen", reopen, "open a closed run again")
    exporting = action("export", export, "write a run to a file")
    exporting.add_argument("--format", choices=FORMATS, default="md")
    exporting.add_argument("--out", metavar="PATH", help="a file (default: standard output)")
    linting = action("lint", lint, "check a checklist that you wrote", one=False)
    linting.add_argument("files", nargs="+", metavar="FILE", help="text, Excel or Word; - is stdin")


def start(options: argparse.Namespace, config: Config) -> int:
    """Begin a run of the checklist of that name, of a file, or of the one that fits the need."""
    from bot import runs
    from bot.commands.checklist_choice import list_file, wanted_list
    from bot.records import LOCAL
    from bot.runs import own_templates

    rules, spoken = book(options, config), told_in(options, config)
    name = " ".join(options.checklist)
    with _store(config) as store:
        if (text := list_file(name)) is not None:
            source, day = own_templates.of_text(
                text, "", own_templates.id_once(LOCAL, text), own_templates.names(store, rules)
            )
            anchor = options.anchor or day
            id_ = runs.start_with(store, LOCAL, source, anchor, options.title)
        else:
            wanted = wanted_list(name, store, rules, spoken)
            id_ = runs.start(store, rules, LOCAL, wanted, spoken, options.anchor, options.title)
        print(say(spoken, "runs.command.started", id=id_, title=store.runs.get(id_).title))
    return OK


def list_(options: argparse.Namespace, config: Config) -> int:
    """A line for each run, the newest first."""
    from bot import runs
    from bot.records import LOCAL

    rules, spoken = book(options, config), told_in(options, config)
    with _store(config) as store:
        status = None if options.all else "open"
        found = runs.views(store, rules, LOCAL, datetime.date.today(), status, spoken)
    for view in found:
        now, state = view.progress, say(spoken, f"runs.command.status.{view.run.status}")
        print(
            say(
                spoken, "runs.command.line", id=view.run.id, settled=now.settled, total=now.total,
                state=state, title=view.run.title,
            )
        )  # fmt: skip
    if not found:
        print(say(spoken, "runs.command.none"), file=sys.stderr)
    return OK


def show(options: argparse.Namespace, config: Config) -> int:
    """A run with all its items, each with the number by which it is ticked."""
    rules, spoken = book(options, config), told_in(options, config)
    with _store(config) as store:
        view = _view(store, rules, options.id, spoken)
    print("\n".join(_draw(view, spoken)))
    return OK


def _draw(view: View, spoken: str) -> Iterator[str]:
    from bot.runs.model import section_title

    now, run = view.progress, view.run
    state = say(spoken, f"runs.command.status.{run.status}")
    yield f"{run.title}  {now.settled}/{now.total}  {state}"
    if run.anchor:
        yield say(spoken, "web.checklists.anchor.shown", date=run.anchor)
    for s, section in enumerate(now.sections, 1):
        name = section_title(section, spoken)
        yield f"\n{name}  {section.settled}/{section.total}"
        for i, line in enumerate(section.lines, 1):
            notes = [say(spoken, "item.killer")] if line.item.killer else []
            notes += (
                [str(line.due or due_dates.due_text(line.item.due, spoken))]
                if line.item.due
                else []
            )
            notes += [say(spoken, "web.checklists.overdue")] if line.late else []
            notes += [view.owner(line)] if line.item.owner_role else []
            mark = view.mark(line.key)
            notes += [mark.by] if mark and line.state != "open" else []
            told = f" [{' · '.join(notes)}]" if notes else ""
            yield f"{BOXES[line.state]} {s}.{i} {line.item.text}{told}"
            if line.item.done_when:
                yield f"        {say(spoken, 'item.done', done_when=line.item.done_when)}"
            if mark and mark.note:
                label = say(spoken, "runs.export.note")
                yield f"        {say(spoken, 'pair.line', left=label, right=mark.note)}"


def tick(options: argparse.Namespace, config: Config) -> int:
    """Mark an item, and say how far the run is now."""
    from bot import runs
    from bot.records import LOCAL

    rules, spoken = book(options, config), told_in(options, config)
    state = "open" if options.undo else "na" if options.na is not None else "done"
    if options.na is not None and options.note is not None:
        raise BadInput("--na takes the reason itself; leave out --note")
    note = options.na if options.na is not None else options.note
    with _store(config) as store:
        view = _view(store, rules, options.id, spoken)
        lines = (line for section in view.progress.sections for line in section.lines)
        line = next((line for line in lines if line.key == _key(options.item)), None)
        if line is None:
            raise BadInput(say(spoken, "runs.command.gone", what=options.item))
        runs.mark(store, LOCAL, options.id, line.key, state, note)
        view = _view(store, rules, options.id, spoken)
    print(
        say(
            spoken, "runs.command.marked", number=options.item, item=line.item.text,
            state=say(spoken, f"runs.state.{state}"), settled=view.progress.settled,
            total=view.progress.total,
        )
    )  # fmt: skip
    return OK


def _key(number: str) -> str:
    """The key of an item: people count from 1."""
    section, _, item = number.partition(".")
    if not (section.isascii() and section.isdigit() and item.isascii() and item.isdigit()):
        raise BadInput(f"'{number}' is no number of an item; write it like 1.3")
    return f"{int(section) - 1}.{int(item) - 1}"


def close(options: argparse.Namespace, config: Config) -> int:
    """Close a run; what is in the way is named."""
    from bot import runs
    from bot.records import LOCAL

    spoken = told_in(options, config)
    with _store(config) as store:
        runs.close(store, LOCAL, options.id, options.reason)
        print(say(spoken, "runs.command.closed", title=store.runs.get(options.id).title))
    return OK


def reopen(options: argparse.Namespace, config: Config) -> int:
    """Open a closed run again."""
    from bot import runs
    from bot.records import LOCAL

    spoken = told_in(options, config)
    with _store(config) as store:
        runs.reopen(store, LOCAL, options.id)
        print(say(spoken, "runs.command.reopened", title=store.runs.get(options.id).title))
    return OK


def export(options: argparse.Namespace, config: Config) -> int:
    """Write the run as Markdown, a workbook or a calendar."""
    from bot import runs
    from bot.runs.export import FORMATS as MAKERS
    from bot.runs.export import Export

    if options.format == "xlsx" and not options.out and sys.stdout.isatty():
        raise BadInput("a workbook does not belong on a terminal; add --out PATH")
    rules, spoken = book(options, config), told_in(options, config)
    with _store(config) as store:
        history = tuple(runs.history(store, options.id))
        what = Export(_view(store, rules, options.id, spoken), history, spoken, time.time())
        data = MAKERS[options.format][0](what)
    if options.out:
        write_whole(Path(options.out), data)
    else:
        sys.stdout.buffer.write(data)
    return OK


def lint(options: argparse.Namespace, config: Config) -> int:
    """Print what will get in the way, with file and line. Exit code 1 if there is anything."""
    from bot.commands.checklist_choice import list_text
    from rules.checklists.lint import lint as lint_text

    spoken, count = told_in(options, config), 0
    for name in options.files:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        for found in lint_text(list_text(name, raw).removeprefix("\ufeff")):
            told = say(spoken, f"lint.{found.kind}", **found.values)
            print(f"{name}:{found.line}: {found.level}: {told}")
            count += 1
    ending = "found" if count else "fine"
    print(say(spoken, f"web.checklists.lint.{ending}", count=count), file=sys.stderr)
    return NO if count else OK


def _view(store: Store, rules: RuleBook, id_: str, spoken: str) -> View:
    from bot import runs
    from bot.records import LOCAL

    return runs.view(store, rules, LOCAL, id_, datetime.date.today(), spoken)


def _run_or_explain(run: Command, options: argparse.Namespace, config: Config) -> int:
    """Run a command; what a run does not allow now is one clear line and exit code 1."""
    from bot.runs import ActionNotAllowed
    from bot.store import Conflict, NotFound, StoreUnavailable

    spoken = told_in(options, config)
    try:
        return run(options, config)
    except ActionNotAllowed as refused:
        print(f"zhiwen: {refused.message(spoken)}", file=sys.stderr)
    except Conflict:
        print(f"zhiwen: {say(spoken, 'runs.command.conflict')}", file=sys.stderr)
    except NotFound as gone:
        raise BadInput(say(spoken, "runs.command.gone", what=gone)) from None
    except StoreUnavailable as busy:
        raise BadInput(say(spoken, "runs.command.busy", what=busy)) from None
    return NO


@contextlib.contextmanager
def _store(config: Config) -> Iterator[Store]:
    from bot.store import open_store
    from bot.store.location import database

    store = open_store(database(config))
    try:
        yield store
    finally:
        store.close()
