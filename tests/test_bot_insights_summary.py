"""Counts and feedback become a report; the report becomes text, a chart and a page."""

from __future__ import annotations

import datetime
import re
from itertools import pairwise

import pytest

from bot.insights import names, page, text
from bot.insights.chart import HEIGHT, LEFT, TOP, WIDTH, chart
from bot.insights.model import Day
from bot.insights.summary import report, verdicts
from bot.store.feedback import Feedback, Question
from knowledge.engine.model import LANGUAGES
from knowledge.engine.words import Words

TODAY = datetime.date(2026, 3, 1)
COUNTS = [
    ("2026-02-20", "band", "answer", 90),
    ("2026-02-27", "band", "answer", 5),
    ("2026-02-27", "band", "decline", 2),
    ("2026-02-27", "language", "en", 7),
    ("2026-02-28", "function", "content_operations", 3),
    ("2026-03-01", "band", "suggest", 1),
    ("2026-03-01", "function", "out_of_scope", 4),
    ("2026-03-01", "function", "gone_by_now", 1),
]


def thumb(good, entry="role.brand", section="summary", reason="", question="q", at=0.0):
    """One piece of feedback."""
    return Feedback(at, question, entry, section, good, reason, "zh", "v")


def made(**more):
    """The report on three days."""
    given = {"counts": COUNTS, "feedback": [], "questions": [], **more}
    return report(stop=frozenset(), words=Words(), today=TODAY, days=3, **given)


def test_report_lists_every_day():
    """Days without questions are there too; what is older is not."""
    days = made().days
    assert [day.date for day in days] == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert [day.total for day in days] == [7, 0, 1]
    assert made().total == 8


def test_report_counts_by_kind():
    """Bands in their order; languages and functions with the most frequent first."""
    found = made()
    assert found.bands == (("answer", 5), ("suggest", 1), ("decline", 2))
    assert found.languages == (("en", 7),)
    assert [value for value, _ in found.functions] == [
        "out_of_scope", "content_operations", "gone_by_now",
    ]  # fmt: skip


def test_verdicts_put_the_worst_first():
    """Thumbs by entry and section, reasons once each with the newest first."""
    rows = [
        thumb(True, at=1.0),
        thumb(False, reason="too long", at=2.0),
        thumb(False, reason="no example", at=3.0),
        thumb(False, reason=" too long ", at=4.0, question="newest"),
        thumb(False, "role.sales", at=5.0),
        thumb(False, None, "", at=6.0),
    ]
    found = verdicts(rows)
    assert [(v.entry, v.good, v.bad) for v in found] == [
        ("role.brand", 1, 3), (None, 0, 1), ("role.sales", 0, 1),
    ]  # fmt: skip
    assert found[0].reasons == ("too long", "no example")
    assert found[0].questions[0] == "newest"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 10, 11, 48, 99, 100, 12_345])
def test_chart_stays_inside(count):
    """The highest column fits below the top line; the lines carry whole numbers."""
    drawn = chart([Day("2026-03-01", answer=count), Day("2026-03-02")])
    assert drawn.lines[0][1] == 0
    assert drawn.lines[-1][1] >= count
    for part in (part for column in drawn.columns for part in column.parts):
        assert part.y >= TOP
        assert part.y + part.height <= HEIGHT


@pytest.mark.parametrize("days", [1, 7, 30, 365])
def test_chart_has_room_for_every_day(days):
    """Columns stand side by side, and the last day is labelled."""
    first = datetime.date(2025, 1, 1)
    dates = [(first + datetime.timedelta(days=i)).isoformat() for i in range(days)]
    columns = chart([Day(date, answer=1) for date in dates]).columns
    assert columns[0].x >= LEFT
    assert columns[-1].x + columns[-1].width <= WIDTH
    for one, after in pairwise(columns):
        assert one.x + one.width <= after.x + 0.2
    assert columns[-1].label == dates[-1][5:]
    assert sum(bool(column.label) for column in columns) <= 8


def test_chart_stacks_the_bands():
    """Answers below, then suggestions, then declines."""
    (column,) = chart([Day("2026-03-01", 2, 1, 1)]).columns
    answer, suggest, decline = column.parts
    assert answer.y > suggest.y > decline.y
    assert answer.height == pytest.approx(2 * suggest.height, abs=0.2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_is_told_in_every_language(book, language):
    """Text and page name what was counted, and a value that is not known any more as it is."""
    question = Question(1, 0.0, "夜班补贴", "zh", "decline", ("role.brand", "role.gone"), 0.1)
    found = made(feedback=[thumb(False, reason="无例子")], questions=[question])
    told = text.text(found, book, language)
    shown = page.page(found, book, language)
    for words in ("夜班补贴", "无例子", "gone_by_now", "role.gone", "2026-02-27"):
        assert words in told
        assert words in shown
    assert book.base.title("role.brand", language) in told
    assert f'lang="{language}"' in shown


def test_page_escapes_what_people_typed(book):
    """A question is text, never markup."""
    bad = "<script>alert(1)</script>"
    question = Question(1, 0.0, bad, "zh", "decline", (), 0.1)
    found = made(feedback=[thumb(False, reason=bad, question=bad)], questions=[question])
    shown = page.page(found, book, "en")
    assert bad not in shown
    assert "&lt;script&gt;" in shown


def test_figures_bring_no_styles_of_their_own(book):
    """They stand in a page whose policy allows neither style attributes nor scripts."""
    drawn = page.figures(made(feedback=[thumb(True)]), book, "en")
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", drawn)


@pytest.mark.parametrize(
    ("what", "value", "name"),
    [
        pytest.param("band", "decline", "declined", id="band"),
        pytest.param("language", "ja", "Japanese", id="language"),
        pytest.param("language", "xx", "xx", id="language that is not known"),
        pytest.param("function", "nothing", "nothing", id="function that is not known"),
    ],
)
def test_names_fall_back_to_the_value(book, what, value, name):
    """Old counts may name what is there no more."""
    assert names.value(what, value, book, "en") == name
