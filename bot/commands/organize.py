"""organize: a company's own units and tasks, asked for or read from a table."""

from __future__ import annotations

import argparse
import csv
import re
import sys
from pathlib import Path

from bot.commands.common import NO, OK, Add, book, overlay, told_in
from bot.config import Config
from bot.errors import BadInput
from bot.texts import say
from knowledge.engine.model import LANGUAGES
from rules.organization import UnitLine, entry_yaml, faults

COLUMNS = ("unit", "tasks", "reports_to")
MAX_BYTES = 1_000_000
_PARTS = re.compile("[;,/\u3001\uff0c\uff1b]")


def add(command: Add) -> None:
    """Declare the command."""
    organizing = command("organize", organize, "say which unit of your company owns which task")
    organizing.add_argument("file", nargs="?", help="CSV with unit, tasks, reports_to; else: asks")
    organizing.add_argument("--slug", required=True, help="short name for files, e.g. acme")
    organizing.add_argument("--title", required=True, help="the company's name")
    organizing.add_argument("--lang", choices=LANGUAGES, help="language of the questions")
    organizing.add_argument(
        "--dry-run", action="store_true", help="say what is wrong, write nothing"
    )


def organize(options: argparse.Namespace, config: Config) -> int:
    """Write the organization's entry into the overlay. Raises BadInput."""
    own = overlay(config)
    if own is None:
        raise BadInput("an organization stands in an overlay: set overlay in the configuration")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", options.slug):
        raise BadInput("--slug takes small letters, digits and _, e.g. acme")
    rules = book(options, config)
    spoken = told_in(options, config)
    lines = _read(Path(options.file)) if options.file else _ask_units(spoken)
    found = sorted(faults(lines, rules), key=lambda fault: fault.number)
    for fault in found:
        print(f"{options.file or 'answers'}:{fault.number}: {fault.message}")
    if found or not lines:
        print(f"{len(found)} fault(s), {len(lines)} unit(s); nothing was written", file=sys.stderr)
        return NO
    path = own / "knowledge" / "organizations" / f"{options.slug}.yaml"
    if not options.dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(entry_yaml(options.slug, options.title, lines, rules), "utf-8")
    print(f"{path}\nset in the configuration: organization: {options.slug}")
    return OK


def _read(path: Path) -> list[UnitLine]:
    """The lines of a table. Raises BadInput."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path}: larger than {MAX_BYTES:,} bytes")
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text; save it as CSV UTF-8") from None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    reader = csv.DictReader(text.splitlines())
    if not {"unit", "tasks"} <= set(reader.fieldnames or ()):
        raise BadInput(f"{path}: the first line must name the columns: {', '.join(COLUMNS)}")
    return [
        _line(reader.line_num, row["unit"], row["tasks"] or "", row.get("reports_to") or "")
        for row in reader
        if (row["unit"] or "").strip()
    ]


def _ask_units(spoken: str) -> list[UnitLine]:
    """The same from the keyboard; an empty unit ends it."""
    lines: list[UnitLine] = []
    while True:
        unit = _ask(say(spoken, "organize.unit"))
        if not unit:
            return lines
        tasks = _ask(say(spoken, "organize.tasks"))
        lines.append(_line(len(lines) + 1, unit, tasks, _ask(say(spoken, "organize.reports_to"))))


def _ask(prompt: str) -> str:
    try:
        return input(f"{prompt} ").strip()
    except EOFError:
        return ""


def _line(number: int, unit: str, tasks: str, above: str) -> UnitLine:
    parts = tuple(part.strip() for part in _PARTS.split(tasks) if part.strip())
    return UnitLine(number, unit.strip(), parts, above.strip())
