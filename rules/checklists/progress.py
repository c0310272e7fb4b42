"""progress: a checklist and what was marked -> Progress; due dates; whether it may be closed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.engine.model import Checklist, Item

DONE, NOT_APPLICABLE, OPEN = "done", "na", "open"
_DUE = re.compile(r"T(?:([+-])([0-9]+)([hdw]))?")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a run, with what became of it."""

    key: str
    """Pause point and item, counted from 0: ``1.3``."""
    item: Item
    state: str
    """done, na or open."""
    due: datetime.date | None
    late: bool
    """Open although its date has passed."""
    ready: bool
    """May be worked on: in a read-do list the items before it are settled."""


@dataclass(frozen=True, slots=True)
class Section:
    """A pause point with its lines."""

    name: str
    caller: str
    lines: tuple[Line, ...]
    settled: int

    @property
    def total(self) -> int:
        """The number of items."""
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    sections: tuple[Section, ...]
    settled: int
    """Items done or not applicable."""
    total: int
    gates: tuple[Line, ...]
    """Killer items that are not done: as long as there are any, the run cannot be closed."""
    late: tuple[Line, ...]
    next: Line | None
    """The first open item."""

    @property
    def killers(self) -> int:
        """The number of items that must be done, done or not."""
        return sum(line.item.killer for section in self.sections for line in section.lines)

    @property
    def open(self) -> tuple[Line, ...]:
        """The items of which nothing has become yet, in order."""
        lines = (line for section in self.sections for line in section.lines)
        return tuple(line for line in lines if line.state == OPEN)

    @property
    def is_closable(self) -> bool:
        """Whether nothing gates the closing."""
        return not self.gates


def keys(checklist: Checklist) -> Iterator[tuple[str, Item]]:
    """(key, item) of every item, in order."""
    for p, point in enumerate(checklist.pause_points):
        for i, item in enumerate(point.items):
            yield f"{p}.{i}", item


def progress(
    checklist: Checklist,
    states: Mapping[str, str],
    anchor: datetime.date | None = None,
    today: datetime.date | None = None,
) -> Progress:
    """Where a run of *checklist* stands; *anchor* is the date T, *today* tells what is late.

    A killer item counts only when it is done; "not applicable" does not open a gate.
    """
    sections, all_lines, ready = [], [], True
    for p, point in enumerate(checklist.pause_points):
        lines = []
        for i, item in enumerate(point.items):
            key = f"{p}.{i}"
            state = states.get(key, OPEN)
            due = due_date(item.due, anchor)
            late = state == OPEN and due is not None and today is not None and due < today
            lines.append(Line(key, item, state, due, late, ready or state != OPEN))
            if checklist.mode == "read_do" and state == OPEN:
                ready = False
        settled = sum(line.state != OPEN for line in lines)
        sections.append(Section(point.name, point.caller, tuple(lines), settled))
        all_lines += lines
    return Progress(
        sections=tuple(sections),
        settled=sum(section.settled for section in sections),
        total=len(all_lines),
        gates=tuple(line for line in all_lines if line.item.killer and line.state != DONE),
        late=tuple(line for line in all_lines if line.late),
        next=next((line for line in all_lines if line.state == OPEN), None),
    )


def due_date(due: str | None, anchor: datetime.date | None) -> datetime.date | None:
    """The day of ``T-3d`` for the date T; hours count to the day on which they end."""
    after = offset(due) if due else None
    if after is None or anchor is None:
        return None
    try:
        return (datetime.datetime.combine(anchor, datetime.time()) + after).date()
    except OverflowError:
        return None


def offset(due: str) -> datetime.timedelta | None:
    """How long after T that is; None for what is no offset, or one beyond all calendars."""
    match = _DUE.fullmatch(due)
    if match is None:
        return None
    sign, number, unit = match.groups()
    try:
        size = datetime.timedelta(**{_UNITS[unit]: int(number)} if unit else {})
    except (OverflowError, ValueError):
        return None
    return -size if sign == "-" else size
