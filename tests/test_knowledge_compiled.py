"""Compiled folders are kept while they are of use, and the oldest of the others go."""

from __future__ import annotations

import os

from knowledge import cache, compiled


def test_folder_forgets_old_ones_and_none_that_this_process_opened():
    """A server whose threads still read a folder keeps it, however much is compiled after it."""
    place = cache.folder()
    for number in range(6):
        old = place / f"kept-old{number}"
        old.mkdir()
        os.utime(old, (number, number))
    opened = [compiled.folder(f"kept-new{n}", lambda new: new.mkdir()) for n in range(6)]
    left = sorted(path.name for path in place.glob("kept-old*"))
    assert all(path.is_dir() for path in opened)
    assert left == []


def test_folder_is_built_once():
    """The second time it is only opened."""
    built = []

    def build(new):
        built.append(new.name)
        new.mkdir()

    first = compiled.folder("once-1", build)
    assert compiled.folder("once-1", build) == first
    assert built == ["once-1"]
