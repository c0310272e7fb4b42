"""A reply is drawn within the width, whatever the script, and without colours unless asked."""

from __future__ import annotations

import pytest

from bot import markup
from bot.assistant import reply
from bot.markup import cells, text
from bot.model import (
    Bullets,
    Chat,
    Choice,
    Footnote,
    Heading,
    Message,
    Paragraph,
    Reply,
    Table,
)

LONG = "市场部对外拉新，创造认知；the brand team sets positioning, tone and visual norms。" * 3
TABLE = Table(
    ("品牌", "Public relations"),
    (("目的", ("提升调性、塑造企业形象", LONG)), ("Focus", ("long-term awareness", "舆情、媒体"))),
)
WIDE = Table(tuple(f"第{i}项" for i in range(4)), (("要点", ("一二三四五六七",) * 4),))
REPLY = Reply(
    "zh",
    (
        Heading("品牌与公关的区别", "对比"),
        Paragraph(LONG),
        Bullets((LONG, "short", "☐ 核对物料\n  完成标准：签字"), title="清单"),
        Bullets(("一", "二"), numbered=True),
        TABLE,
        WIDE,
        Footnote(LONG),
    ),
    (Choice("公关 · 看哪些指标", "role.public_relations", "metrics"),),
    "还可以看：",
)


@pytest.mark.parametrize("width", [20, 24, 33, 40, 60, 79, 80, 100, 160])
def test_text_keeps_every_line_within_the_width(width):
    """Narrow or wide, columns or stacked: no line takes more cells than there are."""
    for line in text(REPLY, width).split("\n"):
        assert cells(line) <= width, line


@pytest.mark.parametrize("width", [24, 40, 80, 100])
@pytest.mark.parametrize(
    "question",
    ["品牌部跟公关部的异同", "投放和内容运营、社群运营的区别", "How does brand differ from PR?"],
)
def test_text_keeps_real_tables_within_the_width(book, question, width):
    """The comparisons as shipped fit as well."""
    drawn = text(reply(Message(question), Chat(), book).reply, width)
    assert max(map(cells, drawn.split("\n"))) <= width


def test_text_draws_a_table_in_columns_only_where_they_fit():
    """With room there are columns; without it, or for a chat app, each row is told by itself."""
    shown = Reply("zh", (TABLE,))
    assert "-+-" in text(shown, 100)
    assert "-+-" not in text(shown, 30)
    assert "-+-" not in text(shown)
    assert "  品牌：提升调性、塑造企业形象" in text(shown).split("\n")


@pytest.mark.parametrize("width", [0, 20, 40, 80, 100])
def test_text_loses_no_word(width):
    """Wrapping moves words, and drops none of them."""

    def words(body):
        return "".join(body.split())

    shown = Reply("en", (Paragraph(LONG), Footnote(LONG)))
    assert words(text(shown, width)) == words(LONG + LONG)


def test_text_has_colours_only_when_asked():
    """No escape sequence for a pipe; with colours the words are the same."""
    plain, coloured = text(REPLY, 80), text(REPLY, 80, colour=True)
    assert "\x1b" not in plain
    assert "\x1b" in coloured
    for code in (markup.BOLD, markup.DIM, markup.CYAN, markup.RESET):
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_text_numbers_the_choices_as_they_are_picked():
    """The first choice is 1, below the prompt."""
    assert text(REPLY).endswith("还可以看：\n  1. 公关 · 看哪些指标")


def test_text_of_an_empty_reply_is_empty():
    """Nothing to say draws nothing."""
    assert text(Reply("zh", ())) == ""


@pytest.mark.parametrize(
    ("body", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("品牌", 4),
        ("ＫＯＬ", 6),
        ("e\u0301", 1),
        ("ｶ", 1),
        ("한국", 4),
        ("\u200b", 0),
        ("\U0001f469\u200d\U0001f4bb", 2),
    ],
)
def test_cells_counts_terminal_columns(body, columns):
    """East Asian wide characters take two, combining ones none."""
    assert cells(body) == columns
