"""Labelled postings in, figures out; thresholds that follow from them; what an overlay changes."""

from __future__ import annotations

import json
import shutil

import pytest

from bot.errors import BadInput
from bot.evaluation import certainty
from bot.evaluation import postings as evaluation
from bot.evaluation.certainty import Case
from rules.load import ROOT
from rules.postings.certainty import clearness
from rules.postings.model import Posting
from rules.postings.posting_rules import open_posting_rules

ROWS = [
    {"title": "内容编辑", "description": "负责选题策划、组稿", "function": "content_operations"},
    {"description": "Write articles and edit articles", "function": "content_operations"},
    {"title": "Java工程师", "description": "后端开发，编写代码", "function": "out_of_scope"},
    {"title": "星火编排师", "description": "负责日常工作", "function": "content_operations"},
]  # fmt: skip
BAD = [
    ("not json", "{", 1),
    ("a list", "[1]", 1),
    ("no function", '{"description": "x"}', 1),
    ("no description", '{"function": "brand"}', 1),
    ("title is a number", '{"description": "x", "function": "brand", "title": 5}', 1),
    ("third line", '{"description": "x", "function": "brand"}\n\nx', 3),
]


def saved(path, rows):
    """A file with a line for each row."""
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), "utf-8")
    return str(path)


@pytest.fixture
def overlay(tmp_path):
    """An organization's own title and word for content operations."""
    folder = tmp_path / "own" / "functions"
    folder.mkdir(parents=True)
    (folder / "content_operations.yaml").write_text(
        "function: content_operations\ntitles: {zh: [星火编排师]}\n", "utf-8"
    )
    return folder.parent


def test_evaluation_reads_labels(tmp_path):
    """Title and language are optional; a language not given goes by the words."""
    path = saved(tmp_path / "l.jsonl", [*ROWS, ROWS[1] | {"lang": "ko", "title": None}])
    rows = evaluation.read(path)
    assert [row.language for row in rows] == ["zh", "en", "zh", "zh", "ko"]
    assert rows[4].posting == Posting(ROWS[1]["description"], "", "ko")
    assert rows[2].function == "out_of_scope"


@pytest.mark.parametrize(("text", "line"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_evaluation_names_the_line_of_a_bad_label(tmp_path, text, line):
    """The file and line, and what was expected."""
    path = tmp_path / "l.jsonl"
    path.write_text(text + "\n", "utf-8")
    with pytest.raises(BadInput, match=rf"l\.jsonl:{line}: .*function"):
        evaluation.read(str(path))


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\xff\xfe\x00"], ids=["empty", "blank", "binary"])
def test_evaluation_refuses_a_file_without_labels(tmp_path, raw):
    """Nothing to measure is an error, not a figure."""
    path = tmp_path / "l.jsonl"
    path.write_bytes(raw)
    with pytest.raises(BadInput, match=r"l\.jsonl"):
        evaluation.read(str(path))


def test_evaluation_judges_with_titles_and_without(tmp_path, book):
    """Both modes, every posting, figures for each language and all; the page holds the matrix."""
    report = evaluation.run(evaluation.read(saved(tmp_path / "l", ROWS)), book.pack)
    assert list(report.rows) == list(evaluation.MODES)
    assert [row.is_right for row in report.rows[evaluation.MODES[0]]] == [True, True, True, False]
    told = evaluation.summary(report)
    for word in (
        *evaluation.MODES,
        "zh",
        "en",
        "all",
        "auto",
        "content_operations -> out_of_scope",
    ):
        assert word in told
    page = evaluation.page(report)
    assert "<svg" in page
    assert "content_operations → out_of_scope: 1" in page
    assert book.pack.version in page


def test_evaluation_counts_what_each_signal_did(tmp_path, book):
    """How often a phrase fired, and how often for its own function."""
    wrong = ROWS[0] | {"function": "brand"}
    report = evaluation.run(evaluation.read(saved(tmp_path / "l", [ROWS[0], wrong])), book.pack)
    (line,) = [line for line in report.signals if line.text == "选题策划"]
    assert (line.function, line.fired, line.right) == ("content_operations", 2, 1)
    assert line.precision == 0.5
    assert line.overlaps == 2


FITS = [
    ("all right", [(3.0, True)] * 40, 300),
    ("the close ones wrong", [(3.0, True)] * 40 + [(1.0, False)] * 5, 300),
    ("one in forty wrong", [(3.0, True)] * 39 + [(3.0, False)], 300),
    ("one in thirty wrong", [(3.0, True)] * 29 + [(3.0, False)], 1_000),
    ("a wrong one among close ones", [(4.0, True)] * 30 + [(2.5, False), (2.0, True)], 400),
    ("close ones make up for it", [(4.0, True)] * 30 + [(2.5, False)] + [(2.0, True)] * 9, 200),
    ("too few to promise anything", [(3.0, True)] * 9, 1_000),
    ("none right", [(3.0, False)] * 40, 1_000),
    ("nothing", [], 1_000),
]


def cases(rows, cell="titled", source=""):
    """Cases of one cell: (clearness, right)."""
    return [Case(cell, clear * 100, right, source) for clear, right in rows]


@pytest.mark.parametrize(("rows", "clear"), [row[1:] for row in FITS], ids=[row[0] for row in FITS])
def test_certainty_fits_the_lowest_threshold_that_keeps_the_promise(rows, clear):
    """As many sure verdicts as 97 % right allows; the strictest where labels show nothing."""
    assert certainty.fit(cases(rows))["titled"] == clear


def test_certainty_counts_a_label_that_may_be_wrong_itself_for_less():
    """What differs from a board's own label is half a mistake where the label is half trusted."""
    rows = cases([(3.0, True)] * 100)
    doubted = [Case("titled", 300.0, False, "", 0.5)] * 6
    assert certainty.fit([*rows, *doubted])["titled"] == 300
    assert certainty.fit([*rows, *cases([(3.0, False)] * 6)])["titled"] == 1_000


def test_certainty_tries_each_source_by_what_the_others_say():
    """A board is never judged by thresholds fitted on itself."""
    good, bad = [(3.0, True)] * 60, [(3.0, False)] * 10
    told = certainty.cross_validate(cases(good, source="one") + cases(bad, source="two"), 70)
    assert "14.3 % sure, 0.0 % of them right" in told


def test_certainty_writes_only_the_thresholds(tmp_path):
    """The rest of the file, comments included, stays as it is."""
    shutil.copy(ROOT / "verdict.yaml", tmp_path)
    before = (tmp_path / "verdict.yaml").read_text("utf-8").splitlines()
    certainty.write({"titled": 1234}, tmp_path)
    after = (tmp_path / "verdict.yaml").read_text("utf-8").splitlines()
    changed = [line for line, old in zip(after, before, strict=True) if line != old]
    assert changed == ["  titled: 1234"]


CLEARNESS = [
    (0.0, 0.0, 0.0),
    (4.0, 4.0, 0.0),
    (4.0, 0.0, 2.0),
    (16.0, 12.0, 1.0),
    (100.0, 96.0, 0.4),
]


@pytest.mark.parametrize(("score", "second", "clear"), CLEARNESS)
def test_the_same_lead_is_clearer_over_little_than_over_much(score, second, clear):
    """The lead by the root of the score."""
    assert clearness(score, second) == pytest.approx(clear)


def test_evaluation_diff_tells_what_an_overlay_changes(tmp_path, book, overlay):
    """Figures before and after, and each posting whose verdict is another one now."""
    rows = evaluation.read(saved(tmp_path / "l", [*ROWS, ROWS[3] | {"function": "brand"}]))
    told = evaluation.diff(rows, book.pack, open_posting_rules(overlay=overlay))
    assert told.count("before") == told.count("after") == len(evaluation.MODES)
    assert "mended: 1" in told
    assert "spoilt: 0" in told
    assert "still wrong: 1" in told
    assert "'星火编排师': out_of_scope -> content_operations (expected brand)" in told
