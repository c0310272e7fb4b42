"""Rows of JSONL, CSV and workbooks: every column kept, a broken row told in its own place."""

from __future__ import annotations

import csv
import datetime
import json
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.postings import cells, objects, tables
from bot.postings.columns import Named
from bot.postings.model import Unreadable

NONE = Named()
DUTY = "负责选题策划、撰写稿件"
ENCODINGS = [
    ("utf-8", "职位名称", "职位描述", "内容运营", DUTY),
    ("utf-8-sig", "职位名称", "职位描述", "内容运营", DUTY),
    ("gb18030", "职位名称", "职位描述", "内容运营", DUTY),
    ("utf-16", "职位名称", "职位描述", "内容运营", DUTY),
    ("big5", "職位名稱", "職位描述", "內容營運", "負責社群的選題策劃、撰寫稿件，組織線上活動"),
    ("cp932", "職種", "仕事内容", "編集者", "オウンドメディアの記事作成、編集、校正をお任せします"),
    ("euc_kr", "직무명", "주요업무", "에디터", "콘텐츠 기획과 원고 작성 및 편집을 담당합니다"),
]
BROKEN = [
    ("not json", b"not json", "classify.row.json"),
    ("cut off", b'{"description": "x', "classify.row.json"),
    ("a list", b'["x"]', "classify.row.shape"),
    ("a number", b"5", "classify.row.shape"),
    ("no description", b'{"id": 1}', "classify.row.shape"),
    ("description is a number", b'{"description": 5}', "classify.row.shape"),
    ("description is null", b'{"description": null}', "classify.row.shape"),
    ("not utf-8", b'{"description": "\xff"}', "classify.row.json"),
    ("nested beyond all bounds", b'{"description": ' + b"[" * 90_000, "classify.row.json"),
    ("a number of 5000 digits", b'{"description": ' + b"1" * 5_000 + b"}", "classify.row.json"),
    ("over-long", b'{"description": "' + b"x" * objects.MAX_LINE + b'"}', "classify.row.long"),
]
ODD_FIELDS = [
    ("title is a number", {"title": 5}, "", None),
    ("title is null", {"title": None}, "", None),
    ("lang is a list", {"lang": ["en"]}, "", None),
    ("lang is unknown", {"lang": "xx"}, "", None),
    ("lang is ours", {"lang": "ko", "title": "T"}, "T", "ko"),
]


def delimited(path, named=NONE):
    """The rows of a CSV file."""
    return tables.rows(path.name, cells.read_delimited(path), named)


def workbook(path, named=NONE):
    """The rows of a workbook."""
    return tables.rows(path.name, cells.workbook(path), named)


def csv_file(tmp_path, text, encoding="utf-8", named=NONE):
    """The rows of a CSV file with this text."""
    path = tmp_path / "p.csv"
    path.write_bytes(text.encode(encoding))
    return list(delimited(path, named))


def book(tmp_path, **sheets):
    """A workbook with these sheets, each a list of rows; a str that begins with = is a formula."""
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(str(path)) as made:
        dated = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, datetime.date):
                        sheet.write_datetime(i, j, cell, dated)
                    elif isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(i, j, cell, None, 42)
                    else:
                        sheet.write(i, j, cell)
    return path


def edited(path, member, edit):
    """The zipped file with one member edited."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[member] = edit(parts[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semi", "tab", "bar"])
@pytest.mark.parametrize(
    ("encoding", "name", "text", "title", "duty"), ENCODINGS, ids=[row[0] for row in ENCODINGS]
)
def test_delimited_reads_any_encoding_and_delimiter(
    tmp_path, encoding, name, text, title, duty, delimiter
):
    """What the spreadsheet saved is what is read: headers, title and description."""
    lines = [["id", name, text], ["a-1", title, duty], ["a-2", title, f'"{duty}\n{duty}"']]
    content = "\r\n".join(delimiter.join(line) for line in lines) + "\r\n"
    one, two = csv_file(tmp_path, content, encoding)
    assert one.cells == {"id": "a-1", name: title, text: duty}
    assert (one.id, one.posting.title, one.posting.description) == ("a-1", title, duty)
    assert two.posting.description == f"{duty}\n{duty}"
    assert (one.file, one.number, two.number) == ("p.csv", 2, 3)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semi", "tab"])
@pytest.mark.parametrize(
    "above",
    ["招聘汇总", "Openings 2026{0}{0}", "招聘汇总\n\n内部资料", "sep={0}"],
    ids=["alone", "padded", "three lines", "sep"],
)
def test_delimited_finds_a_header_below_a_title_row(tmp_path, above, delimiter):
    """Titles above the header are passed over, whether or not they hold a delimiter."""
    table = f"职位名称{delimiter}职位描述\n内容运营{delimiter}{DUTY}\n"
    (row,) = csv_file(tmp_path, above.format(delimiter) + "\n" + table)
    assert (row.posting.title, row.posting.description) == ("内容运营", DUTY)


def test_delimited_finds_a_named_column_below_a_title_row(tmp_path):
    """A title row does not hide a column that was named."""
    text = "Openings\nid,A\n1,Write\n"
    (row,) = csv_file(tmp_path, text, named=Named(description="A"))
    assert row.posting.description == "Write"
    with pytest.raises(Unreadable, match="B"):
        csv_file(tmp_path, text, named=Named(description="B"))


def test_delimited_keeps_columns_that_share_a_name_or_have_none(tmp_path):
    """Every cell is kept in its order, under a name of its own."""
    (row,) = csv_file(tmp_path, "x,x #3,x,,description,\n1,2,3,4,5,6\n")
    assert list(row.cells.values()) == ["1", "2", "3", "4", "5", "6"]
    assert list(row.cells)[:2] == ["x", "x #3"]
    assert row.posting.description == "5"


def test_delimited_keeps_cells_beyond_the_header(tmp_path):
    """A row with too many cells loses none; one with too few is padded; padding is no cell."""
    more, less, padded = csv_file(tmp_path, "id,description\n1,a,b,c\n2\n3,a,,,\n")
    assert list(more.cells.values()) == ["1", "a", "b", "c"]
    assert less.cells == {"id": "2", "description": ""}
    assert padded.cells == {"id": "3", "description": "a"}


def test_delimited_tells_a_huge_cell_in_its_row(tmp_path):
    """One impossible row is a problem of that row; those after it are read."""
    text = f'id,description\n1,a\n2,"{"x" * (cells.MAX_CELL + 1)}"\n3,c\n'
    rows = csv_file(tmp_path, text)
    assert [row.number for row in rows] == [2, 3, 4]
    assert rows[1].problem.key == "classify.row.csv"
    assert [rows[0].posting.description, rows[2].posting.description] == ["a", "c"]


def test_delimited_passes_over_blank_lines_and_nulls(tmp_path):
    """Blank rows are no postings, and a stray null byte harms no row."""
    text = f"id,description\n\n , \n1,a\0b\n2,{DUTY * 9}\n"
    rows = csv_file(tmp_path, text)
    assert [(row.number, row.posting.description) for row in rows] == [(4, "ab"), (5, DUTY * 9)]


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "just words\n", "\n\n\n"])
def test_delimited_without_a_description_is_refused(tmp_path, text):
    """The message shows the headers there are and says what to do."""
    with pytest.raises(Unreadable) as caught:
        csv_file(tmp_path, text)
    assert caught.value.key == "classify.file.no_description"
    assert "--description-column" in str(caught.value)


@given(names=st.lists(st.text("ab x#123", max_size=4), max_size=6))
def test_delimited_names_are_never_shared(tmp_path_factory, names):
    """Whatever the header, no two columns have one name."""
    path = tmp_path_factory.getbasetemp() / "names.csv"
    header = [*names, "description"]
    row = [str(i) for i in range(len(header))]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, row])
    (got,) = delimited(path)
    assert list(got.cells.values()) == row


def test_workbook_reads_cells_as_a_person_sees_them(tmp_path):
    """Whole numbers without a point, dates, truth values, and the value of a formula."""
    header = ["id", "Date", "Open", "Pay", "Sum", "Description"]
    day = datetime.date(2026, 5, 1)
    path = book(tmp_path, One=[header, [7, day, True, 1.5, "=6*7", DUTY]])
    (row,) = workbook(path)
    assert list(row.cells.values()) == ["7", "2026-05-01", "true", "1.5", "42", DUTY]
    assert (row.id, row.number, row.file) == ("7", 2, "p.xlsx")


def test_workbook_reads_every_sheet_that_has_postings(tmp_path):
    """Sheets are told apart in the place; one without postings is passed over."""
    path = book(
        tmp_path,
        Notes=[["hello"]],
        North=[["招聘汇总"], ["职位名称", "岗位职责", "任职要求"], ["内容运营", DUTY, "本科"]],
        Empty=[],
        South=[["JD"], ["Write articles"], [""], ["Edit articles"]],
    )
    rows = list(workbook(path))
    places = [(row.file, row.number) for row in rows]
    assert places == [("p.xlsx [North]", 3), ("p.xlsx [South]", 2), ("p.xlsx [South]", 4)]
    assert rows[0].posting.description == f"岗位职责:\n{DUTY}\n任职要求:\n本科"


@pytest.mark.parametrize("name", ["p.xls", "p.ods", "p.docx", "p"])
def test_workbook_goes_by_its_content(tmp_path, name):
    """A wrong ending of the name does not matter."""
    path = book(tmp_path, One=[["description"], ["Write"]])
    (row,) = workbook(path.rename(tmp_path / name))
    assert row.posting.description == "Write"


def test_workbook_tells_a_damaged_sheet_and_reads_the_others(tmp_path):
    """Half a sheet stops nothing; if nothing else is there, the file is refused."""
    good = [["description"], ["Write"]]
    part = "xl/worksheets/sheet1.xml"
    path = edited(book(tmp_path, One=good, Two=good), part, lambda raw: raw[: len(raw) // 2])
    read, told = workbook(path)
    assert read.file == "p.xlsx [Two]"
    assert (told.file, told.problem.key) == ("p.xlsx [One]", "classify.file.damaged")
    path = edited(book(tmp_path, One=good), part, lambda raw: raw[: len(raw) // 2])
    with pytest.raises(Unreadable) as caught:
        list(workbook(path))
    assert caught.value.key == "classify.file.damaged"


def test_workbook_without_postings_is_refused(tmp_path):
    """No sheet with a description: the headers of the first are shown."""
    with pytest.raises(Unreadable, match="Name"):
        list(workbook(book(tmp_path, One=[["Name"], ["x"]], Two=[["y"]])))


@pytest.mark.parametrize(
    ("raw", "key"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_jsonl_tells_a_broken_line_in_its_place(raw, key):
    """The lines around it are read, and blank ones count."""
    good = b'{"id": 1, "description": "x"}'
    rows = list(objects.jsonl("f", [good, b"\n", raw, good]))
    assert [row.number for row in rows] == [1, 3, 4]
    assert rows[1].posting is None
    assert rows[1].problem.key == key
    assert rows[0].posting == rows[2].posting


@pytest.mark.parametrize(
    ("fields", "title", "language"), [row[1:] for row in ODD_FIELDS], ids=[r[0] for r in ODD_FIELDS]
)
def test_jsonl_ignores_fields_of_another_type(fields, title, language):
    """Title and language are optional, so a wrong one is none."""
    line = json.dumps({"description": "x"} | fields).encode()
    (row,) = objects.jsonl("f", [line])
    assert (row.posting.title, row.posting.language) == (title, language)
    assert row.problem is None


def test_jsonl_reads_a_byte_order_mark_and_keeps_any_id():
    """The id comes back as it was given, whatever it is."""
    first = b'\xef\xbb\xbf{"id": {"x": [1]}, "description": "x", "pay": 7.0}\r\n'
    (row,) = objects.jsonl("f", [first])
    assert row.id == {"x": [1]}
    assert row.cells["pay"] == "7"


def test_jsonl_replaces_half_a_surrogate_pair():
    """JSON can escape what no file can hold; its place stays, so spans still fit."""
    (row,) = objects.jsonl("f", [rb'{"id": "\ud800", "description": "a\udc00b \ud83d\ude00"}'])
    assert row.id == "\ufffd"
    assert row.posting.description == "a\ufffdb \U0001f600"
