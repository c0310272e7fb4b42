"""Checklists in the terminal: real processes over a real database."""

from __future__ import annotations

import contextlib
import re

import command
import pytest

from bot.store import open_store


@pytest.fixture
def run(tmp_path, book):
    """Runs ``zhiwen run`` in a folder of its own. No command ever shows a traceback."""

    def run_(*arguments, stdin=b"", code=0):
        out, err = command.run(tmp_path, "run", *arguments, stdin=stdin, code=code)
        return out.decode("utf-8", "replace"), err

    return run_


@pytest.fixture
def begun(run):
    """A run with a date; its id."""
    return run("start", "campaign", "--anchor", "2030-06-18")[0].split("：")[1].split()[0]


def test_run_start_list_and_show(run, begun):
    """The id that start prints is in the list, and show numbers the items."""
    assert begun in run("list")[0]
    out, _ = run("show", begun, "--lang", "en")
    assert "T = 2030-06-18" in out
    assert (
        "[ ] 1.1 写出一个可以量化的目标和截止日期 [must pass · 2030-05-19 · Event operations]"
        in out
    )


def test_run_start_by_need(run):
    """Words that name no checklist find the one that fits."""
    out, _ = run("start", "大促前", "要检查什么", "--title", "618")
    assert out.rstrip().endswith("618")
    assert "0/25" in run("list")[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mine.md", "# Fair\n- [ ] book it\n- [ ] print it\n"),
        ("mine.csv", "Task,Owner\nbook it,Ann\n"),
    ],
)
def test_run_start_of_a_file(run, tmp_path, name, text):
    """A file of one's own is what is begun, whatever its name sounds like."""
    (tmp_path / name).write_text(text, "utf-8")
    out, _ = run("start", name, "--title", "Fair", "--lang", "en")
    id_ = out.split()[1]
    assert "1.1 book it" in run("show", id_, "--lang", "en")[0]


def test_run_start_asks_about_what_fits_nothing(run, tmp_path):
    """A mere guess, a list with nothing in it, a file that is not there: nothing is begun."""
    (tmp_path / "empty.md").write_text("", "utf-8")
    for words, told in [
        (["how do I bake bread"], "Did you mean"),
        (["empty.md"], "No item was found"),
        (["nowhere.md"], "no such file"),
    ]:
        code = 1 if words == ["empty.md"] else 2
        assert told in run("start", *words, "--lang", "en", code=code)[1]
    assert run("list")[0] == ""


def test_run_tick_untick_and_not_applicable(run, begun):
    """Items are named by their numbers; each tick says how far it is."""
    assert "1/25" in run("tick", begun, "1.2", "--note", "问过小李")[0]
    assert "2/25" in run("tick", begun, "2.1", "--na", "没有实物")[0]
    out, _ = run("show", begun)
    assert re.search(r"\[x\] 1\.2 .*local", out)
    assert "备注：问过小李" in out
    assert "[-] 2.1" in out
    assert "1/25" in run("tick", begun, "1.2", "--undo")[0]


def test_run_close_names_what_is_in_the_way(run, begun, tmp_path):
    """Refused with exit code 1; when the killers are done it closes, and can be reopened."""
    out, err = run("close", begun, code=1)
    assert out == ""
    assert "召开复盘会" in err
    numbers = re.findall(r"\[ \] ([\d.]+) .*必过", run("show", begun)[0])
    with contextlib.closing(open_store(str(tmp_path / "data/zhiwen.db"))) as store:
        for section, item in (number.split(".") for number in numbers[1:]):
            store.runs.mark(begun, f"{int(section) - 1}.{int(item) - 1}", "done", "Ann")
    run("tick", begun, numbers[0])
    assert "已关闭" in run("close", begun)[0]
    assert begun not in run("list")[0]
    assert begun in run("list", "--all")[0]
    assert "别人" in run("tick", begun, "1.2", code=1)[1]
    run("reopen", begun)
    run("tick", begun, "1.2")


@pytest.mark.parametrize("form", ["md", "xlsx", "ics"])
def test_run_export(run, begun, tmp_path, form):
    """Into a file, in each format."""
    out, _ = run("export", begun, "--format", form, "--out", tmp_path / "out")
    assert out == ""
    data = (tmp_path / "out").read_bytes()
    assert data.startswith({"md": b"# ", "xlsx": b"PK", "ics": b"BEGIN:VCALENDAR"}[form])


def test_run_lint_checks_files_and_stdin(run, tmp_path):
    """Problems with file and line and exit code 1; what is fine gives 0."""
    bad = tmp_path / "mine.md"
    bad.write_text("- [ ] 目标明确\n  - 完成标准：尽快", "utf-8")
    out, err = run("lint", bad, "--lang", "en", code=1)
    assert f"{bad}:1: warning: “目标明确” does not start with a verb" in out
    assert "2 findings" in err
    out, err = run("lint", "-", stdin="- [ ] 定预算\n  - 完成标准：签字".encode())
    assert out == ""
    assert "没有发现问题" in err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(["start", "how do I bake bread"], "campaign", id="no such checklist"),
        pytest.param(["show", "000000000000"], "000000000000", id="no such run"),
        pytest.param(["tick", "RUN", "9.9"], "9.9", id="no such item"),
        pytest.param(["tick", "RUN", "first"], "1.3", id="no number"),
        pytest.param(["tick", "RUN", "1.1", "--na", "x", "--note", "y"], "--note", id="both"),
        pytest.param(["tick", "RUN", "1.1", "--na", "x", "--undo"], "--undo", id="na and undo"),
        pytest.param(["lint", "nowhere.md"], "nowhere.md", id="no such file"),
        pytest.param(["export", "RUN", "--format", "doc"], "doc", id="no such format"),
        pytest.param([], "action", id="nothing"),
    ],
)
def test_run_wrong_use_is_named_and_gives_2(run, begun, arguments, word):
    """A slip at the keyboard costs one sentence that names it."""
    out, err = run(*(begun if part == "RUN" else part for part in arguments), code=2)
    assert out == ""
    assert word in err


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        pytest.param(["start", "campaign", "--anchor", "soon"], "2026-06-18", id="date"),
        pytest.param(["tick", "RUN", "1.1", "--na", " "], "原因", id="no reason"),
    ],
)
def test_run_refusals_give_1(run, begun, arguments, word):
    """What the checklist does not allow is told, and nothing is kept."""
    _, err = run(*(begun if part == "RUN" else part for part in arguments), code=1)
    assert word in err
    assert "0/25" in run("list")[0]


def test_chat_tells_how_to_work_through_a_checklist(tmp_path, book):
    """After a checklist in the terminal chat stands the command that begins it."""
    out, _ = command.run(tmp_path, "chat", stdin="给我营销活动清单\n公关是什么\n".encode())
    assert out.decode("utf-8").count("zhiwen run start campaign") == 1
