"""A cycle drawn as a wheel: titles in, the shapes of an SVG out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.render.text import cells

SIZE = 440
OUTER, INNER, HUB = 214.0, 84.0, 74.0
TEXT = 156.0
"""How far from the centre the middle of a label is."""
GAP = 1.2
"""Degrees left free between two segments."""
ARROW, ARROW_HALF = 96.0, 5.0
"""How far from the centre the arrows are, and half of the degrees they span."""
LINE = 18
WIDE = 12
"""Columns of a line of a label; a Han character takes two."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One step: its shape, and the lines of its label with where each stands."""

    number: int
    path: str
    x: float
    number_y: float
    lines: tuple[tuple[str, float], ...]
    """(text, y) of each line."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """The whole drawing, in a square of ``size``."""

    size: int
    centre: float
    hub: float
    segments: tuple[Segment, ...]
    arrows: tuple[str, ...] = ()
    """The paths of the arrows from each step to the next, clockwise, inside the ring."""


def wheel(titles: Sequence[str]) -> Wheel:
    """The wheel of these steps, clockwise from the top."""
    turn = 360 / max(1, len(titles))
    drawn = (_segment(i, title, turn) for i, title in enumerate(titles))
    arrows = tuple(_arrow((i + 0.5) * turn) for i in range(len(titles))) if len(titles) > 1 else ()
    return Wheel(SIZE, SIZE / 2, HUB, tuple(drawn), arrows)


def _arrow(middle: float) -> str:
    """A short arc across the border between two segments, along the inner edge of the ring."""
    start, end = _coordinates(ARROW, middle - ARROW_HALF), _coordinates(ARROW, middle + ARROW_HALF)
    return f"M{start}A{ARROW:g} {ARROW:g} 0 0 1 {end}"


def _segment(i: int, title: str, turn: float) -> Segment:
    middle = i * turn
    x, y = _point(TEXT, middle)
    lines = lines_of(title)
    top = y - LINE * len(lines) / 2
    told = tuple((line, round(top + LINE * (n + 1) + 2, 1)) for n, line in enumerate(lines))
    half = (turn - GAP) / 2
    return Segment(i + 1, _sector(middle - half, middle + half), x, round(top, 1), told)


def _sector(start: float, end: float) -> str:
    """The path of a piece of the ring between two angles."""
    large = int(end - start > 180)
    a, b = _coordinates(OUTER, start), _coordinates(OUTER, end)
    c, d = _coordinates(INNER, end), _coordinates(INNER, start)
    return f"M{a}A{OUTER:g} {OUTER:g} 0 {large} 1 {b}L{c}A{INNER:g} {INNER:g} 0 {large} 0 {d}Z"


def _point(radius: float, degrees: float) -> tuple[float, float]:
    """Where a direction (0 is up, clockwise) meets a circle around the centre."""
    angle = math.radians(degrees)
    centre = SIZE / 2
    return round(centre + radius * math.sin(angle), 1), round(centre - radius * math.cos(angle), 1)


def _coordinates(radius: float, degrees: float) -> str:
    x, y = _point(radius, degrees)
    return f"{x:g} {y:g}"


def lines_of(title: str) -> list[str]:
    """A title in lines that fit a segment: broken at spaces, else where the line is full."""
    lines: list[str] = []
    for piece in _pieces(title):
        if lines and cells(f"{lines[-1]} {piece}") <= WIDE:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return lines


def _pieces(title: str) -> Iterator[str]:
    for word in title.split():
        piece = ""
        for char in word:
            if cells(piece + char) > WIDE:
                yield piece
                piece = ""
            piece += char
        yield piece
