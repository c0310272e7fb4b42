"""`zhiwen classify` and `zhiwen eval postings`, as real processes on real files."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import command
import docx
import pytest
import python_calamine
import xlsxwriter

from bot.postings import batch, writers
from bot.postings.objects import jsonl as json_rows
from bot.texts import say

HOUSE = Path(__file__).parent.parent
KEYS = [
    "id", "lang", "function", "family", "decision", "shares", "scores", "runner_up", "evidence",
    "oddities", "level", "stamp", "elapsed_ms",
]  # fmt: skip
DUTIES = (
    "岗位职责：\n1、负责选题策划、组稿和文章编辑；\n2、审稿改稿；\n任职要求：\n三年以上编辑经验"
)
ENGINEER = "负责后端系统开发，编写Java代码，优化数据库"
OWN = "星火编排师"
MISUSES = [
    ("no file", ["classify"], "FILE"),
    ("unknown format", ["classify", "p.csv", "--format", "pdf"], "pdf"),
    ("negative jobs", ["classify", "p.csv", "--jobs", "-1"], "--jobs"),
    ("one output for several", ["classify", "a", "b", "--out", "c"], "--out"),
    ("diff of questions", ["eval", "questions", "x", "--diff", "y"], "--diff"),
    ("missing labels", ["eval", "postings", "nowhere.jsonl"], "nowhere.jsonl"),
    ("two files of labels", ["eval", "postings", "a.jsonl", "b.jsonl"], "one file"),
    ("confidence of postings", ["eval", "postings", "a.jsonl", "--confidence"], "--confidence"),
]


@pytest.fixture
def zhiwen(tmp_path):
    """Runs one command in an empty folder. No command ever shows a traceback."""

    def run(*arguments, stdin=b"", code=0, house=HOUSE):
        out, err = command.run(tmp_path, *arguments, stdin=stdin, code=code, house=house)
        return out.decode("utf-8"), err

    return run


def jsonl(*rows):
    """A line for each row; bytes as they are."""
    return b"".join(
        (row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode()) + b"\n"
        for row in rows
    )


def objects(out, *without):
    """The JSON object of every line."""
    return [
        {k: v for k, v in json.loads(line).items() if k not in without} for line in out.splitlines()
    ]


def sheet(path):
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("arguments", "word"), [row[1:] for row in MISUSES], ids=[row[0] for row in MISUSES]
)
def test_postings_wrong_use_is_named_and_gives_2(zhiwen, arguments, word):
    """A slip at the keyboard costs a sentence that names it, and prints nothing else."""
    out, err = zhiwen(*arguments, code=2)
    assert out == ""
    assert word in err


def test_classify_standard_input_is_jsonl_line_by_line(zhiwen):
    """One object a line with the fixed keys, in order; a bad line is told in its place."""
    rows = [
        {"id": "a", "title": "内容编辑", "description": DUTIES},
        b"not json",
        b"",
        {"id": 7, "description": ENGINEER, "lang": "zh"},
        {"id": None, "description": 5},
        b"\xff\xfe",
        {"id": {"x": 1}, "description": "Write articles and edit articles"},
    ]
    out, err = zhiwen("classify", "-", "--format", "jsonl", stdin=jsonl(*rows), code=1)
    found = objects(out)
    assert [row["id"] for row in found] == ["a", None, 7, None, None, {"x": 1}]
    assert [row.get("line") for row in found] == [None, 2, None, 5, 6, None]
    good = [row for row in found if "line" not in row]
    assert all([key for key in row if key in KEYS] == KEYS for row in good)
    told = [(row["lang"], row["function"], row["family"]) for row in good]
    assert told == [
        ("zh", "content_operations", None),
        ("zh", "out_of_scope", "engineering"),
        ("en", "content_operations", None),
    ]
    for signal in good[0]["evidence"]:
        text = "内容编辑" if signal["where"] == "title" else DUTIES
        assert text[signal["start"] : signal["end"]] == signal["text"]
    assert err == ""


def test_classify_gives_the_same_lines_on_two_cores(zhiwen, book):
    """--jobs changes nothing but the time."""
    rows = jsonl(*({"id": i, "description": (DUTIES, ENGINEER, "")[i % 3]} for i in range(250)))
    out, _ = zhiwen("classify", "-", "--format", "jsonl", "--jobs", "2", stdin=rows, code=1)
    alone = batch.run(json_rows("-", rows.splitlines()), book.pack, 1, writers.json_line)
    lines = "\n".join(result.line for result in alone)
    assert objects(out, "elapsed_ms") == objects(lines, "elapsed_ms")
    assert [row["id"] for row in objects(out)] == list(range(250))


def test_classify_of_no_lines_prints_nothing(zhiwen):
    """No postings, no verdicts, no complaint."""
    assert zhiwen("classify", "-", "--format", "jsonl", stdin=b"\n\n") == ("", "")


def test_classify_tells_one_posting_to_a_reader(zhiwen):
    """Pasted text gets the verdict in words, in the language asked for, with its version."""
    out, err = zhiwen("classify", "-", "--lang", "en", "--why", stdin=DUTIES.encode("gb18030"))
    assert out.startswith(say("en", "classify.heading"))
    assert "“选题策划”" in out
    assert "\x1b" not in out
    assert err == ""


def test_classify_takes_the_title_from_the_command_line(zhiwen):
    """--title names a posting that has no title of its own."""
    out, _ = zhiwen("classify", "-", "--title", "公关经理", "--why", stdin="负责日常工作".encode())
    assert "“公关经理”" in out


@pytest.mark.parametrize(
    "stdin",
    [b" \n", bytes(range(32)) * 99],
    ids=["blank", "binary"],
)
def test_classify_refuses_input_without_a_posting(zhiwen, stdin):
    """Nothing to classify: one sentence, exit code 1."""
    out, err = zhiwen("classify", "-", stdin=stdin, code=1)
    assert out == ""
    assert len(err.splitlines()) == 1


def test_classify_writes_a_table_again_with_our_columns(zhiwen, tmp_path):
    """Every column in its order, the empty row told, formulas only text, a summary on screen."""
    table = ["编号;职位名称;职位描述;备注", f'007;内容编辑;"{DUTIES}";=1+1', "008;;;x"]
    (tmp_path / "p.csv").write_bytes("\n".join(table).encode("gb18030"))
    out, err = zhiwen("classify", "p.csv", "--lang", "zh", code=1)
    one, two = sheet(tmp_path / "p-classified.csv")
    assert list(one)[1:5] == ["编号", "职位名称", "职位描述", "备注"]
    assert list(one.values())[1:5] == ["007", "内容编辑", DUTIES, "'=1+1"]
    assert one[say("zh", "classify.column.function")] == "content_operations"
    assert two["备注"] == "x"
    assert two[say("zh", "classify.column.problem")] == say("zh", "classify.row.empty")
    assert out == ""
    assert f"p.csv:7: {say('zh', 'classify.row.empty')}" in err
    assert say("zh", "classify.summary.total") in err
    assert "p-classified.csv" in err


def test_classify_converts_between_formats(zhiwen, tmp_path):
    """A workbook becomes a page, JSONL becomes a workbook, where --out says."""
    with xlsxwriter.Workbook(str(tmp_path / "p.xlsx")) as made:
        made.add_worksheet().write_row(0, 0, ["jd"])
        made.worksheets()[0].write_row(1, 0, [f"<script>alert(1)</script>{DUTIES}"])
    zhiwen("classify", "p.xlsx", "--format", "html", "--out", "o.html")
    page = (tmp_path / "o.html").read_text("utf-8")
    assert "<script" not in page
    assert "<mark" in page
    (tmp_path / "p.jsonl").write_bytes(jsonl({"id": 1, "description": DUTIES, "pay": "+5"}))
    zhiwen("classify", "p.jsonl", "--format", "xlsx", "--out", "o.xlsx")
    head, row = python_calamine.load_workbook(tmp_path / "o.xlsx").get_sheet_by_index(0).to_python()
    assert head[1:4] == ["id", "description", "pay"]
    assert row[1:4] == ["1", DUTIES, "'+5"]


def test_classify_never_writes_over_its_input(zhiwen, tmp_path):
    """Whoever names the input as output gets the usual name instead."""
    text = "id,description\n1,Write articles\n"
    (tmp_path / "p.csv").write_text(text, "utf-8")
    zhiwen("classify", "p.csv", "--out", "p.csv")
    assert (tmp_path / "p.csv").read_text("utf-8") == text
    assert len(sheet(tmp_path / "p-classified.csv")) == 1


def test_classify_takes_named_columns(zhiwen, tmp_path):
    """Columns that no header table knows can be named; a wrong name is told."""
    (tmp_path / "p.csv").write_text(f"n,t,x\n9,内容编辑,{DUTIES[:20]!r}\n", "utf-8")
    named = ["--description-column", "x", "--title-column", "t", "--id-column", "n"]
    out, _ = zhiwen("classify", "p.csv", "--format", "jsonl", *named)
    (found,) = objects(out)
    assert found["id"] == "9"
    assert "title" in [signal["where"] for signal in found["evidence"]]
    _, err = zhiwen("classify", "p.csv", "--description-column", "y", "--lang", "en", code=1)
    assert say("en", "classify.file.no_column", column="y", columns="n, t, x") in err


@pytest.mark.parametrize("language", ["en", "ja"])
def test_classify_reports_each_bad_file_and_does_the_others(zhiwen, tmp_path, language):
    """Messages in the language asked for; the good file is written, nothing for the bad ones."""
    (tmp_path / "empty.csv").touch()
    (tmp_path / "none.csv").write_text("a,b\n1,2\n", "utf-8")
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 and no more")
    made = docx.Document()
    made.add_paragraph(DUTIES)
    made.save(str(tmp_path / "good.docx"))
    files = ["empty.csv", "none.csv", "cut.xlsx", "missing.csv", ".", "good.docx"]
    out, err = zhiwen("classify", *files, "--lang", language, code=2)
    assert out.startswith(say(language, "classify.heading"))
    assert f"empty.csv: {say(language, 'classify.file.empty')}" in err
    assert f"none.csv: {say(language, 'classify.file.no_description', columns='a, b')}" in err
    told = err.splitlines()
    assert [line.split(": ")[1] for line in told] == files[:-1]
    assert not list(tmp_path.glob("*-classified.*"))


def test_classify_names_the_output_that_cannot_be_written(zhiwen, tmp_path):
    """Not the input is missing but the folder of the output."""
    (tmp_path / "p.csv").write_text("id,description\n1,x\n", "utf-8")
    _, err = zhiwen("classify", "p.csv", "--out", "no/o.csv", code=2)
    assert "no/o.csv" in err


@pytest.fixture
def overlay(tmp_path):
    """An organization's own title, and a configuration that names the folder."""
    folder = tmp_path / "own" / "functions"
    folder.mkdir(parents=True)
    (tmp_path / "config.yaml").write_text("overlay: own\nlanguage: en\n", "utf-8")
    file = folder / "content_operations.yaml"
    file.write_text(f"function: content_operations\ntitles: {{zh: [{OWN}]}}\n", "utf-8")
    return file


def test_classify_follows_the_overlay_in_the_configuration(zhiwen, tmp_path, overlay):
    """The organization's title decides, and the version says that other rules are at work."""
    line = jsonl({"id": 1, "title": OWN, "description": "负责日常工作"})
    (tmp_path / "bare.yaml").write_text("language: en\n", "utf-8")
    (plain,), (own,) = (
        objects(zhiwen(*config, "classify", "-", "--format", "jsonl", stdin=line)[0])
        for config in (["--config", "bare.yaml"], [])
    )
    assert (plain["function"], own["function"]) == ("out_of_scope", "content_operations")
    assert own["stamp"]["version"].startswith(plain["stamp"]["version"] + "-")


def test_classify_names_what_is_wrong_with_an_overlay(zhiwen, tmp_path, overlay):
    """A mistake is told with file and line, a missing folder by name; nothing is classified."""
    overlay.write_text(
        "function: content_operations\nsignals: [{duty: nope, weight: 3}]\n", "utf-8"
    )
    out, err = zhiwen("classify", "-", stdin=DUTIES.encode(), code=1)
    assert out == ""
    assert "own/functions/content_operations.yaml:2: " in err
    assert "nope" in err
    shutil.rmtree(tmp_path / "own")
    out, err = zhiwen("classify", "-", stdin=DUTIES.encode(), code=2)
    assert out == ""
    assert "own" in err


@pytest.fixture
def labels(tmp_path):
    """Some labelled postings."""
    path = tmp_path / "labels.jsonl"
    rows = [{"title": "内容编辑", "description": DUTIES, "function": "content_operations"}] * 4
    rows += [{"description": ENGINEER, "function": "out_of_scope"}]
    rows += [{"title": OWN, "description": "负责日常工作", "function": "content_operations"}]
    path.write_bytes(jsonl(*rows))
    return path


def test_eval_postings_prints_figures_and_writes_a_page(zhiwen, tmp_path, labels):
    """The table on screen, the confusion matrix in the page."""
    out, err = zhiwen("eval", "postings", labels, "--html", "e.html")
    assert "macro-F1" in out
    assert "83.3%" in out
    assert "<svg" in (tmp_path / "e.html").read_text("utf-8")
    assert "e.html" in err


def test_eval_postings_tells_what_an_overlay_changes(zhiwen, labels, overlay):
    """--diff needs no configuration: the folder is named."""
    overlay.parent.parent.parent.joinpath("config.yaml").unlink()
    out, _ = zhiwen("eval", "postings", labels, "--diff", "own")
    assert "mended: 1" in out
    assert f"'{OWN}': out_of_scope -> content_operations" in out


def test_eval_postings_fits_the_thresholds_of_its_own_rules(zhiwen, tmp_path, labels):
    """--fit rewrites the thresholds of the rules it runs on, and measures again with them."""
    house = tmp_path / "house"
    for floor in ("bot", "knowledge", "rules"):
        shutil.copytree(HOUSE / floor, house / floor, ignore=shutil.ignore_patterns("__pycache__"))
    shipped = (HOUSE / "rules" / "verdict.yaml").read_text("utf-8")
    rules = house / "rules" / "verdict.yaml"
    rules.write_text(re.sub("  titled: .*", "  titled: 7", shipped), "utf-8")
    _, err = zhiwen("eval", "postings", labels, "--fit", house=house)
    assert "fitted titled: 1000" in err  # six labels promise nothing
    assert "  titled: 1000" in rules.read_text("utf-8").splitlines()
    assert (HOUSE / "rules" / "verdict.yaml").read_text("utf-8") == shipped


@pytest.mark.parametrize("form", ["csv", "xlsx", "html"])
def test_classify_without_room_leaves_what_was_there(zhiwen, tmp_path, form):
    """Half a table is worse than none: on a full disk the earlier one stays, and is named."""
    out = tmp_path / f"o.{form}"
    out.write_text("as it was")
    rows = "".join(f"{i},Write articles and edit posts\n" for i in range(300))
    (tmp_path / "p.csv").write_text(f"id,description\n{rows}")
    there = sorted(path.name for path in tmp_path.iterdir())
    arguments = ("classify", "p.csv", "--format", form, "--out", out.name, "--lang", "en")
    _, told = command.run(tmp_path, *arguments, largest=4_096, code=2)
    assert told.splitlines()[-1].startswith(f"zhiwen: {out.name}: ")
    assert out.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == there


def test_classify_writes_where_nothing_can_be_moved(zhiwen, tmp_path):
    """A device or a pipe takes what is written as it comes; a link stays one."""
    (tmp_path / "p.csv").write_text("id,description\n1,Write articles\n")
    out, _ = command.run(tmp_path, "classify", "p.csv", "--format", "csv", "--out", "/dev/stdout")
    assert b"Write articles" in out
    (tmp_path / "real.csv").touch()
    (tmp_path / "link.csv").symlink_to("real.csv")
    command.run(tmp_path, "classify", "p.csv", "--out", "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert "Write articles" in (tmp_path / "real.csv").read_text("utf-8")
