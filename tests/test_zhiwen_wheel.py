"""The wheel, installed into an environment of its own, is whole: command, door, content, types."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
OURS = {"bot", "knowledge", "rules", "zhiwen"}


def run(folder, *command, code=0):
    """The standard output of a command that sees nothing of the repository."""
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "ZHIWEN_CACHE")}
    env |= {"ZHIWEN_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [*map(str, command)], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=HOUSE, check=True, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def home(wheel, tmp_path_factory):
    """A folder with a fresh environment; its libraries are those of this one, Zhiwen is not."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "venv"], check=True)
    libraries = Path(sysconfig.get_path("purelib"))
    (site,) = (home / "venv").glob("lib/python*/site-packages")
    # The libraries themselves, without the files that would lead back to the repository.
    (site / "libraries.pth").write_text(str(libraries), "utf-8")
    install = [sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-deps"]
    subprocess.run(
        [*install, "--python", home / "venv/bin/python", wheel], check=True, capture_output=True
    )
    return home


def test_wheel_holds_our_folders_and_nothing_else(wheel):
    """Four packages, with their content, and the mark that types may be relied on."""
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == OURS
    assert {"zhiwen/py.typed", "rules/limits.yaml", "bot/web/static/htmx.min.js"} <= set(names)
    assert not [name for name in names if name.endswith((".pyc", ".db"))]


def test_wheel_gives_the_command(home):
    """`zhiwen` is on the path of the environment and answers."""
    out = run(home, home / "venv/bin/zhiwen", "ask", "what is private domain traffic")
    assert "Private-domain traffic" in out


def test_wheel_gives_the_door(home):
    """`import zhiwen` takes the installed packages and answers, chats and classifies."""
    code = (
        "import zhiwen; print(zhiwen.__file__);"
        "print(zhiwen.ask('what is private domain traffic').entry);"
        "print(zhiwen.chat().ask('KOL').band);"
        "print(zhiwen.classify('Call prospects and close deals').function);"
        "print(len(list(zhiwen.classify_batch(['write articles', '']))))"
    )
    place, *told = run(home, home / "venv/bin/python", "-c", code).splitlines()
    assert place.startswith(str(home))
    assert told == ["concept.private_domain", "answer", "sales", "2"]


def test_wheel_is_the_only_owner_of_its_names(home):
    """No library of ours brings a package of the same name."""
    code = (
        "from importlib.metadata import packages_distributions as owners;"
        f"print([owners()[name] for name in {sorted(OURS)}])"
    )
    assert run(home, home / "venv/bin/python", "-c", code).strip() == str([["zhiwen"]] * len(OURS))
