"""A quick look at folders of YAML: whether anything in them is another than it was."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

DEEP = 5
"""Folders inside each other that content is looked for in; a loop of links ends there."""
FileState = tuple[str, int, int]
"""A file's path, its size, and when it was last changed."""


def scan_files(folders: Iterable[Path]) -> frozenset[FileState]:
    """Every YAML file below *folders* as it stands; nothing is opened.

    What cannot be looked at is there all the same, with the number of the error for its size.
    """
    return frozenset(seen for folder in folders for seen in _scan(os.fspath(folder), DEEP))


def _scan(folder: str, deep: int) -> Iterator[FileState]:
    try:
        entries = os.scandir(folder)
    except OSError as error:
        yield folder, error.errno or -1, 0
        return
    with entries:
        for entry in entries:
            if entry.name.endswith((".yaml", ".yml")):
                yield _state_of(entry)
            elif deep and entry.is_dir():
                yield from _scan(entry.path, deep - 1)


def _state_of(entry: os.DirEntry[str]) -> FileState:
    try:
        status = entry.stat()
    except OSError as error:
        return entry.path, error.errno or -1, 0
    return entry.path, status.st_size, status.st_mtime_ns
