"""The figures, worked out by hand."""

from __future__ import annotations

import pytest

from bot.evaluation.figures import Figures, department_of, measure, share

GROUPS = {"brand": "marketing", "sales": "sales", "content": "operations", "user": "operations"}
OUT = "out_of_scope"
CASES = [
    ("nothing", [], Figures(0, 0.0, 0.0, 0.0, None, None)),
    ("all right", [("brand", "brand"), (OUT, OUT)], Figures(2, 1.0, 1.0, 1.0, 1.0, 1.0)),
    ("right group", [("content", "user")], Figures(1, 0.0, 0.0, 1.0, None, None)),
    ("wrong group", [("content", "brand")], Figures(1, 0.0, 0.0, 0.0, None, None)),
    ("out and in", [("brand", OUT), (OUT, OUT)], Figures(2, 0.5, 1 / 3, 0.5, 0.5, 1.0)),
    (
        "classes weigh alike",
        [("brand", "brand")] * 3 + [("sales", "brand")],
        Figures(4, 0.75, (6 / 7 + 0) / 2, 0.75, None, None),
    ),
]


@pytest.mark.parametrize(("pairs", "wanted"), [r[1:] for r in CASES], ids=[r[0] for r in CASES])
def test_figures_are_those_worked_out_by_hand(pairs, wanted):
    """Accuracy, macro-F1 over what was expected, coarse accuracy, out-of-scope P and R."""
    got = measure(iter(pairs), GROUPS)
    assert (got.count, got.out_precision, got.out_recall) == (
        wanted.count,
        wanted.out_precision,
        wanted.out_recall,
    )
    assert got.accuracy == pytest.approx(wanted.accuracy)
    assert got.macro_f1 == pytest.approx(wanted.macro_f1)
    assert got.coarse == pytest.approx(wanted.coarse)


def test_figures_line_stands_under_its_header():
    """Rows are as wide as the header; what cannot be counted is a dash."""
    line = measure([("brand", "brand")], GROUPS).line("zh")
    assert len(line) == len(Figures.HEADER)
    assert "100.0%" in line
    assert line.split()[-2:] == ["-", "-"]


def test_figures_coarse_leaves_other_classes_alone():
    """A function of ours is its department; anything else stands for itself."""
    assert [department_of(name, GROUPS) for name in ("brand", OUT)] == ["marketing", OUT]


@pytest.mark.parametrize(
    ("part", "whole", "told"), [(1, 3, "33.3 %"), (0, 5, "0.0 %"), (0, 0, "-")]
)
def test_figures_share_is_a_percentage(part, whole, told):
    """One decimal; of nothing, a dash."""
    assert share(part, whole) == told
