"""The documentation tells the truth about commands, folders, libraries and links."""

from __future__ import annotations

import doctest
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import transcripts

from bot import cli

HOUSE = Path(__file__).parent.parent
CONTRIBUTING = (HOUSE / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGES = transcripts.pages()


def commands(text: str) -> list[str]:
    """Every ``zhiwen …`` command of a page: in backticks, after a prompt, or indented as code."""
    inline = re.findall(r"`(zhiwen [^`]+)`", text)
    lines = re.findall(r"^(?:\$ |    )(zhiwen .+)$", text, re.MULTILINE)
    return list(dict.fromkeys(inline + lines))


def plan(text: str) -> list[str]:
    """The paths of the floor plan: folders and files, below their floor."""
    block = text.partition("## Floor plan")[2].split("```")[1]
    paths: list[str] = []
    above: list[str] = []
    for line in block.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        del above[depth:]
        names = re.findall(r"[\w.]+(?:/|\.(?:py|yaml|md))(?=\s|,|$)", line)
        if names and not depth:
            paths.append(names[0])
            above.append(names.pop(0))
        paths += ["".join(above) + name for name in names]
        if names and names[0].endswith("/"):
            above.append(names[0])
    return paths


def runtime_libraries() -> list[str]:
    """The names of the run-time dependencies in pyproject.toml."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [re.split(r"[<>=!~\[ ;]", line)[0] for line in project["dependencies"]]


def listed_libraries() -> list[str]:
    """The first column of the run-time table in docs/dependencies.md."""
    page = (HOUSE / "docs/dependencies.md").read_text(encoding="utf-8")
    table = page.partition("## At run time")[2].partition("\n**")[0]
    rows = re.findall(r"^\| ([\w-]+)[^|]*\|", table, re.MULTILINE)
    return [name for name in rows if name != "Library"]


def text_of(page: str) -> str:
    """The text of a page."""
    return (HOUSE / page).read_text(encoding="utf-8")


def links(page: str) -> list[str]:
    """The relative links of a page."""
    return [link for link in re.findall(r"\]\(([^)#]+)", text_of(page)) if "://" not in link]


@pytest.mark.parametrize(
    ("page", "command"),
    [pytest.param(page, c, id=f"{page}: {c}") for page in PAGES for c in commands(text_of(page))],
)
def test_docs_show_commands_that_exist(page, command):
    """The parser accepts every command a page shows, with its options."""
    arguments = shlex.split(command)[1:]
    assert callable(cli._parser().parse_args(arguments).run), page


def test_docs_show_every_command():
    """No command of the parser is missing from the page about them."""
    choices = next(a.choices for a in cli._parser()._actions if a.dest != "help" and a.choices)
    shown = {
        word for command in commands(text_of("docs/commands.md")) for word in shlex.split(command)
    }
    assert set(choices) <= shown


@pytest.mark.parametrize("path", plan(CONTRIBUTING))
def test_docs_floor_plan_names_what_is_there(path):
    """Files and folders of the floor plan exist, each as what it is drawn."""
    place = HOUSE / path
    assert place.is_dir() if path.endswith("/") else place.is_file()


def test_docs_floor_plan_is_read():
    """The plan is found, with the three floors in it."""
    assert {"knowledge/", "rules/", "bot/", "knowledge/roles/", "rules/questions/"} <= set(
        plan(CONTRIBUTING)
    )


def test_docs_explain_every_library():
    """The table of run-time libraries is exactly what pyproject.toml asks for."""
    assert sorted(map(str.lower, listed_libraries())) == sorted(map(str.lower, runtime_libraries()))


@pytest.mark.parametrize(
    ("page", "link"), [pytest.param(p, link, id=f"{p}: {link}") for p in PAGES for link in links(p)]
)
def test_docs_links_lead_somewhere(page, link):
    """A relative link of a page leads to a file of the repository."""
    assert ((HOUSE / page).parent / link).exists()


@pytest.mark.parametrize("page", [page for page in PAGES if transcripts.steps(page)])
def test_docs_transcripts_are_what_is_printed(book, page):
    """Every command that a page shows with its output is run, and prints that."""
    with transcripts.alone(page):
        unfit = [f"$ {step.command}\n{printed}" for step, printed in transcripts.unfit(page)]
    assert unfit == []


def test_docs_transcripts_are_found():
    """The first page and the tour show some, and a block that is no transcript is none."""
    assert len(transcripts.steps("README.md")) >= 4
    assert len(transcripts.steps("docs/tour.md")) >= 12
    assert transcripts.steps("docs/dependencies.md") == []


@pytest.mark.parametrize(
    ("shown", "printed", "fits"),
    [
        pytest.param(["a", "b"], "a\nb\n", True, id="same"),
        pytest.param(["a"], "a\nb\n", False, id="more"),
        pytest.param(["a", "[…]"], "a\nb\nc\n", True, id="gap"),
        pytest.param(["[…]", "c"], "a\nb\nc\n", True, id="gap before"),
        pytest.param(["[…]", "b"], "a\nb\nc\n", False, id="after the gap"),
        pytest.param(["run abcdef012345 ok"], "run 0123456789ab ok\n", True, id="id"),
        pytest.param(["(1/25)"], "(2/25)\n", False, id="number"),
        pytest.param(["score 0.93"], "score 0.87\n", True, id="score"),
    ],
)
def test_docs_transcripts_are_compared(shown, printed, fits):
    """Line by line, but for gaps, ids and scores."""
    step = transcripts.Step("README.md", "zhiwen", tuple(shown))
    assert transcripts.fits(step, printed, {}) is fits


def test_docs_python_examples_give_what_they_show(book):
    """Every example of the page about Python is carried out."""
    failed, tried = doctest.testfile(
        str(HOUSE / "docs/python.md"), module_relative=False, encoding="utf-8"
    )
    assert tried >= 10
    assert failed == 0


def test_docs_readme_is_short():
    """The first page can be read in one go; everything else has a page of its own."""
    assert len(text_of("README.md").splitlines()) <= 130


def test_docs_readme_leads_to_every_page():
    """No page of docs/ is out of reach."""
    assert {page for page in PAGES if page.startswith("docs/")} <= set(links("README.md"))


def test_docs_name_every_lock():
    """The page about concurrency names each module that holds something against others."""
    holds = re.compile(
        r"(threading|asyncio)\.(R?Lock|(Bounded)?Semaphore)\(|flock\(|advisory|with_for_update\("
    )
    users = {
        path.relative_to(HOUSE).as_posix()
        for floor in ("zhiwen", "bot", "rules", "knowledge")
        for path in (HOUSE / floor).rglob("*.py")
        if holds.search(path.read_text("utf-8"))
    }
    named = set(
        re.findall(r"`((?:bot|rules|knowledge)/[\w/]+\.py)`", text_of("docs/concurrency.md"))
    )
    assert users <= named
    assert all((HOUSE / name).is_file() for name in named)
