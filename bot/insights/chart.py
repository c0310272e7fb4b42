"""Days -> the columns of a chart: what stands where, in the units of its view box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.insights.model import Day

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 40, 20, 10, 28
LABELS = 8
"""Dates that have room below the columns."""
GAP = 0.25


@dataclass(frozen=True, slots=True)
class Part:
    """A band's part of a column."""

    band: str
    y: float
    height: float
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """One day."""

    date: str
    x: float
    width: float
    parts: tuple[Part, ...]
    label: str
    """The date below it; empty where there is no room."""

    @property
    def middle(self) -> float:
        """Where the label is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """All columns and the lines behind them."""

    columns: tuple[Column, ...]
    lines: tuple[tuple[float, int], ...]
    """(y, count) of each horizontal line."""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def chart(days: Sequence[Day]) -> Chart:
    """The chart of *days*; the highest column stays below the top line."""
    top = _round_up(max((day.total for day in days), default=0))
    room = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / max(1, len(days))
    every = -(-len(days) // LABELS)
    columns = []
    for i, day in enumerate(days):
        labelled = (len(days) - 1 - i) % every == 0
        columns.append(
            Column(
                day.date, round(LEFT + (i + GAP / 2) * step, 1), round(step * (1 - GAP), 1),
                tuple(_parts(day, room, top)), day.date[5:] if labelled else "",
            )
        )  # fmt: skip
    lines = tuple((round(TOP + room * (1 - n / top), 1), n) for n in sorted({0, top // 2, top}))
    return Chart(tuple(columns), lines)


def _parts(day: Day, room: int, top: int) -> list[Part]:
    parts, below = [], 0
    for band, count in (("answer", day.answer), ("suggest", day.suggest), ("decline", day.decline)):
        if count:
            height = round(room * count / top, 1)
            below += count
            parts.append(Part(band, round(TOP + room * (1 - below / top), 1), height, count))
    return parts


def _round_up(most: int) -> int:
    """The next of 2, 4, 6, 8, 10, 20, 40, 60, ..., so that half of it is a whole number."""
    unit = 1
    while most > 10 * unit:
        unit *= 10
    return next((unit * n for n in (2, 4, 6, 8) if most <= unit * n), 10 * unit)
