"""The wheel: every step has its place, in order, and its words fit into it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.text import cells
from bot.web.cycle_svg import HUB, INNER, OUTER, SIZE, WIDE, lines_of, wheel

TITLES = [
    pytest.param("玩圈子", ["玩圈子"], id="short"),
    pytest.param("Integrated marketing", ["Integrated", "marketing"], id="at-spaces"),
    pytest.param("Play in circles", ["Play in", "circles"], id="words-together"),
    pytest.param("ブランドマーケティング", ["ブランドマー", "ケティング"], id="no-spaces"),
    pytest.param("", [], id="nothing"),
]


@pytest.mark.parametrize(("title", "lines"), TITLES)
def test_lines_are_broken_where_they_may_be(title, lines):
    """At a space where there is one, else where the line is full."""
    assert lines_of(title) == lines


@given(st.text(max_size=80))
def test_lines_keep_every_letter_and_fit(title):
    """Nothing of a title is lost, and no line is wider than a segment."""
    lines = lines_of(title)
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(cells(line) <= WIDE or len(line) == 1 for line in lines)


@pytest.mark.parametrize("count", [1, 2, 9, 12])
def test_wheel_goes_clockwise_from_the_top(count):
    """The first step is at the top, and each next one further round to the right."""
    drawn = wheel(["step"] * count)
    assert [segment.number for segment in drawn.segments] == list(range(1, count + 1))
    centre = SIZE / 2
    angles = [
        math.degrees(math.atan2(s.x - centre, centre - _middle(s))) % 360 for s in drawn.segments
    ]
    assert angles == sorted(angles)
    assert angles[0] == pytest.approx(0, abs=1)


@pytest.mark.parametrize("count", [1, 9])
def test_wheel_keeps_inside_its_square(count):
    """Labels lie in the ring, the ring in the square, the middle in the ring."""
    drawn = wheel(["a long title of a step"] * count)
    assert HUB < INNER < OUTER <= SIZE / 2
    for segment in drawn.segments:
        distance = math.hypot(segment.x - SIZE / 2, _middle(segment) - SIZE / 2)
        assert INNER < distance < OUTER


def test_wheel_of_nothing_is_empty():
    """Without steps there is no segment, and nothing breaks."""
    assert wheel([]).segments == ()


def _middle(segment):
    """The height of the middle of a label."""
    return (segment.number_y + segment.lines[-1][1]) / 2
