"""zhiwen import and export as people use them: real files, an overlay, an answer from it."""

from __future__ import annotations

import json

import command
import pytest
import small_content
import yaml

TABLE = """\
问题,答案,相似问题
午休多久？,"**一小时**，从十二点起","中午休息多长时间
午休几点开始"
打卡是什么,一种签到,
没有答案,,
"""


@pytest.fixture
def zhiwen(tmp_path):
    """Runs a command over three small concepts, in a folder with a configured overlay."""
    root = small_content.write(tmp_path / "knowledge")
    (tmp_path / "config.yaml").write_text("overlay: acme\n", "utf-8")
    (tmp_path / "faq.csv").write_text(TABLE, "utf-8")

    def run(*arguments, code=0):
        out, err = command.run(tmp_path, "--knowledge", root, *arguments, code=code, COLUMNS="100")
        return out.decode("utf-8"), err

    return run


def entries(tmp_path):
    """The files of the overlay's questions, by name."""
    return {path.name: path.read_bytes() for path in tmp_path.glob("acme/knowledge/faq/*")}


def test_import_then_ask(zhiwen, tmp_path):
    """Every row is told of; the answer comes with its source; a second time nothing changes."""
    out, err = zhiwen("import", "faq.csv", "--overlay", "acme", code=1)
    assert out.splitlines() == [
        "faq.csv:2: faq.wu_xiu_duo_jiu: new, 3 question(s)",
        "faq.csv:4: left out: '打卡是什么' is an example of concept.check_in already",
        "faq.csv:5: left out: no answer",
        "1 new, 0 changed, 0 the same, 2 left out",
    ]
    assert err.endswith("0 problem(s)\n")
    told = json.loads(zhiwen("ask", "--json", "中午休息多长时间？")[0])
    assert (told["band"], told["entry"], told["section"]) == (
        "answer",
        "faq.wu_xiu_duo_jiu",
        "summary",
    )
    assert told["sources"] == [{"id": "organization"}]
    asked = zhiwen("ask", "午休多久")[0]
    assert "一小时，从十二点起" in asked and "来源：本单位的规定" in asked
    before = entries(tmp_path)
    out, _ = zhiwen("import", "faq.csv", code=1)
    assert "0 new, 0 changed, 1 the same, 2 left out" in out
    assert entries(tmp_path) == before


def test_import_replaces_only_where_asked(zhiwen, tmp_path):
    """A changed answer is pointed out; a dry run writes nothing; --replace writes it."""
    (tmp_path / "faq.csv").write_text("question,answer\n午休多久,一小时\n", "utf-8")
    out, _ = zhiwen("import", "faq.csv", "--dry-run")
    assert "nothing was written" in out and entries(tmp_path) == {}
    zhiwen("import", "faq.csv")
    before = entries(tmp_path)
    (tmp_path / "faq.csv").write_text("question,answer\n午休多久,两小时\n", "utf-8")
    out, _ = zhiwen("import", "faq.csv", code=1)
    assert "--replace changes it" in out and entries(tmp_path) == before
    zhiwen("import", "faq.csv", "--replace")
    assert "两小时" in yaml.safe_load(entries(tmp_path)["wu_xiu_duo_jiu.yaml"])["summary"]


def test_import_ends_with_the_check(zhiwen, tmp_path):
    """What is odd with the overlay is told with its file and line; what was taken is there."""
    (tmp_path / "faq.csv").write_text("question,answer\n午休多久,一小时\n", "utf-8")
    small_content.put(
        tmp_path / "acme/functions/none.yaml", "function: none\ntitles: {zh: [云店管家]}\n"
    )
    out, err = zhiwen("import", "faq.csv", code=1)
    assert "acme/functions/none.yaml:1: error: there is no function 'none'" in out
    assert "1 problem(s)" in err and len(entries(tmp_path)) == 1


@pytest.mark.parametrize("name", ["back.tsv", "back.xlsx", "back.csv", "back.yml"])
def test_export_then_import_gives_the_same(zhiwen, tmp_path, name):
    """In each format; what is taken back is the same as before."""
    (tmp_path / "faq.csv").write_text(
        TABLE.replace("打卡是什么,一种签到,\n没有答案,,\n", "Where is it?,Here,\n"), "utf-8"
    )
    zhiwen("import", "faq.csv")
    before = entries(tmp_path)
    _, err = zhiwen("export", name)
    assert f"wrote {name}: 2 answer(s), 4 question(s)" in err
    out, _ = zhiwen("import", name, "--replace")
    assert "0 new, 0 changed, 2 the same, 0 left out" in out
    zhiwen("import", name, "--overlay", "other")
    after = {path.name: path.read_bytes() for path in tmp_path.glob("other/knowledge/faq/*")}
    assert after == before


def test_export_of_everything(zhiwen, tmp_path):
    """Each example with the text of its section; taken back, every one is an example already."""
    (tmp_path / "acme").mkdir()
    zhiwen("export", "all.csv", "--all", "--lang", "en")
    text = (tmp_path / "all.csv").read_text("utf-8-sig")
    assert "what is coupon" in text and "coupon is a kind of thing" in text
    zhiwen("export", "all.csv", "--all")
    out, _ = zhiwen("import", "all.csv", code=1)
    assert "is an example of concept.coupon already" in out and "0 new" in out


def test_export_says_what_a_file_cannot_keep(zhiwen, tmp_path):
    """Who may see an entry is in no such file; a person is told."""
    (tmp_path / "faq.csv").write_text("question,answer\n午休多久,一小时\n", "utf-8")
    zhiwen("import", "faq.csv")
    small_content.put(
        tmp_path / "acme/knowledge/restricted.yaml", "- {entry: faq.wu_xiu_duo_jiu, to: [hr]}\n"
    )
    assert "faq.wu_xiu_duo_jiu: kept for some roles" in zhiwen("export", "x.tsv")[1]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["import", "none.csv", "--overlay", "acme"], "none.csv"),
        (["import", "faq.csv", "--overlay", "faq.csv"], "this is a file"),
        (["import", "faq.csv", "--answers", "faq.csv", "--overlay", "acme"], "--answers"),
        (["export", "x.doc", "--overlay", "acme"], "--format"),
        (["export", "x.csv", "--lang", "en"], "--lang goes with --all"),
        (["export", "x.csv", "--overlay", "none"], "no such overlay folder"),
        (["export", "none/x.csv", "--all"], "none"),
    ],
    ids=["no file", "no folder", "answers", "format", "language", "no overlay", "no place"],
)
def test_exchange_misuse_is_one_line(zhiwen, tmp_path, arguments, why):
    """Exit code 2, a line that says what to do, and nothing written."""
    (tmp_path / "config.yaml").write_text("", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    out, err = zhiwen(*arguments, code=2)
    assert out == "" and why in err and err.count("\n") <= 2
    assert [p for p in sorted(tmp_path.rglob("*")) if p not in before] == []
