"""organize: a table of units and tasks becomes an organization, or is told what is wrong."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.cli import main
from rules.book import RuleBook
from rules.organization import UnitLine, faults, role_of


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """A configuration with an empty overlay."""
    (tmp_path / "own" / "knowledge").mkdir(parents=True)
    path = tmp_path / "config.yaml"
    path.write_text(f"overlay: {tmp_path / 'own'}\n", "utf-8")
    return path


def run(config: Path, table: str, *more: str) -> int:
    units = config.parent / "units.csv"
    units.write_text(table, "utf-8")
    command = ["organize", str(units), "--slug", "acme", "--title", "甲公司", *more]
    return main(["--config", str(config), *command])


def test_a_table_heads_the_answer(acme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After it is written, the question who does a task names the company's unit first."""
    assert run(acme, "unit,tasks,reports_to\n传播组,写新闻稿;品牌,总裁办\n门店组,店铺运营,\n") == 0
    with acme.open("a", encoding="utf-8") as file:
        file.write("organization: acme\n")
    capsys.readouterr()
    assert main(["--config", str(acme), "ask", "谁写新闻稿"]) == 0
    told = capsys.readouterr().out
    assert "传播组" in told.split("职责")[0]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("unit,tasks\n甲组,种土豆\n", ":2: '种土豆' is no task that is known"),
        (
            "unit,tasks\n甲组,公关\n乙组,写新闻稿\n",
            ":3: '写新闻稿' (role.public_relations) is owned",
        ),
        ("unit,tasks,reports_to\n甲,公关,乙\n乙,品牌,甲\n", "reports in a circle"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    table: str, message: str, acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is written."""
    assert run(acme, table) == 1
    assert message in capsys.readouterr().out
    assert not (acme.parent / "own" / "knowledge" / "organizations").exists()


@pytest.mark.parametrize(
    ("table", "message"),
    [("a,b\n1,2\n", "must name the columns"), ("unit,tasks\n", "nothing was written")],
)
def test_a_table_that_is_none_is_refused(
    table: str, message: str, acme: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what a table needs."""
    assert run(acme, table) != 0
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "environment", "asked"),
    [
        (["--lang", "en"], "ko_KR.UTF-8", "Unit (empty to finish):"),
        ([], "ja_JP.UTF-8", "部署名"),
        ([], "ko_KR.UTF-8", "조직 이름"),
        ([], "C", "单位名称"),
    ],
)
def test_the_questions_are_asked_in_the_language_of_the_terminal(
    more: list[str], environment: str, asked: str, acme: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Or in the one that is asked for; what is answered is written as from a table."""
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", environment)
    monkeypatch.setattr("sys.stdin", io.StringIO("传播组\n写新闻稿\n总裁办\n\n"))
    command = ["organize", "--slug", "acme", "--title", "甲公司", *more]
    assert main(["--config", str(acme), *command]) == 0
    assert capsys.readouterr().out.startswith(asked)
    written = acme.parent / "own" / "knowledge" / "organizations" / "acme.yaml"
    assert "role.public_relations" in written.read_text("utf-8")


def test_a_task_is_known_by_words_names_and_ids(book: RuleBook) -> None:
    """A role's id, title or alias, or a task in a few words."""
    words = ("role.brand", "公关", "写新闻稿", "展会", "种土豆")
    roles = [role_of(one, book) for one in words]
    assert roles[:3] == ["role.brand", "role.public_relations", "role.public_relations"]
    assert roles[3:] == ["role.marketing_planning", None]


def test_a_longer_circle_is_told_once(book: RuleBook) -> None:
    """Three units in a circle are one fault."""
    lines = [UnitLine(1, "a", (), "b"), UnitLine(2, "b", (), "c"), UnitLine(3, "c", (), "a")]
    (fault,) = faults(lines, book)
    assert "a -> b -> c -> a" in fault.message
