"""The documentation tells the truth about commands, folders, libraries and links."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest

from bot import cli

HOUSE = Path(__file__).parent.parent
README = (HOUSE / "README.md").read_text(encoding="utf-8")
PAGES = (
    "README.md",
    "knowledge/README.md",
    "rules/README.md",
    "docs/dependencies.md",
    "docs/deployment.md",
    "docs/overlay.md",
    "docs/postings.md",
    "docs/quality.md",
    "docs/server.md",
    "docs/storage.md",
    "docs/telegram.md",
    "docs/understanding.md",
    "docs/wechat.md",
    "docs/wecom.md",
)


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
    """No command of the parser is missing from the README."""
    choices = next(a.choices for a in cli._parser()._actions if a.dest != "help" and a.choices)
    shown = {word for command in commands(README) for word in shlex.split(command)}
    assert set(choices) <= shown


@pytest.mark.parametrize("path", plan(README))
def test_docs_floor_plan_names_what_is_there(path):
    """Files and folders of the floor plan exist, each as what it is drawn."""
    place = HOUSE / path
    assert place.is_dir() if path.endswith("/") else place.is_file()


def test_docs_floor_plan_is_read():
    """The plan is found, with the three floors in it."""
    assert {"knowledge/", "rules/", "bot/", "knowledge/roles/", "rules/questions/"} <= set(
        plan(README)
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
