"""A checklist that somebody wrote is read in either form; each weakness is found at its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.engine.base import ROOT
from rules.checklists.lint import lint, starts_with_verb, vague_words
from rules.checklists.reading import is_yaml, read

SHIPPED = sorted((ROOT / "checklists").glob("*.yaml")) + sorted(
    (ROOT / "translations").glob("*/checklists/*.yaml")
)
GOOD = "# 周年庆\n\n## 之前\n\n- [ ] 定预算\n  - 完成标准：签字\n"


def kinds(text):
    """(line, kind) of every finding."""
    return [(finding.line, finding.kind) for finding in lint(text)]


def tasks(count, killers=0):
    """A Markdown list of distinct good items."""
    names = [
        "订场地",
        "写文案",
        "请讲师",
        "做海报",
        "发邀请",
        "备礼品",
        "试设备",
        "排座位",
        "印手册",
    ]
    names.append("拍照片")
    lines = []
    for i, name in enumerate(names[:count]):
        lines += [f"- [ ] {name}{' **必过**' if i < killers else ''}", "  - 完成标准：有记录"]
    return "\n".join(lines)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_lint_finds_nothing_in_what_we_ship(path):
    """Our own checklists keep to the rules; a translation has no offsets and needs none."""
    text = path.read_text("utf-8")
    if is_yaml(text):
        assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(GOOD, [], id="good"),
        pytest.param("", [(1, "empty")], id="nothing"),
        pytest.param("# A\n\nsome prose", [(1, "empty")], id="prose"),
        pytest.param("- [ ] 定预算", [(1, "no_done_when")], id="no standard"),
        pytest.param("\n- [ ] 目标明确\n  - 完成标准：写下", [(2, "no_verb")], id="no verb"),
        pytest.param(
            "- [ ] 尽快定预算\n  - 完成标准：签字", [(1, "vague")], id="vague in the item"
        ),
        pytest.param(
            "- [ ] 定预算\n  - 完成标准：相关部门同意", [(1, "vague")], id="vague in the standard"
        ),
        pytest.param(GOOD + "- [x] 定预算！\n  - 完成标准：签字", [(7, "double")], id="double"),
        pytest.param(tasks(9), [], id="nine items"),
        pytest.param(tasks(10), [(19, "many_items")], id="ten items"),
        pytest.param(tasks(5, 3), [], id="three killers"),
        pytest.param(tasks(5, 4), [(7, "many_killers")], id="four killers"),
        pytest.param(
            "- [ ] 定预算（T-3d）\n  - 完成标准：签字\n- [ ] 订场地（T-9d）\n  - 完成标准：合同",
            [(1, "due_order")],
            id="out of order",
        ),
        pytest.param(
            "- [ ] 定预算（T-3m）\n  - 完成标准：签字", [(1, "bad_due")], id="no such offset"
        ),
        pytest.param("x" * 1_000_001, [(1, "too_large")], id="too large"),
        pytest.param("\n".join(["- [ ] a"] * 501), [(1, "too_large")], id="too many"),
    ],
)
def test_lint_markdown(text, found):
    """Each weakness is found once, at the line where it stands."""
    assert kinds(text) == found


YAML = """\
title: 周年庆
pause_points:
  - name: 之前
    caller: 店长
    items:
      - text: 定预算
        done_when: 签字
        due: T-3d
        killer: true
      - text: 预算批准
        donewhen: 签字
        due: T-9d
      - 发通知
"""


def test_lint_yaml():
    """The shape of our own content; an item may be a bare text, an unknown key is named."""
    found = lint(YAML)
    assert [(f.line, f.kind) for f in found] == [
        (6, "due_order"), (10, "no_done_when"), (10, "no_verb"), (11, "unknown_key"),
        (13, "no_done_when"),
    ]  # fmt: skip
    assert found[3].values == {"key": "donewhen"}


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        ("items:\n  - text: [1", 3, "unreadable"),
        ("items:\n  - text: no", 2, "unreadable"),
        ("pause_points: 3", 1, "empty"),
        ("items: [a, {text: ''}]", 1, "no_text"),
        ("items:\n" + "  - &a x\n  - *a\n", 2, "unreadable"),
    ],
)
def test_lint_yaml_that_is_broken(text, line, kind):
    """What cannot be read is said with its line; nothing else breaks."""
    assert (line, kind) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("☐ 定预算 [必过 · T-3d]\n  完成标准：签字", id="box"),
        pytest.param("1. [X] 定预算 **必过**\n   - 期限：T-3d\n   - 完成标准: 签字", id="numbered"),
        pytest.param("* 定预算（必过，T-3d）\n  * 完成标准：签字", id="bullets"),
        pytest.param(
            "```\n- [ ] 不算\n```\n- [ ] 定预算\n  - 必过\n  - T-3d\n  - 完成标准：签字", id="lines"
        ),
        pytest.param("- [ ] **定预算** [必过] [T-3d] (完成标准：签字)", id="all in one"),
    ],
)
def test_draft_reads_the_ways_people_write(text):
    """Boxes, numbers, bullets; marks in brackets, in bold or on lines of their own."""
    (point,) = read(text).points
    (item,) = point.items
    assert (item.text, item.done_when, item.due, item.killer) == ("定预算", "签字", "T-3d", True)


def test_draft_keeps_brackets_that_say_something_else():
    """Only marks, dates and standards are taken out of a line."""
    (point,) = read("- [ ] 订场地（室内）").points
    assert point.items[0].text == "订场地（室内）"


def test_draft_takes_headings_for_pause_points():
    """Every heading with items below it is one."""
    draft = read("# 活动\n## 之前\n- [ ] a\n## 空\n## 之后 ##\n- [ ] b\n- [ ] c")
    assert [(p.line, p.name, len(p.items)) for p in draft.points] == [
        (2, "之前", 1),
        (5, "之后", 2),
    ]


@pytest.mark.parametrize(
    ("language", "text", "verb"),
    [
        ("zh", "核对库存", True),
        ("zh", "“试走”全流程", True),
        ("zh", "请法务审稿", True),
        ("zh", "库存已核对", False),
        ("zh", "是否核对库存", False),
        ("zh", "所有物料到位", False),
        ("en", "Check the stock", True),
        ("en", "Position the brand", True),
        ("en", "Bring the badges", True),
        ("en", "The stock is checked", False),
        ("en", "Checking the stock", False),
        ("en", "Registration of guests", False),
        ("ja", "在庫を確認する", True),
        ("ja", "会場を予約", True),
        ("ja", "会場の資料", False),
        ("ko", "재고를 확인하기", True),
        ("ko", "장소 예약", True),
        ("ko", "행사장 자료", False),
    ],
)
def test_lint_tells_verbs_by_form(language, text, verb):
    """The first word in Chinese and English, the last one in Japanese and Korean."""
    assert starts_with_verb(text, language) is verb


def test_lint_vague_words_are_whole_words():
    """In English a word counts only by itself; the others have no spaces to go by."""
    assert vague_words("Etch the glass, various colours, ASAP", "en") == ["asap", "various"]
    assert vague_words("必要时尽快处理", "zh") == ["尽快", "必要时"]


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_lint_takes_any_text(text):
    """Whatever is pasted: findings with a line of the text, never an error."""
    for finding in lint(text):
        assert 1 <= finding.line <= max(1, len(text.splitlines()) + 1)


@given(st.lists(st.sampled_from(["- [ ] ", "  ", "**", "(", "：", "T-3d", "必过", "#", "\n", "items:", "[", "x"]), max_size=60))  # fmt: skip  # noqa: E501
@settings(deadline=None)
def test_lint_takes_any_markup(parts):
    """The same for texts that look like lists."""
    for text in ("".join(parts), "items:\n" + "".join(parts)):
        assert all(finding.line >= 1 for finding in lint(text))
