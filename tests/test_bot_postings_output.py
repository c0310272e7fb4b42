"""Results written down: the fixed JSON object, and tables that keep every original column."""

from __future__ import annotations

import csv
import json

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st
from small_rules import shipped

from bot.postings import batch, output, report, writers
from bot.postings.columns import Named
from bot.postings.json_form import as_json
from bot.postings.model import Result, Row, Unreadable
from bot.postings.readers import rows as read_rows
from bot.postings.summary import SHOWN_PROBLEMS, Summary
from bot.texts import say
from knowledge.engine.model import LANGUAGES
from rules.postings.classify import classify
from rules.postings.model import Posting

KEYS = [
    "id", "lang", "function", "family", "decision", "shares", "scores", "runner_up", "evidence",
    "oddities", "level", "stamp", "elapsed_ms",
]  # fmt: skip
DUTIES = """岗位职责：
1、负责选题策划、组稿和文章编辑；
2、审稿改稿；
3、完成领导交办的其他工作；
任职要求：
限女性，35岁以下，三年以上编辑经验"""
EVIL = '<script>alert("选题策划")</script><img src=x onerror=alert(1)>'
POSTINGS = [
    ("ours", Posting(DUTIES, "内容编辑（限女性）")),
    ("out of scope", Posting("负责后端系统开发，编写Java代码，优化数据库", "Java开发工程师")),
    ("nothing known", Posting("xyz")),
    (
        "spaces, width and tags",
        Posting("<p>负责 选 题 策 划&nbsp;、ＫＯＬ合作</p>\n<b>撰写稿件</b>"),
    ),
    (
        "combining marks",
        Posting("cafe\u0301 content; コンテンツ\u3099 write articles, edit articles"),
    ),
    ("english", Posting("Own the editorial calendar. Write articles.", "Content Editor", "en")),
]
SIGNS = [
    "选题策划",
    "write articles",
    "<b>",
    "&amp;",
    "35岁以下",
    " ",
    "\n",
    "编辑",
    "ｗｅｂ",
    "e\u0301",
    "运维",
]


def done(pack, posting, **row):
    """The result of one posting."""
    (result,) = batch.run([Row("f", 1, posting=posting, **row)], pack)
    return result


def broken(number=2):
    """The result of a row that could not be read."""
    return Result(Row("f", number, id="b", problem=Unreadable("classify.row.shape")), None)


def table(pack, path, results, language="en"):
    """The rows of a table written from *results*."""
    write = writers.WRITERS[path.suffix[1:]]
    write(iter(results), path, pack, language, Summary())
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("posting", [row[1] for row in POSTINGS], ids=[row[0] for row in POSTINGS])
def test_output_json_is_the_fixed_object(book, posting):
    """The promised keys in their order; every span is exactly the words of the text given."""
    found = json.loads(writers.json_line(done(book.pack, posting, id=7), book.pack))
    assert [key for key in found if key in KEYS] == KEYS
    assert found["id"] == 7
    for signal in found["evidence"]:
        assert list(signal) == ["function", "text", "start", "end", "where", "weight", "signal"]
        assert signal["where"] in ("title", "duties", "requirements", "other")
        text = posting.title if signal["where"] == "title" else posting.description
        assert text[signal["start"] : signal["end"]] == signal["text"] != ""
    for odd in (odd for odd in found["oddities"] if odd.get("where")):
        text = posting.title if odd["where"] == "title" else posting.description
        assert text[odd["start"] : odd["end"]] == odd["text"]
    assert (found["function"] == "out_of_scope") == (
        found["family"] is not None or not found["scores"]
    )


@given(pieces=st.lists(st.sampled_from([*SIGNS, '"', "\\", "\n", "\x01", "\u2028"]), max_size=12))
def test_output_line_is_the_json_of_the_object(book, pieces):
    """A line and the object of the same result are the same JSON, byte by byte."""
    result = done(book.pack, Posting("".join(pieces), "".join(pieces[:2])), id={"evidence": []})
    told = json.dumps(as_json(result, book.pack), ensure_ascii=False)
    assert writers.json_line(result, book.pack) == told


@given(pieces=st.lists(st.sampled_from(SIGNS), max_size=12))
def test_output_spans_fit_any_text(book, pieces):
    """Markup, width, spaces and combining marks move no span."""
    text = "".join(pieces)
    for signal in classify(Posting(text), book.pack).evidence:
        assert text[signal.start : signal.end] == signal.text


def test_output_json_of_a_broken_row_says_what_is_wrong(book):
    """Its id, its line and the reason."""
    found = json.loads(writers.json_line(broken(), book.pack))
    assert (found["id"], found["line"]) == ("b", 2)
    assert "description" in found["error"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_output_columns_are_told_in_the_language(book, language):
    """Every column has text in the language asked for, a broken row its reason."""
    result = done(book.pack, Posting(DUTIES, "内容编辑"))
    cells = output.cells(result, book.pack, language)
    assert list(cells) == list(output.COLUMNS)
    assert cells["function"] == "content_operations"
    assert cells["decision"] == say(language, f"classify.decision.{result.verdict.decision}")
    assert "35岁以下" in cells["oddities"]
    assert "isco" in cells["codes"]
    told = output.cells(broken(), book.pack, language)
    assert told["problem"] == say(language, "classify.row.shape")


@given(value=st.text(max_size=8) | st.sampled_from(["=1+1", "+1", "-1", "@a", "|x", "%x", "\t=1"]))
def test_output_defused_is_never_a_formula(value):
    """No cell begins like a formula, and nothing of it is lost."""
    told = output.defuse(value)
    assert not told.startswith(output.FORMULA)
    assert told.removeprefix("'") == value.removeprefix("'")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_writers_keep_columns_and_defuse_formulas(book, tmp_path, ending):
    """Place, the original columns in their order, then ours; formulas are only text."""
    own = {"z": '=HYPERLINK("http://x")', "a": "+86 10", "": "0012", "JD": DUTIES}
    given = [done(book.pack, Posting(DUTIES), cells=own), broken()]
    head, row, bad = table(book.pack, tmp_path / f"o.{ending}", given)
    ours = [say("en", f"classify.column.{name}") for name in output.COLUMNS]
    assert head == [say("en", "classify.column.place"), "z", "a", "", "JD", *ours]
    assert row[:4] == ["f:1", '\'=HYPERLINK("http://x")', "'+86 10", "0012"]
    assert row[head.index("Function")] == "content_operations"
    assert bad[0] == "f:2"
    assert bad[head.index("Problem")] == say("en", "classify.row.shape")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_writers_take_the_header_from_the_first_row_with_columns(book, tmp_path, ending):
    """A broken first row hides no column; columns that come later are kept, named."""
    first = done(book.pack, Posting(DUTIES), cells={"id": "1", "JD": "x"})
    later = done(book.pack, Posting(DUTIES), cells={"id": "2", "JD": "y", "pay": "9"})
    head, _, one, two = table(book.pack, tmp_path / f"o.{ending}", [broken(1), first, later])
    assert head[1:3] == ["id", "JD"]
    assert one[1:3] == ["1", "x"]
    assert two[1:3] == ["2", "y\npay: 9"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "html", "jsonl"])
def test_writers_write_a_table_of_nothing(book, tmp_path, ending):
    """No rows is no error."""
    path = tmp_path / f"o.{ending}"
    write = report.html_file if ending == "html" else writers.WRITERS[ending]
    write(iter([]), path, book.pack, "en", Summary())
    assert path.exists()


def test_writers_cut_what_no_worksheet_cell_holds(book, tmp_path):
    """A posting longer than a cell may be is cut, not refused."""
    long = done(book.pack, Posting(DUTIES), cells={"JD": "x" * 40_000})
    assert len(table(book.pack, tmp_path / "o.xlsx", [long])[1][1]) == writers.MAX_CELL


def test_writers_output_is_read_again(book, tmp_path):
    """What was written can be classified anew, and our columns are columns like others."""
    path = tmp_path / "o.csv"
    own = {"id": "1", "职位名称": "编辑", "职位描述": DUTIES}
    head, row = table(book.pack, path, [done(book.pack, Posting(DUTIES, "编辑"), cells=own)], "zh")
    (again,) = read_rows(path, "csv", Named(), book.pack)
    assert list(again.cells) == head
    assert list(again.cells.values()) == row
    assert (again.posting.title, again.posting.description) == ("编辑", DUTIES)


def test_summary_counts_everything_once(book):
    """Totals, functions, trades, decisions; an oddity once a posting; broken rows apart."""
    given = [done(book.pack, posting) for _, posting in POSTINGS[:3]] + [broken()]
    summary = Summary()
    assert list(summary.watch(given, book.pack)) == given
    assert (summary.total, summary.broken) == (4, 1)
    assert summary.functions == {"content_operations": 1, "out_of_scope": 2}
    assert summary.families == {"engineering": 1}
    assert sum(summary.decisions.values()) == 3
    assert summary.oddities["sex"] == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_summary_is_told_in_the_language(book, language):
    """Names with numbers, the commonest first, below headings without one."""
    summary = Summary()
    for _, posting in POSTINGS[:3]:
        summary.add(done(book.pack, posting), book.pack)
    lines = list(summary.lines(book.pack, language))
    assert lines[0] == (say(language, "classify.summary.total"), 3)
    at = lines.index((say(language, "classify.summary.functions"), None))
    assert lines[at + 1] == (say(language, "classify.out_of_scope"), 2)


def test_summary_keeps_only_the_first_problems():
    """A file of nothing but broken rows fills no memory, but all are counted."""
    summary = Summary()
    for number in range(SHOWN_PROBLEMS + 50):
        summary.add(broken(number), shipped())
    assert (len(summary.problems), summary.broken) == (SHOWN_PROBLEMS, SHOWN_PROBLEMS + 50)


def test_summary_stands_on_a_sheet_of_its_own(book, tmp_path):
    """The workbook has a second sheet with the counts."""
    path = tmp_path / "o.xlsx"
    table(book.pack, path, [done(book.pack, Posting(DUTIES))])
    made = python_calamine.CalamineWorkbook.from_path(path)
    assert made.sheet_names[-1] == say("en", "classify.summary.sheet")
    assert made.get_sheet_by_index(1).to_python()[0] == [say("en", "classify.summary.total"), 1.0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_report_escapes_hostile_text_and_marks_words(book, tmp_path, language):
    """Nothing of a posting, its title or its file runs; the words that counted are marked."""
    posting = Posting(f"{EVIL}\n{DUTIES}", f"编辑{EVIL}")
    (result,) = batch.run([Row(EVIL, 1, posting=posting)], book.pack)
    path = tmp_path / "o.html"
    report.html_file(iter([result, broken()]), path, book.pack, language, Summary())
    page = path.read_text("utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert f'<html lang="{language}">' in page
    assert '<mark class="own"' in page
    assert ">审稿</mark>" in page
    assert say(language, "classify.report.title") in page


@given(pieces=st.lists(st.sampled_from(SIGNS), max_size=12))
def test_report_marking_loses_no_character(book, pieces):
    """The pieces, marked and plain, are the text."""
    text = "".join(pieces)
    verdict = classify(Posting(text, text), book.pack)
    for where in ("title", ""):
        marked = report.mark_evidence(text, verdict, where, book.pack, "en")
        assert "".join(words for words, _, _ in marked) == text


def test_report_tells_how_many_were_left_out(book, tmp_path):
    """Beyond the limit postings are counted, not told."""
    path = tmp_path / "o.html"
    result = done(book.pack, Posting("xyz"))
    more = iter([result] * (report.MAX_SHOWN + 3))
    report.html_file(more, path, book.pack, "en", Summary())
    page = path.read_text("utf-8")
    assert page.count("<article>") == report.MAX_SHOWN
    assert say("en", "classify.report.left_out", count=3) in page
