"""The code keeps to the house: arrows down, no circles, small rooms, one door for each library."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import tomllib
import unicodedata
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
FLOORS = ("zhiwen", "bot", "rules", "knowledge")
"""From top to bottom, the door first; a floor may import itself and what lies below."""
MAX_LINES = 300
DOORS = {
    "yaml": "knowledge/engine/source.py",
    "jieba": "knowledge/engine/words.py",
    "tantivy": "knowledge/engine/index.py",
}
LETTERS = re.compile(r"(CJK (UNIFIED|COMPATIBILITY)|(HALFWIDTH )?(HIRAGANA|KATAKANA|HANGUL) .*)")
MARKS = {"KATAKANA MIDDLE DOT", "HALFWIDTH KATAKANA MIDDLE DOT"}
"""Punctuation, whatever its name says."""

PATHS = {
    path.relative_to(HOUSE).as_posix(): path
    for floor in FLOORS
    for path in sorted((HOUSE / floor).rglob("*.py"))
}
MODULES = {
    name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name for name in PATHS
}


def imports(name: str, source: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything *source* imports, inside functions and for typing too."""
    package = name.split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def distribution(requirement: str) -> str:
    """The name of what is asked for, as package indexes compare names."""
    return re.split(r"[<>=!~\[ ;]", requirement)[0].lower().replace("_", "-")


def module_of(dotted: str) -> str | None:
    """The module of ours that an imported name lies in; None for somebody else's."""
    while dotted and dotted not in MODULES:
        dotted = dotted.rpartition(".")[0]
    return dotted or None


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one circle in *graph*, or nothing."""
    done: set[str] = set()

    def follow(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        for other in sorted(graph.get(module, ())):
            if found := follow(other, [*way, module]):
                return found
        done.add(module)
        return []

    return next(filter(None, (follow(module, []) for module in sorted(graph))), [])


def foreign_literals(source: str) -> list[int]:
    """Lines of string literals that hold Han, kana or Hangul letters, docstrings aside."""
    prose = {
        (node.value.lineno, node.value.col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type != tokenize.COMMENT and token.start not in prose
        if any(is_letter(char) for char in token.string)
    ]


def is_letter(char: str) -> bool:
    """Whether *char* is a Han, kana or Hangul letter."""
    name = "" if char.isascii() else unicodedata.name(char, "")
    return bool(LETTERS.match(name)) and name not in MARKS


def text_of(name: str) -> str:
    """The source of a module of ours."""
    return PATHS[name].read_text(encoding="utf-8")


def test_house_is_not_empty():
    """The floors are where these tests look for them."""
    assert {name.partition("/")[0] for name in PATHS} >= {"knowledge"}


@pytest.mark.parametrize("name", PATHS)
def test_house_imports_run_down_only(name):
    """A floor imports itself and the floors below, never one above."""
    above = FLOORS[: FLOORS.index(name.partition("/")[0])]
    wrong = [
        f"{name}:{line} imports {dotted}"
        for line, dotted in imports(name, text_of(name))
        if dotted.partition(".")[0] in above
    ]
    assert wrong == []


def test_house_declares_every_import():
    """What is imported is asked for in pyproject.toml, not merely brought along by another library.

    The maker of shipped tables runs on a maintainer's machine only.
    """
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    declared = {distribution(line) for line in lines}
    ours = {*FLOORS, *sys.stdlib_module_names}
    owners = packages_distributions()
    missing = {
        f"{name}:{line} imports {dotted}"
        for name in PATHS
        if name != "knowledge/engine/tables/make.py"
        for line, dotted in imports(name, text_of(name))
        if (top := dotted.partition(".")[0]) not in ours
        and declared.isdisjoint(map(distribution, owners.get(top, (top,))))
    }
    assert missing == set()


def test_house_reads_compiled_files_through_one_door():
    """What is compiled is opened where it survives the deletion of its file."""
    opening = [name for name in PATHS if "mode=ro" in text_of(name)]
    assert opening == ["knowledge/engine/sqlite_file.py"]


def test_house_has_no_circles():
    """No module reaches itself through what it imports, typing imports included."""
    graph = {
        module: {
            other
            for _, dotted in imports(name, text_of(name))
            if (other := module_of(dotted)) and other != module
        }
        for module, name in MODULES.items()
    }
    assert circle(graph) == []


@pytest.mark.parametrize("name", PATHS)
def test_house_rooms_are_small(name):
    """No module is longer than one can keep in mind."""
    assert len(text_of(name).splitlines()) <= MAX_LINES


@pytest.mark.parametrize("name", PATHS)
def test_house_says_nothing_in_python(name):
    """What people read stands in YAML: no Han, kana or Hangul letter in a string literal.

    Ranges are written as escapes; docstrings may show an example.
    """
    assert foreign_literals(text_of(name)) == []


@pytest.mark.parametrize(("library", "door"), DOORS.items())
def test_house_has_one_door_for_each_library(library, door):
    """A library is imported in one module, and that one does import it."""
    users = {
        name
        for name in PATHS
        for _, dotted in imports(name, text_of(name))
        if dotted.partition(".")[0] == library
    }
    assert users == {door}


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        pytest.param({"a": {"b"}, "b": {"c"}, "c": set()}, [], id="none"),
        pytest.param({"a": {"b", "c"}, "b": {"c"}, "c": set()}, [], id="diamond"),
        pytest.param({"a": {"b"}, "b": {"c"}, "c": {"b"}}, ["b", "c", "b"], id="two"),
    ],
)
def test_house_circle_is_seen(graph, found):
    """The search for circles finds one where there is one."""
    assert circle(graph) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("import a.b", ["a.b"], id="plain"),
        pytest.param("from a import b, c", ["a.b", "a.c"], id="from"),
        pytest.param("def f():\n    import a", ["a"], id="in-function"),
        pytest.param("if TYPE_CHECKING:\n    from a import b", ["a.b"], id="typing"),
        pytest.param("from . import b", ["bot.skills.b"], id="relative"),
        pytest.param("from ..store import b", ["bot.store.b"], id="relative-above"),
    ],
)
def test_house_imports_are_seen(source, found):
    """Imports are seen wherever they stand."""
    assert [dotted for _, dotted in imports("bot/skills/ask.py", source)] == found


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        pytest.param('x = "运营"', [1], id="han"),
        pytest.param('x = 1\ny = f"{x} の"', [2], id="kana-in-f-string"),
        pytest.param('x = "한"', [1], id="hangul"),
        pytest.param('"""运营"""\nx = 1\n"""营"""', [], id="docstrings"),
        pytest.param("x = 1  # 运营", [], id="comment"),
        pytest.param(r'x = "[\u4e00-\u9fff]"', [], id="escape"),
        pytest.param('x = "「・」？"', [], id="punctuation"),
    ],
)
def test_house_literals_are_seen(source, lines):
    """Letters are seen in literals and nowhere else."""
    assert foreign_literals(source) == lines
