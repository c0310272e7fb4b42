"""Entries say when they were reviewed; those that are due are listed with their owner."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from knowledge.engine import check, load, review
from tests.test_knowledge_cites import ENTRY, written

TODAY = datetime.date(2026, 11, 30)


def reviewed(day: str, owner: str = "Li") -> str:
    return ENTRY.replace("origin:", f'reviewed_on: "{day}"\nowner: {owner}\norigin:')


@pytest.mark.parametrize(
    ("day", "due"), [("2026-11-01", False), ("2026-05-01", True), (None, True)]
)
def test_what_was_not_reviewed_in_time_is_due(tmp_path: Path, day: str | None, due: bool) -> None:
    """An entry that never was is due, too."""
    loaded = written(tmp_path, reviewed(day) if day else ENTRY)
    rows = list(review.due_reviews(loaded, TODAY, 90))
    assert [row[0] for row in rows] == (["concept.word"] if due else [])
    if due and day:
        assert rows[0][1:] == (datetime.date.fromisoformat(day), "Li")


def test_a_day_that_is_none_is_said(tmp_path: Path) -> None:
    """The thirtieth of February, with the file and line."""
    (problem,) = check.check(written(tmp_path, reviewed("2026-02-30")))
    assert problem.message == "'2026-02-30' is no day of the calendar"


def test_a_date_without_quotes_is_explained(tmp_path: Path) -> None:
    """YAML reads it as something else than text."""
    loaded: load.Loaded = written(tmp_path, reviewed("x").replace('"x"', "2026-02-01"))
    assert any("put it in quotes" in problem.message for problem in loaded.problems)
