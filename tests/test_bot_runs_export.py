"""A run as Markdown, as a workbook and as a calendar."""

from __future__ import annotations

import datetime
import io

import icalendar
import pytest
from python_calamine import CalamineWorkbook
from store_help import START

from bot import runs
from bot.runs.export import COLUMNS, FORMATS, Export
from bot.store import open_store
from bot.store.people import Person
from rules.checklists import lint

ANN = Person("1", "Ann", ("staff",))
TODAY = datetime.date(2026, 5, 20)
NASTY = "=1+1\n<b>*x*</b>"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of this module."""
    store = open_store(str(tmp_path_factory.mktemp("export") / "zhiwen.db"), lambda: START)
    yield store
    store.close()


@pytest.fixture
def make(store, book):
    """Makes the export of a run that was worked on a little."""

    def make_(language="zh", anchor="2026-06-18", checklist="campaign"):
        id_ = runs.start(store, book, ANN, f"checklist.{checklist}", language, anchor, "=618")
        runs.assign(store, ANN, id_, {} if checklist != "campaign" else {"role.brand": "@Bob"})
        runs.mark(store, ANN, id_, "0.0", "done", NASTY)
        if checklist == "campaign":
            runs.mark(store, ANN, id_, "0.1", "na", "不做")
        view = runs.view(store, book, ANN, id_, TODAY, language)
        return Export(view, tuple(runs.history(store, id_)), language, START)

    return make_


def sheets(data):
    """Every sheet of a workbook as rows of cells."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
@pytest.mark.parametrize("form", FORMATS)
def test_export_is_made_in_every_language(make, form, language):
    """Each format in each language, deterministic."""
    what = make(language)
    assert FORMATS[form][0](what)
    if form != "xlsx":
        assert FORMATS[form][0](what) == FORMATS[form][0](what)


def test_export_markdown_shows_state_owner_and_date(make):
    """Boxes, killers, standards, dates, who did it; what people wrote is no markup."""
    told = FORMATS["md"][0](make()).decode()
    assert told.startswith("# =618\n")
    assert "\n- [x] 写出一个可以量化的目标和截止日期 **必过**\n" in told
    assert "\n- [-] 圈定目标人群和参加资格\n" in told
    assert "\n- [ ] 核对营销日历，避开撞期\n" in told
    assert "  - 期限：2026-05-19 (T-30d)\n" in told
    assert "  - 备注：=1+1 \\<b\\>\\*x\\*\\</b\\>\n" in told
    assert "品牌 (@Bob)" in told
    assert told.count("\n- [") == 25


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_export_markdown_can_be_checked_again(make, language):
    """What we write, our own check of checklists reads: nothing is found in a shipped list."""
    told = FORMATS["md"][0](make(language)).decode()
    assert lint.lint(told) == []


def test_export_workbook_has_a_row_for_each_item(make):
    """Columns in order, dates as dates, cells that no spreadsheet runs, and the history."""
    items, past = sheets(FORMATS["xlsx"][0](make()))
    assert len(items[0]) == len(COLUMNS)
    assert len(items) == 26
    row = dict(zip(COLUMNS, items[1], strict=True))
    assert row["number"] == "1.1"
    assert row["due"] == datetime.date(2026, 5, 19)
    assert row["killer"] == "必过"
    assert row["note"].startswith("'=1+1")
    assert (row["state"], row["by"]) == ("已完成", "Ann")
    assert [row[1] for row in past[1:]] == ["Ann"] * 4
    brand = next(row for row in items if "品牌" in row)
    assert dict(zip(COLUMNS, brand, strict=True))["person"] == "'@Bob"


def test_export_workbook_without_dates(make):
    """Without T the due column stays empty and the offset remains."""
    items, _ = sheets(FORMATS["xlsx"][0](make(anchor=None)))
    row = dict(zip(COLUMNS, items[1], strict=True))
    assert (row["due"], row["offset"]) == ("", "T-30d")


def test_export_calendar_has_a_day_for_each_date(make):
    """Whole days, stable ids, what is not applicable cancelled; lines folded at 75 bytes."""
    what = make()
    data = FORMATS["ics"][0](what)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(data)
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert len(events) == 25
    first = events[f"{what.view.run.id}-0.0@zhiwen"]
    assert first.decoded("dtstart") == datetime.date(2026, 5, 19)
    assert first.decoded("dtend") == datetime.date(2026, 5, 20)
    assert str(first["summary"]) == "✓ 写出一个可以量化的目标和截止日期"
    assert "必过" in str(first["description"])
    states = [str(event["status"]) for event in events.values()]
    assert states.count("CANCELLED") == 1


def test_export_calendar_needs_dates(make):
    """Without a date T there is nothing to put into a calendar, and that is said."""
    with pytest.raises(runs.ActionNotAllowed) as refused:
        FORMATS["ics"][0](make(anchor=None))
    assert refused.value.reason == "undated"
