"""A run as a file to take along: Markdown to read, a workbook to sort, a calendar to be warned."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.postings.output import defuse
from bot.postings.writers import MAX_CELL
from bot.records import Event
from bot.runs.model import ActionNotAllowed, View, section_title
from bot.texts import say
from rules.checklists.progress import DONE, NOT_APPLICABLE, OPEN, Line

if TYPE_CHECKING:
    import icalendar

COLUMNS = (
    "number", "section", "item", "done_when", "killer", "due", "offset", "role", "person", "state",
    "note", "by", "at",
)  # fmt: skip
"""Of the workbook; ``runs.export.*`` names them."""
WIDE = {"item": 40, "done_when": 50, "note": 30, "section": 22, "role": 18}
BOXES = {DONE: "x", NOT_APPLICABLE: "-", OPEN: " "}
_MARKUP = re.compile(r"([\\`*_\[\]<>])")


@dataclass(frozen=True, slots=True)
class Export:
    """What is written: the run, its history, the language of the labels, and the moment."""

    view: View
    history: tuple[Event, ...]
    language: str
    now: float

    def label(self, name: str) -> str:
        """What a column or a line is called."""
        return say(self.language, f"runs.export.{name}")

    def line(self, name: str, text: str) -> str:
        """A label and what it labels."""
        return say(self.language, "pair.line", left=self.label(name), right=text)

    def lines(self) -> Iterator[tuple[str, str, Line]]:
        """(number as people count, section, line) of every item."""
        for s, section in enumerate(self.view.progress.sections, 1):
            for i, line in enumerate(section.lines, 1):
                yield f"{s}.{i}", section.name, line


def clock(seconds: float) -> str:
    """Date and time where this runs."""
    return datetime.datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def markdown(what: Export) -> bytes:
    """A Markdown list of tasks below a heading for each pause point."""
    run, now = what.view.run, what.view.progress
    head = [f"# {_md(run.title)}", "", what.line("progress", f"{now.settled}/{now.total}")]
    head += [what.line("anchor", run.anchor)] if run.anchor else []
    lines = ["  \n".join(head[2:])]
    for section in now.sections:
        name = section_title(section, what.language)
        lines += ["", f"## {_md(name)}", ""]
        for line in section.lines:
            lines += _task(what, line)
    return ("\n".join([*head[:2], *lines]) + "\n").encode("utf-8", "replace")


def _task(what: Export, line: Line) -> Iterator[str]:
    killer = f" **{say(what.language, 'item.killer')}**" if line.item.killer else ""
    yield f"- [{BOXES[line.state]}] {_md(line.item.text)}{killer}"
    mark, due = what.view.mark(line.key), line.item.due
    if due and line.due:
        due = f"{line.due.isoformat()} ({due})"
    told = {
        "done_when": line.item.done_when, "due": due or "", "owner": what.view.owner(line),
        "note": mark.note if mark else "",
        "by": f"{mark.by}, {clock(mark.at)}" if mark and line.state != OPEN else "",
    }  # fmt: skip
    for name, text in told.items():
        if text:
            yield f"  - {what.line(name, _md(text))}"


def _md(text: str) -> str:
    """Text on one line in which nothing is markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def workbook(what: Export) -> bytes:
    """A workbook: a row for each item, and a second sheet with the history."""
    import xlsxwriter

    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "text_wrap": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        sheet = book.add_worksheet(what.label("sheet"))
        sheet.freeze_panes(1, 0)
        for i, name in enumerate(COLUMNS):
            sheet.set_column(i, i, WIDE.get(name, 12))
            sheet.write_string(0, i, what.label(name), head)
        for row, (number, section, line) in enumerate(what.lines(), 1):
            for i, value in enumerate(_cells(what, number, section, line).values()):
                if isinstance(value, datetime.date):
                    sheet.write_datetime(row, i, value, day)
                else:
                    sheet.write_string(row, i, defuse(value)[:MAX_CELL], wrap)
        sheet.autofilter(0, 0, what.view.progress.total, len(COLUMNS) - 1)
        past = book.add_worksheet(what.label("history"))
        past.set_column(0, 4, 20)
        for row, cells in enumerate(_history_rows(what)):
            for i, value in enumerate(cells):
                past.write_string(row, i, defuse(value)[:MAX_CELL], wrap if row else head)
    return out.getvalue()


def _cells(what: Export, number: str, section: str, line: Line) -> dict[str, str | datetime.date]:
    """The cells of an item, in the order of COLUMNS."""
    mark, item = what.view.mark(line.key), line.item
    role = item.owner_role or ""
    told = mark if mark and line.state != OPEN else None
    return {
        "number": number,
        "section": section,
        "item": item.text,
        "done_when": item.done_when,
        "killer": say(what.language, "item.killer") if item.killer else "",
        "due": line.due or "",
        "offset": item.due or "",
        "role": what.view.roles.get(role, ""),
        "person": what.view.run.owners.get(role, ""),
        "state": say(what.language, f"runs.state.{line.state}"),
        "note": mark.note if mark else "",
        "by": told.by if told else "",
        "at": clock(told.at) if told else "",
    }


def _history_rows(what: Export) -> Iterator[tuple[str, ...]]:
    texts = {line.key: f"{number} {line.item.text}" for number, _, line in what.lines()}
    yield tuple(what.label(name) for name in ("at", "by", "action", "item", "note"))
    for event in what.history:
        action = say(what.language, f"runs.action.{event.action}")
        yield clock(event.at), event.by, action, texts.get(event.item, ""), event.note


def calendar(what: Export) -> bytes:
    """An iCalendar file with a day's entry for each dated item that is not settled otherwise.

    Entries of a day, not to-dos, because the common calendars show only the former. Their ids stay
    the same, so that a later export replaces an earlier one. Raises ActionNotAllowed without a
    date T.
    """
    dated = [(number, line) for number, _, line in what.lines() if line.due]
    if not dated:
        raise ActionNotAllowed("undated")
    stamp = datetime.datetime.fromtimestamp(what.now, datetime.UTC).replace(microsecond=0)
    result = calendar_of(what.view.run.title)
    for number, line in dated:
        result.add_component(event_of(what, number, line, stamp))
    made: bytes = result.to_ical()
    return made


def calendar_of(name: str) -> icalendar.Calendar:
    """A calendar of that name with nothing in it."""
    import icalendar

    result = icalendar.Calendar()
    result.add("prodid", "-//Zhiwen//Checklists//EN")
    result.add("version", "2.0")
    result.add("method", "PUBLISH")
    result.add("x-wr-calname", name)
    return result


def event_of(what: Export, number: str, line: Line, stamp: datetime.datetime) -> icalendar.Event:
    """The day's entry of an item that has a date."""
    import icalendar

    run, due = what.view.run, line.due
    assert due
    event = icalendar.Event()
    event.add("uid", f"{run.id}-{line.key}@zhiwen")
    event.add("dtstamp", stamp)
    event.add("sequence", run.revision)
    event.add("dtstart", due)
    event.add("dtend", due + datetime.timedelta(days=1))
    done = f"\u2713 {line.item.text}" if line.state == DONE else line.item.text
    event.add("summary", done)
    event.add("description", "\n".join(_event_description(what, number, line)))
    event.add("status", "CANCELLED" if line.state == NOT_APPLICABLE else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _event_description(what: Export, number: str, line: Line) -> Iterator[str]:
    yield f"{what.view.run.title} {number}"
    if line.item.done_when:
        yield say(what.language, "item.done", done_when=line.item.done_when)
    if line.item.killer:
        yield say(what.language, "item.killer")
    if owner := what.view.owner(line):
        yield what.line("owner", owner)


FORMATS: dict[str, tuple[Callable[[Export], bytes], str]] = {
    "md": (markdown, "text/markdown; charset=utf-8"),
    "xlsx": (workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ics": (calendar, "text/calendar; charset=utf-8"),
}
"""Ending -> how it is made, and its media type."""
