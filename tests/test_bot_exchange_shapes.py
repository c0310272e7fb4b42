"""Tables of questions of many programs are read: their headers, JSON, Markdown, Rasa 1."""

from __future__ import annotations

import json

import pytest

from bot.errors import BadInput
from bot.exchange import readers
from bot.postings.sandbox import run_here

ASKED, TOLD = "打印机卡纸怎么办", "打开后盖，取出纸张。"
TABLES = [
    ("required marks", f"问题（必填）,答案（必填）\n{ASKED},{TOLD}\n", (ASKED,)),
    (
        "a segment with questions below each other",
        f'分段标题（选填）,分段内容（必填，最多4096字）,问题（选填，一行一个）\n打印,{TOLD},"{ASKED}\n纸卡住了"\n',
        (ASKED, "纸卡住了"),
    ),
    ("a segment with a title alone", f"分段标题,分段内容,问题\n{ASKED},{TOLD},\n", (ASKED,)),
    (
        "indexes are further questions",
        f"q,a,indexes\n{ASKED},{TOLD},纸卡住了\n",
        (ASKED, "纸卡住了"),
    ),
    ("a helpdesk", f"分类,问题描述,解决方案\nIT,{ASKED},{TOLD}\n", (ASKED,)),
    ("intents", f"Intent,User Question,Bot Response\nJAM,{ASKED},{TOLD}\n", (ASKED,)),
    ("Japanese", "よくある質問,回答\n紙が詰まった,カバーを開けます。\n", ("紙が詰まった",)),
    ("Korean", "자주 묻는 질문,답변\n종이가 걸렸어요,덮개를 엽니다.\n", ("종이가 걸렸어요",)),
]
DOCUMENTS = [
    ("list", [{"question": ASKED, "answer": TOLD}]),
    ("nested", {"data": {"items": [{"q": ASKED, "a": TOLD}]}}),
    ("lists of questions", [{"questions": [ASKED], "answer": TOLD}]),
]
MARKDOWN = f"""# 常见问题

| 问题 | 答案 |
|---|---|
| {ASKED} | {TOLD} |

## 会议室怎么订

在日历里选房间。

```
# no heading
```
"""
NLU = "## intent:faq/jam\n- paper jam\n- the [printer](device) is stuck\n\n## synonym:x\n- y\n"
DOMAIN = "responses:\n  utter_faq/jam:\n  - text: Open the lid.\n"


def read(tmp_path, name, text, answers=None):
    """What a file of that name holds."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    domain = None
    if answers:
        domain = tmp_path / "domain.yml"
        domain.write_text(answers, "utf-8")
    return readers.read(path, domain, run_here)


@pytest.mark.parametrize(
    ("text", "questions"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES]
)
def test_tables_of_other_programs_are_read(tmp_path, text, questions):
    """Their headers are known, whatever stands in brackets behind them."""
    (pair,) = read(tmp_path, "t.csv", text).pairs
    assert pair.questions == questions


@pytest.mark.parametrize("value", [row[1] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
def test_json_is_a_table(tmp_path, value):
    """A list of objects, wherever it stands."""
    (pair,) = read(tmp_path, "t.json", json.dumps(value, ensure_ascii=False)).pairs
    assert (pair.questions, pair.answer) == ((ASKED,), TOLD)


def test_markdown_gives_its_tables_and_its_headings(tmp_path):
    """A heading asks, the text below answers; what stands in code is no heading."""
    one, two = read(tmp_path, "t.md", MARKDOWN).pairs
    assert (one.questions, one.answer) == ((ASKED,), TOLD)
    assert two.questions == ("会议室怎么订",)
    assert "# no heading" in two.answer


def test_markdown_without_an_answer_is_refused(tmp_path):
    """It is told what was looked for."""
    with pytest.raises(BadInput, match="heading"):
        read(tmp_path, "t.md", "# Title\n\n## Another\n")


def test_rasa_1_takes_its_answers_from_a_domain(tmp_path):
    """Entities are unmarked; synonyms are no questions."""
    (pair,) = read(tmp_path, "nlu.md", NLU, DOMAIN).pairs
    assert pair.questions == ("paper jam", "the printer is stuck")
    assert pair.answer == "Open the lid."


def test_rasa_1_without_a_domain_is_refused(tmp_path):
    """The option that helps is named."""
    with pytest.raises(BadInput, match="--answers"):
        read(tmp_path, "nlu.md", NLU)


NAMED = [
    ("by header", "t.csv", f"甲,乙,丙\nx,{ASKED},{TOLD}\n", "question=乙,answer=丙"),
    ("by letter", "t.csv", f"甲,乙,丙\n问题,{ASKED},{TOLD}\n", "question=B,answer=丙"),
    ("without a header", "t.csv", f"x,{ASKED},{TOLD}\n", "question=B,answer=#3"),
    ("beside a known header", "t.csv", f"问题,答案,乙\nx,{TOLD},{ASKED}\n", "question=乙"),
    ("json", "t.json", json.dumps([{"u": ASKED, "b": TOLD}]), "question=u,answer=b"),
    (
        "markdown",
        "t.md",
        f"| 甲 | 乙 |\n|---|---|\n| {ASKED} | {TOLD} |\n",
        "question=甲,answer=乙",
    ),
]


@pytest.mark.parametrize(
    ("name", "text", "named"), [row[1:] for row in NAMED], ids=[row[0] for row in NAMED]
)
def test_columns_may_be_named(tmp_path, name, text, named):
    """By header, letter or number; a row that names nothing is a pair itself."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    (pair,) = readers.read(path, None, run_here, named).pairs
    assert (pair.questions[0], pair.answer) == (ASKED, TOLD)


def test_named_columns_reach_the_process_that_reads(tmp_path):
    """The same behind the walls of the sandbox."""
    path = tmp_path / "t.csv"
    path.write_text(f"x,{ASKED},{TOLD}\n", "utf-8")
    (pair,) = readers.read(path, named="question=B,answer=C").pairs
    assert pair.questions == (ASKED,)


BAD_NAMES = [
    ("t.csv", "甲,乙\n1,2\n", "question=丁,answer=乙", "no columns for question and answer"),
    ("t.csv", "甲,乙\n1,2\n", "asked=甲", "expected ROLE=COLUMN"),
    ("t.csv", "甲,乙\n1,2\n", "question", "expected ROLE=COLUMN"),
    ("nlu.md", NLU, "question=甲", "goes with tables only"),
]


@pytest.mark.parametrize(("name", "text", "named", "why"), BAD_NAMES)
def test_columns_that_are_not_there_are_told(tmp_path, name, text, named, why):
    """What was expected, or which headers there are."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=why):
        readers.read(path, None, run_here, named)
