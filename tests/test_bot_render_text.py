"""A reply is drawn within the width, whatever the script, and without colours unless asked."""

from __future__ import annotations

import pytest

from bot.assistant import reply
from bot.model import (
    Bullets,
    Chat,
    Footnote,
    Heading,
    Message,
    Paragraph,
    Reply,
    Table,
    pick,
)
from bot.render.text import BOLD, CYAN, DIM, NO_END, NO_START, RESET, as_text, cells

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
    (pick("公关 · 看哪些指标", "role.public_relations", "metrics"),),
    "还可以看：",
)


@pytest.mark.parametrize("width", [20, 24, 33, 40, 60, 79, 80, 100, 160])
def test_text_keeps_every_line_within_the_width(width):
    """Narrow or wide, columns or stacked: no line takes more cells than there are."""
    for line in as_text(REPLY, width).split("\n"):
        assert cells(line) <= width, line


@pytest.mark.parametrize("width", [24, 40, 80, 100])
@pytest.mark.parametrize(
    "question",
    ["品牌部跟公关部的异同", "投放和内容运营、社群运营的区别", "How does brand differ from PR?"],
)
def test_text_keeps_real_tables_within_the_width(book, question, width):
    """The comparisons as shipped fit as well."""
    drawn = as_text(reply(Message(question), Chat(), book).reply, width)
    assert max(map(cells, drawn.split("\n"))) <= width


def test_text_draws_a_table_in_columns_only_where_they_fit():
    """With room there are columns; without it, or for a chat app, each row is told by itself."""
    shown = Reply("zh", (TABLE,))
    assert "-+-" in as_text(shown, 100)
    assert "-+-" not in as_text(shown, 30)
    assert "-+-" not in as_text(shown)
    assert "  品牌：提升调性、塑造企业形象" in as_text(shown).split("\n")


@pytest.mark.parametrize("width", [0, 20, 40, 80, 100])
def test_text_loses_no_word(width):
    """Wrapping moves words, and drops none of them."""

    def words(body):
        return "".join(body.split())

    shown = Reply("en", (Paragraph(LONG), Footnote(LONG)))
    assert words(as_text(shown, width)) == words(LONG + LONG)


def test_text_has_colours_only_when_asked():
    """No escape sequence for a pipe; with colours the words are the same."""
    plain, coloured = as_text(REPLY, 80), as_text(REPLY, 80, colour=True)
    assert "\x1b" not in plain
    assert "\x1b" in coloured
    for code in (BOLD, DIM, CYAN, RESET):
        coloured = coloured.replace(code, "")
    assert coloured == plain


def test_text_numbers_the_choices_as_they_are_picked():
    """The first choice is 1, below the prompt."""
    assert as_text(REPLY).endswith("还可以看：\n  1. 公关 · 看哪些指标")


def test_text_of_an_empty_reply_is_empty():
    """Nothing to say draws nothing."""
    assert as_text(Reply("zh", ())) == ""


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


@pytest.mark.parametrize("width", [20, 33, 40, 60, 80])
def test_text_breaks_korean_at_spaces(width):
    """No word is cut in two where it fits into a line."""
    text = "재구매합니다 콘텐츠 운영 직무이며, KPI를 함께 봅니다. 자사 고객에게 보냅니다. " * 3
    drawn = as_text(Reply("ko", (Paragraph(text),)), width)
    assert max(map(cells, drawn.split("\n"))) <= width
    assert drawn.split() == text.split()


@pytest.mark.parametrize("width", [20, 21, 22, 23, 30, 40, 41])
def test_text_begins_no_line_with_a_mark_that_follows(width):
    """A long vowel or a small kana stays with the sign before it, as does a closing bracket."""
    text = "ユーザー数とマーケティング、キャッシュバック「ファン」ちょっと、フォロワー数。" * 4
    drawn = as_text(Reply("ja", (Paragraph(text),)), width)
    assert max(map(cells, drawn.split("\n"))) <= width
    follow = "ーァィゥェォッャュョぁぃぅぇぉっゃゅょ、。」"
    assert all(line[0] not in follow for line in drawn.split("\n"))
    assert drawn.replace("\n", "") == text


ASKED = [
    ("zh", "公关"), ("zh", "品牌和公关有什么区别"), ("zh", "大促前要检查什么"),
    ("zh", "转化率怎么算"), ("ja", "広報の仕事は何ですか"), ("ja", "ブランドとPRの違いは？"),
    ("ja", "コンバージョン率とは"),
    ("ko", "홍보는 무엇을 하나요"), ("ko", "브랜드와 홍보의 차이"), ("ko", "전환율이 뭐예요"),
    ("en", "What does public relations do?"), ("en", "brand vs PR"), ("en", "conversion rate"),
]  # fmt: skip


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize(("language", "question"), ASKED)
def test_text_of_answers_is_broken_by_the_rules_of_each_script(book, language, question, width):
    """No line begins with a closing mark or ends with an opening one; no Korean word is cut.

    A break behind a middle dot parts words, too.
    """
    told = reply(Message(question, language=language), Chat(), book).reply
    drawn, whole = as_text(told, width), as_text(told)
    lines = [line.strip() for line in drawn.split("\n") if line.strip()]
    assert max(map(cells, drawn.split("\n"))) <= width
    assert [line for line in lines if line[0] in NO_START] == []
    assert [line for line in lines if line[-1] in NO_END] == []
    if language == "ko" and " | " not in drawn:
        assert drawn.replace("·", "· ").split() == whole.replace("·", "· ").split()


def test_text_keeps_a_double_dash_and_what_brackets_hold_together():
    """In every width both dashes are in one line, and a bracket stays with its word."""
    text = "品牌——长期的事（见“品牌循环”），公关——（对外）。" * 3
    for width in range(12, 60):
        lines = as_text(Reply("zh", (Paragraph(text),)), width).split("\n")
        assert "".join(lines) == text
        assert all("——" in line or "—" not in line for line in lines)
        assert all(line[-1] not in "（“" and line[0] not in "）”，。" for line in lines)


def test_text_breaks_a_korean_word_that_no_line_holds():
    """In a narrow column it is broken rather than let over the edge."""
    drawn = as_text(Reply("ko", (Paragraph("가" * 50),)), 20)
    assert max(map(cells, drawn.split("\n"))) <= 20
    assert drawn.replace("\n", "") == "가" * 50
