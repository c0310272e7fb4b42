"""A list in any form that people write becomes a checklist, and its text reads back as the same."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from bot.runs.own_templates import text_of
from rules.checklists.build import MAX_ITEMS, make_checklist
from rules.checklists.draft import day_in
from rules.checklists.lint import lint
from rules.checklists.markdown_form import from_markdown
from rules.checklists.reading import read

DAY = datetime.date(2026, 6, 8)


def items(text):
    """(section, text, owner, due, killer, done when, detail) of every item."""
    checklist = make_checklist(read(text), "own.x", "").checklist
    return [
        (point.name, i.text, i.owner_role, i.due, i.killer, i.done_when, i.detail)
        for point in checklist.pause_points
        for i in point.items
    ]


def plain(text, section="", **more):
    """An item of which little is said."""
    blank = {"owner": None, "due": None, "killer": False, "done": "", "detail": None} | more
    return (section, text, *blank.values())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "1.订场地\n2.写文案（负责人：小王，T-3d）\n   - 完成标准：有记录\n   - 带上电脑\n",
            [
                plain("订场地"),
                plain("写文案", owner="小王", due="T-3d", done="有记录", detail="带上电脑"),
            ],
            id="numbered and nested",
        ),
        pytest.param(
            "① 会場を予約する\n② 印刷する（担当：田中）\n",
            [plain("会場を予約する"), plain("印刷する", owner="田中")],
            id="circled numbers",
        ),
        pytest.param(
            '事项,负责人,截止,阶段,必过\n订场地,小王,2026-06-01,之前,是\n"写,文案",小李,2026/6/8,之后,\n',
            [
                plain("订场地", "之前", owner="小王", due="T-7d", killer=True),
                plain("写,文案", "之后", owner="小李", due="T"),
            ],
            id="csv with days",
        ),
        pytest.param(
            "| Task | Owner | Due | Budget |\n|---|:--|---|---|\n| Book it | Ann | T-3d | 20 |\n",
            [plain("Book it", owner="Ann", due="T-3d", detail="20")],
            id="table",
        ),
        pytest.param(
            "장소 예약\t민수\n전단 인쇄\t지영\n",
            [plain("장소 예약", detail="민수"), plain("전단 인쇄", detail="지영")],
            id="cells without a header",
        ),
        pytest.param(
            "buy milk\ncall Ann\nBefore:\nsend it\ndone when: it is sent\n",
            [plain("buy milk"), plain("call Ann"), plain("send it", "Before", done="it is sent")],
            id="bare lines",
        ),
        pytest.param(
            "# Party\n\n## Before\n* buy drinks\n  * two crates\n## After\n* clean up\n",
            [plain("buy drinks", "Before", detail="two crates"), plain("clean up", "After")],
            id="headings",
        ),
        pytest.param(
            "items:\n  - text: Book it\n    owner: Ann\n    due: T-1w\n",
            [plain("Book it", owner="Ann", due="T-1w")],
            id="yaml",
        ),
    ],
)
def test_made_reads_every_form(text, wanted):
    """What is said about an item is found wherever people write it, and nothing is lost."""
    found = items(text)
    title = make_checklist(read(text), "own.x", "").checklist.title
    assert [(row[0] if row[0] != title else "", *row[1:]) for row in found] == wanted


def test_made_reads_what_stands_before_the_list():
    """Title, order and date T; a line that is not understood is told, with its line."""
    text = '---\ntitle: "Launch: ours"\nmode: read_do\ndate: 2026-06-18\ncolour: red\n---\n- a b\n'
    draft = read(text)
    found = make_checklist(draft, "own.x", "")
    assert (found.checklist.title, found.checklist.mode) == ("Launch: ours", "read_do")
    assert found.anchor == datetime.date(2026, 6, 18)
    assert (5, "unknown_key") in [(one.line, one.kind) for one in lint(text)]
    assert draft.items[0].line == 7


def test_made_counts_days_from_the_last_one():
    """Days without a date T: T is the last of them."""
    found = make_checklist(read("- a (due: 2026-06-01)\n- b (due: 2026-06-08)\n"), "own.x", "t")
    assert found.anchor == DAY
    assert [i.due for i in found.checklist.pause_points[0].items] == ["T-7d", "T"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("by 2026年6月8日", DAY), ("2026/06/08", DAY), ("2026-13-40", None), ("soon", None)],
)
def test_made_reads_days_as_they_are_written(text, day):
    """Year first, in the ways of all four languages; what no calendar has is no day."""
    assert day_in(text) == day


@pytest.mark.parametrize("count", [0, MAX_ITEMS + 1, 2_000])
def test_made_refuses_what_is_no_list(count):
    """Nothing, and more than anyone works through."""
    text = "\n".join(f"- [ ] step {i}" for i in range(count))
    assert make_checklist(read(text), "own.x", "t") is None


@pytest.mark.parametrize("language", ["zh", "en", "ja", "ko"])
def test_made_reads_back_what_it_writes(book, language):
    """Every checklist that we ship, as text to change and as a checklist again."""
    for id_ in book.base.ids("checklist"):
        entry = book.base.entry(id_, book.base.told_in(id_, language))
        again = make_checklist(read(text_of(entry, book, language)), "own.x", "").checklist
        assert (again.title, again.mode) == (entry.title, entry.mode)
        for point, before in zip(again.pause_points, entry.pause_points, strict=True):
            assert point.name == before.name
            for item, was in zip(point.items, before.items, strict=True):
                same = dataclasses.replace(was, owner_role=item.owner_role)
                assert dataclasses.replace(item, detail=same.detail) == same


def test_lines_with_and_without_bullets_are_items_alike():
    """People put a bullet before some lines and none before others; no line is lost."""
    told = from_markdown(
        "book the hall\n- print badges\n- rehearse\n  with the band\npay the rest\n"
    )
    items = [item for point in told.points for item in point.items]
    assert [item.text for item in items] == [
        "book the hall", "print badges", "rehearse", "pay the rest",
    ]  # fmt: skip
    assert items[2].detail == "with the band"


def test_below_a_heading_lines_without_bullets_are_prose():
    """A document says more than its tasks."""
    told = from_markdown("# Fair\nWe go there each year.\n- book the hall\n")
    assert [item.text for point in told.points for item in point.items] == ["book the hall"]


@pytest.mark.parametrize(
    ("line", "text", "owner"),
    [
        ("- rehearse (T-1d, Li Lei)", "rehearse", "Li Lei"),
        ("- 发感谢信（T+3d，王芳）", "发感谢信", "王芳"),
        ("- rehearse (T-1d; owner: Ann; with sound)", "rehearse with sound", "Ann"),
        ("- buy insurance (for the hall)", "buy insurance (for the hall)", ""),
    ],
)
def test_a_name_beside_a_date_in_brackets_is_whose_it_is(line, text, owner):
    """Nothing in brackets is dropped."""
    (item,) = from_markdown(f"{line}\n- another\n").points[0].items[:1]
    assert (item.text, item.owner) == (text, owner)
