"""What is whose to do, and when: the lines behind the filters, the badge, digests and calendars."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.runs.model import View, date
from knowledge.engine.model import Checklist
from rules.checklists.progress import OPEN, Line, progress

SOON = 3
"""Days before its date at which an item is called due."""
Show = Literal["all", "mine", "nobody", "due", "late"]
SHOWS: tuple[Show, ...] = ("all", "mine", "nobody", "due", "late")


@dataclass(frozen=True, slots=True)
class Duty:
    """An open item that has a date, and its run."""

    view: View
    line: Line

    @property
    def due(self) -> datetime.date:
        """The day on which it is due."""
        assert self.line.due is not None
        return self.line.due


def is_shown(show: str, view: View, line: Line, name: str, today: datetime.date) -> bool:
    """Whether the filter lets that item through, for the person of that name."""
    if show == "all":
        return True
    if line.state != OPEN:
        return False
    if show == "mine":
        return view.holder_name(line) == name
    if show == "nobody":
        return view.holder_name(line) is None
    return line.late if show == "late" else is_due(line, today)


@dataclass(frozen=True, slots=True)
class Late:
    """An item that is late on the day on which a run of it begins."""

    text: str
    due: datetime.date
    killer: bool


def late_at_start(
    checklist: Checklist, anchor: str | None, today: datetime.date
) -> tuple[Late, ...]:
    """The items that are late at once if a run begins *today* with that date T (YYYY-MM-DD).

    Raises ActionNotAllowed for what is no date.
    """
    day = date(anchor)
    if day is None:
        return ()
    late = progress(checklist, {}, datetime.date.fromisoformat(day), today).late
    return tuple(Late(one.item.text, one.due, one.item.killer) for one in late if one.due)


def is_due(line: Line, today: datetime.date) -> bool:
    """Whether an open item is late, or due within the next days."""
    soon = today + datetime.timedelta(days=SOON)
    return line.state == OPEN and line.due is not None and line.due <= soon


def counts(view: View, name: str, today: datetime.date) -> dict[str, int]:
    """How many items each filter lets through."""
    lines = list(lines_of(view))
    return {show: sum(is_shown(show, view, line, name, today) for line in lines) for show in SHOWS}


def duties(views: Iterable[View], name: str, today: datetime.date) -> list[Duty]:
    """What is late or due of the person of that name in open runs, the oldest first."""
    found = [
        Duty(view, line)
        for view in views
        if view.run.status == "open"
        for line in lines_of(view)
        if is_due(line, today) and view.is_for(line, name)
    ]
    return sorted(found, key=lambda duty: (duty.due, duty.view.run.title, duty.line.key))


def lines_of(view: View) -> Iterator[Line]:
    """Every line of a run, in order."""
    for section in view.progress.sections:
        yield from section.lines
