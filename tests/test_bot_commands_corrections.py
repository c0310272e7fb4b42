"""correct, corrections, fit: decisions in a table are kept, listed, taken back and learnt from."""

from __future__ import annotations

import json

import command
import pytest

TABLE = (
    "职位名称,职位描述,更正,更正理由\n"
    "市场经理,负责新品上市计划和市场预算,品牌,长期定位为主\n"
    "客服,接听来电，处理投诉,,\n"
    "编辑,撰写文章,占星,\n"
)


@pytest.fixture
def zhiwen(tmp_path):
    """Runs one command in a folder with a database of its own."""

    def run(*arguments, code=0):
        database = str(tmp_path / "kept.db")
        out, err = command.run(tmp_path, *arguments, code=code, ZHIWEN_DATABASE=database)
        return out.decode("utf-8"), err

    return run


def test_correct_keeps_what_was_decided_and_every_output_shows_it(zhiwen, tmp_path):
    """A row without a decision is left alone, one that names no function is told in its row."""
    (tmp_path / "t.csv").write_text(TABLE, "utf-8")
    out, err = zhiwen("correct", "t.csv", "--by", "Ann", code=1)
    assert "1 decision(s) kept, 1 not" in out
    assert "t.csv:4: '占星'" in err
    out, _ = zhiwen("classify", "t.csv", "--format", "jsonl")
    first, second, _ = map(json.loads, out.splitlines())
    assert first["correction"]["function"] == "brand"
    assert (first["correction"]["by"], first["correction"]["reason"]) == ("Ann", "长期定位为主")
    assert second["correction"] is None


def test_corrections_are_listed_and_taken_back(zhiwen, tmp_path):
    """What was taken back stays known, and holds no more."""
    (tmp_path / "t.csv").write_text("\n".join(TABLE.splitlines()[:3]), "utf-8")
    zhiwen("correct", "t.csv", "--by", "Ann")
    (line,) = zhiwen("corrections")[0].splitlines()
    told = json.loads(line)
    assert (told["was"], told["decided"]) == ("marketing_planning", "brand")
    assert "signals" not in told
    assert "Ann" in zhiwen("corrections", "--undo", str(told["id"]), "--by", "Bob")[0]
    assert zhiwen("corrections")[0] == ""
    (line,) = zhiwen("corrections", "--all")[0].splitlines()
    assert json.loads(line)["undone_by"] == "Bob"
    zhiwen("corrections", "--undo", str(told["id"]), code=2)


def test_fit_says_what_would_change_and_how_it_was_tried(zhiwen, tmp_path):
    """Too few corrections, or none that helps: nothing is written, and why is told."""
    row = {"description": "负责选题策划、组稿", "function": "content_operations"}
    lines = [json.dumps(row | {"source": f"s{i % 3}"}, ensure_ascii=False) for i in range(24)]
    (tmp_path / "few.jsonl").write_text("\n".join(lines[:3]), "utf-8")
    assert "20" in zhiwen("fit", "few.jsonl", "--out", "own", code=2)[1]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), "utf-8")
    out, err = zhiwen("fit", "many.jsonl", "--out", "own", code=1)
    assert "24 corrections; right before 24" in out
    assert "not written" in err
    assert not (tmp_path / "own").exists()
