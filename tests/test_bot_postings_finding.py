"""Files of many shapes give their postings, and say what was read and what was not."""

from __future__ import annotations

import csv
import io
import json

import docx
import pytest
import xlsxwriter
from small_rules import shipped

from bot.errors import BadInput
from bot.postings import batch, readers
from bot.postings.columns import Named, parse_named
from bot.postings.headers import role_of
from bot.postings.sandbox import run_here

DUTY = "负责新品上市计划和市场预算，统筹推广；"
LONG = "Plan the launch of new products, own the marketing budget and brief the agencies."
NAMES = [
    ("岗位职责（必填）", "duties"),
    ("*职位名称", "title"),
    ("岗位职责/任职要求", "description"),
    ("工作內容", "duties"),
    ("職務名稱", "title"),
    ("Job Title (required)", "title"),
    ("job_desc", "description"),
    ("jobDescription", "description"),
    ("Responsibilities & Duties", "description"),
    ("募集職種名", "title"),
    ("仕事の内容", "duties"),
    ("応募資格・条件", "requirements"),
    ("채용공고제목", "title"),
    ("상세요강", "description"),
    ("job.title", "title"),
    ("公司名称", None),
    ("Salary", None),
    ("勤務地", None),
    ("", None),
]
TABLES = [
    ("no header", [["甲公司", "市场经理", DUTY], ["乙公司", "品牌经理", DUTY]], 2, "市场经理"),
    (
        "a lone cell is no header",
        [["甲", "市场经理", DUTY], ["乙", "行政助理", "任职要求："], ["丙", "品牌经理", DUTY]],
        3,
        "市场经理",
    ),
    (
        "preamble",
        [["招聘汇总", "", ""], ["序号", "岗位", "职责"], ["1", "市场经理", DUTY]],
        1,
        "市场经理",
    ),
    ("unknown names", [["代號", "職稱甲", "丙丙"], ["a", "市场经理", DUTY * 3]], 1, "市场经理"),
    (
        "requirements beside a longer column",
        [["职位", "要求", "备注栏"], ["市场经理", "三年", DUTY * 2]],
        1,
        "市场经理",
    ),
    ("titles alone", [["职位名", "地区"], ["市场经理", "广州"], ["会计", "上海"]], 2, "市场经理"),
    (
        "upright",
        [
            ["岗位名称", "市场经理", "品牌经理"],
            ["岗位职责", DUTY, DUTY],
            ["任职要求", "三年", "两年"],
        ],
        2,
        "市场经理",
    ),
]


@pytest.fixture
def read(tmp_path):
    """The rows of a file with that content, and how it was read."""

    def _read(name, content, columns=None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        told = []
        form = readers.format_of(path)
        rows = list(readers.rows(path, form, columns or Named(), shipped(), run_here, told))
        return rows, told

    return _read


def sheet(rows):
    """A CSV text of those rows."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(("name", "role"), NAMES, ids=[row[0] or "empty" for row in NAMES])
def test_headers_are_known_by_their_names(name, role):
    """Brackets, slashes and marks of what must be filled in do not hide a name."""
    assert role_of(name) == role


@pytest.mark.parametrize(
    ("rows", "count", "title"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES]
)
def test_tables_lose_nothing_whatever_their_shape(read, rows, count, title):
    """Every posting is read, with its title."""
    found, told = read("p.csv", sheet(rows))
    assert len(found) == count
    assert found[0].posting.title == title
    assert told
    assert all(note.lines(language) for note in told for language in ("zh", "en", "ja", "ko"))


def test_tables_of_titles_alone_want_a_look(read):
    """A title is no duty, so nothing is sure."""
    found, _ = read("p.csv", "职位名,地区\n市场经理,广州\n销售代表,上海\n")
    verdicts = [batch.classify_row(row, shipped()).verdict for row in found]
    assert [verdict.function for verdict in verdicts] == ["marketing_planning", "sales"]
    assert {str(verdict.decision) for verdict in verdicts} == {"review"}


def test_tables_tell_what_was_read_and_what_was_not(read):
    """The columns are named, also the long ones that were left out."""
    rows = [["Post", "Duties", "Our story"], ["Marketing Manager", LONG, LONG * 2]]
    _, (note,) = read("p.csv", sheet(rows))
    lines = note.lines("en")
    assert "Read as the duties: Duties." in lines
    assert "Read as the title: Post." in lines
    assert any("Our story" in line and "not read" in line for line in lines)


@pytest.mark.parametrize(
    "told", ["title=C, duties=B", "title=#3,duties=#2", "title=gamma,duties=beta"]
)
def test_columns_can_be_said_by_name_letter_or_number(read, told):
    """Who says a column means it."""
    rows = [["alpha", "beta", "gamma"], [LONG * 3, DUTY, "市场经理"]]
    (row,), _ = read("p.csv", sheet(rows), parse_named(told))
    assert (row.posting.title, row.posting.description) == ("市场经理", DUTY)


@pytest.mark.parametrize("told", ["duties", "salary=A", "title="])
def test_columns_said_wrongly_are_refused(told):
    """The roles are told."""
    with pytest.raises(BadInput, match="description"):
        parse_named(told)


@pytest.mark.parametrize(
    "value",
    [
        [{"title": "市场经理", "description": DUTY}, {"title": "会计", "description": "记账报税"}],
        {
            "data": {
                "list": [
                    {"jobName": "市场经理", "jobDescribe": DUTY},
                    {"jobName": "会计", "jobDescribe": "记账"},
                ]
            }
        },
        [
            {"job": {"title": "市场经理", "duties": [DUTY, DUTY]}},
            {"job": {"title": "会计", "duties": ["记账"]}},
        ],
        {"a": {"职位": "市场经理", "职责": DUTY}, "b": {"职位": "会计", "职责": "记账"}},
    ],
    ids=["array", "nested list", "nested objects", "objects by name"],
)
def test_json_documents_are_tables(read, value):
    """A list of objects is a table, wherever it stands and whatever its keys are called."""
    found, _ = read("p.json", json.dumps(value, ensure_ascii=False, indent=1))
    assert [row.posting.title for row in found] == ["市场经理", "会计"]
    assert DUTY in found[0].posting.description


def test_json_lines_take_the_same_options_as_columns(read):
    """Keys are found like headers, or said."""
    line = json.dumps({"x": "市场经理", "y": DUTY}, ensure_ascii=False)
    (row,), _ = read("p.jsonl", line, parse_named("title=x,description=y"))
    assert (row.posting.title, row.posting.description) == ("市场经理", DUTY)


def test_workbook_cells_merged_downwards_count_in_every_row(tmp_path, read):
    """What one cell says for several rows is said in each."""
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["部门", "岗位", "工作内容"])
        page.merge_range(1, 1, 2, 1, "市场经理")
        page.write(1, 2, DUTY)
        page.write(2, 2, DUTY)
    found, _ = read("p.xlsx", path.read_bytes())
    assert [row.posting.title for row in found] == ["市场经理", "市场经理"]


def word(*blocks):
    """A Word file of paragraphs (text) and tables (rows)."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]))
        for i, row in enumerate(block):
            for j, cell in enumerate(row):
                table.cell(i, j).text = cell
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        word(
            "简章",
            [["岗位名称", "岗位职责"], ["市场经理", DUTY], ["客服专员", "接听来电，处理投诉"]],
        ),
        word(
            "简章",
            "岗位名称：市场经理",
            f"岗位职责：{DUTY}",
            "岗位名称：客服专员",
            "岗位职责：接听来电",
        ),
        word("市场经理 2名", DUTY, "客服专员 3名", "接听来电，处理投诉"),
    ],
    ids=["table", "labels", "numbers of people"],
)
def test_word_files_of_several_openings_give_a_row_each(read, content):
    """One verdict an opening, never one for all."""
    found, _ = read("p.docx", content)
    assert [row.posting.title for row in found] == ["市场经理", "客服专员"]


def test_csv_of_mixed_encodings_is_read_line_by_line(read):
    """A line pasted in from elsewhere is read in its own encoding, or told in its row."""
    head = f"职位名称,职位描述\n市场经理,{DUTY}\n".encode()
    found, _ = read("p.csv", head * 1 + f"品牌经理,{DUTY}\n".encode("gb18030"))
    assert [row.posting.title for row in found] == ["市场经理", "品牌经理"]
