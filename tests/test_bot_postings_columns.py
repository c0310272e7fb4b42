"""The columns of a table are found by their headers in four languages, or as named."""

from __future__ import annotations

import pytest

from bot.postings import columns
from bot.postings.columns import Columns, Named
from bot.postings.model import Unreadable

HEADERS = [
    ("zh", ["编号", "职位名称", "职位描述"], Columns((2,), 1, 0, None)),
    ("zh in two columns", ["岗位职责", "岗位", "任职要求"], Columns((0, 2), 1, None, None)),
    ("en", ["ID", "Job Title", "Job Description", "Language"], Columns((2,), 1, 0, 3)),
    ("en in two", ["requirements", "position", "duties"], Columns((2, 0), 1, None, None)),
    ("ja", ["番号", "職種", "仕事内容", "応募資格"], Columns((2, 3), 1, 0, None)),
    ("ko", ["번호", "직무명", "주요업무", "자격요건"], Columns((2, 3), 1, 0, None)),
    ("ko in one", ["포지션", "채용공고"], Columns((1,), 0, None, None)),
    (
        "case, width and spaces",
        ["ＴＩＴＬＥ", "  Job   DESCRIPTION "],
        Columns((1,), 0, None, None),
    ),
    ("traditional", ["職位名稱", "職位描述"], Columns((1,), 0, None, None)),
    ("the first of two alike", ["jd", "描述"], Columns((0,), None, None, None)),
    ("duties beside a description", ["描述", "职责"], Columns((0, 1), None, None, None)),
]
ROW = ["7", "Editor", "Write", "Degree"]


@pytest.mark.parametrize(
    ("header", "wanted"), [row[1:] for row in HEADERS], ids=[row[0] for row in HEADERS]
)
def test_columns_are_found_by_their_headers(header, wanted):
    """Description or duties and requirements, title, id and language, wherever they stand."""
    assert columns.find(header, Named()) == wanted


@pytest.mark.parametrize(
    "header", [[], [""], ["姓名", "电话"], ["id", "lang"], ["not a description of mine"]]
)
def test_columns_without_a_description_are_none(header):
    """A header that names no text is no header of postings."""
    assert columns.find(header, Named()) is None


def test_columns_named_go_before_known_ones():
    """Who names a column means it, and it alone."""
    header = ["id", "description", "duties", "A", "B", "C"]
    assert columns.find(header, Named("A", "b", " C ")) == Columns((3,), 4, 5, None)


@pytest.mark.parametrize("named", [Named("X"), Named(title="X"), Named(id="X")])
def test_columns_named_but_missing_are_told_with_those_there_are(named):
    """The message holds the wrong name and the right ones."""
    with pytest.raises(Unreadable) as caught:
        columns.find(["id", "description"], named)
    assert caught.value.key == "classify.file.no_column"
    for language in ("zh", "en", "ja", "ko"):
        told = caught.value.message(language)
        assert "X" in told
        assert "id, description" in told


def test_columns_of_one_text_give_it_literally():
    """A single text column is the description as it stands."""
    header = ["id", "title", "description"]
    found = columns.posting(ROW, header, columns.find(header, Named()))
    assert (found.title, found.description, found.language) == ("Editor", "Write", None)


def test_columns_of_two_texts_are_put_under_their_headers():
    """Duties and requirements become one description, each under its header; empty ones do not."""
    header = ["id", "title", "duties", "requirements"]
    at = columns.find(header, Named())
    assert columns.posting(ROW, header, at).description == "duties:\nWrite\nrequirements:\nDegree"
    bare = columns.posting(["7", "Editor", "Write", " "], header, at)
    assert bare.description == "duties:\nWrite"


@pytest.mark.parametrize(
    ("cell", "language"), [("EN", "en"), ("zh-CN", "zh"), ("klingon", None), ("", None)]
)
def test_columns_language_is_one_of_ours_or_left_open(cell, language):
    """A language that is not ours is found by the words instead."""
    header = ["description", "lang"]
    found = columns.posting(["x", cell], header, columns.find(header, Named()))
    assert found.language == language


def test_columns_beyond_a_short_row_are_empty():
    """A row that ends early has empty cells, not an error."""
    header = ["description", "title", "lang"]
    found = columns.posting(["x"], header, columns.find(header, Named()))
    assert (found.description, found.title, found.language) == ("x", "", None)
