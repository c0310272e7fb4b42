"""Compiled folders are kept while they are of use, and the oldest of the others go."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from knowledge.engine import cache, compiled


def build(new):
    """A folder with one value."""
    new.mkdir()
    compiled.write_values(new / "values.db", {"name": new.name})


def opened(name):
    """The values of a compiled folder, and the folder."""
    folder = compiled.folder(name, build)
    return compiled.Values(folder / "values.db"), folder


def test_folder_forgets_old_ones_and_none_that_this_process_opened():
    """A server whose threads still read a folder keeps it, however much is compiled after it."""
    place = cache.folder()
    for number in range(6):
        old = place / f"kept-old{number}"
        old.mkdir()
        os.utime(old, (number, number))
    held = [opened(f"kept-new{n}") for n in range(40)]
    left = sorted(path.name for path in place.glob("kept-old*"))
    assert all(folder.is_dir() for _, folder in held)
    assert left == []
    with ThreadPoolExecutor() as pool:  # a thread opens what it reads when it first reads
        assert pool.submit(held[0][0].get, "name").result() == "kept-new0"


def test_folder_in_use_elsewhere_is_kept():
    """What another process reads stays until that process ends."""
    folder = compiled.folder("shared-0", build)
    program = (
        "import pathlib, sys; from knowledge.engine import compiled; "
        "values = compiled.Values(pathlib.Path(sys.argv[1]) / 'values.db'); "
        "print('ready', flush=True); sys.stdin.read(); print(values.get('name'))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "ready\n"
        for number in range(1, 6):
            compiled.folder(f"shared-{number}", build)
        assert folder.is_dir()
        assert other.communicate()[0] == "shared-0\n"
    compiled.folder("shared-6", build)
    assert not folder.exists()


def test_folder_is_forgotten_when_nobody_reads_it_any_more():
    """A server that took up new content many times doesn't keep the old for ever."""
    values, folder = opened("left-0")
    for number in range(1, 5):
        compiled.folder(f"left-{number}", build)
    assert folder.is_dir()
    del values
    gc.collect()
    compiled.folder("left-5", build)
    assert not folder.exists()


def test_folder_is_built_once():
    """The second time it is only opened."""
    built = []

    def build(new):
        built.append(new.name)
        new.mkdir()

    first = compiled.folder("once-1", build)
    assert compiled.folder("once-1", build) == first
    assert built == ["once-1"]


def test_folder_of_which_a_part_is_missing_is_built_again():
    """Somebody tidied the cache file by file; what is there of it is not relied on."""
    built = []

    def build(new):
        built.append(new.name)
        (new / "index").mkdir(parents=True)
        (new / "index/part").write_text("1")

    path = compiled.folder("torn-1", build)
    (path / "index/part").unlink()
    assert compiled.folder("torn-1", build) == path
    assert (path / "index/part").read_text() == "1"
    assert built == ["torn-1"] * 2


def test_values_are_read_after_their_file_is_deleted():
    """Whoever has opened it goes on; from any thread."""
    values, folder = opened("gone-1")
    shutil.rmtree(folder)
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: values.get("name"), range(20))) == {"gone-1"}


BEGUN = """
import os, signal, sys
from knowledge.engine import compiled
def build(new):
    new.mkdir()
    (new / "half").write_text("half")
    print("begun", flush=True)
    if sys.argv[2] == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    sys.stdin.read()
compiled.folder(sys.argv[1], build)
"""


def test_folder_that_a_killed_process_began_is_made_anew_and_leaves_nothing():
    """What is half made is never read, and goes; what another one makes just now stays."""

    def began(name, ends):
        child = subprocess.Popen(
            [sys.executable, "-c", BEGUN, name, ends],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stdout.readline() == "begun\n"
        return child

    place = cache.folder()
    others = {path.name for path in place.glob(".new-*")}
    with began("half-1", "dies") as dead:
        assert dead.wait() == -signal.SIGKILL
    with began("half-2", "lives") as alive:
        for path in place.glob(".new-*"):
            os.utime(path, (0, 0))
        values, _ = opened("half-1")
        assert values.get("name") == "half-1"
        left = [path for path in place.glob(".new-*") if path.name not in others]
        assert [[one.name for one in path.iterdir()] for path in left] == [["half-2"]]
        alive.communicate("")
    assert [path.name for path in (place / "half-2").glob("half")] == ["half"]
