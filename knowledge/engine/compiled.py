"""Checked content, compiled once: a small SQLite file of JSON values and the index folder.

The compiled form is found by a stamp of every file's path, size and time, so that a start reads no
YAML at all; the knowledge version is a hash of the contents.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import weakref
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from knowledge.engine import cache, shape
from knowledge.engine.sqlite_file import SqliteFile

CODE = Path(__file__).parents[2]
FORMAT = "11"
PARTS = "parts"
"""The file of a compiled folder that lists the others."""


class Values:
    """JSON values by key, read on demand; safe for several threads.

    While they live, their folder is in use, and no process forgets it; if somebody deletes it all
    the same, they stay.
    """

    def __init__(self, path: Path) -> None:
        hold(self, path.parent)
        self._file = SqliteFile(path)

    def get(self, key: str) -> Any:
        """The value under *key*, or None."""
        row = self._file.one("SELECT v FROM kv WHERE k = ?", (key,))
        return json.loads(row[0]) if row else None


def write_values(path: Path, values: dict[str, Any], more: Iterable[tuple[str, Any]] = ()) -> None:
    """Write *values* where `Values` finds them; *more* of them, one by one, of a key the last."""
    dumped = json.JSONEncoder(
        ensure_ascii=False, check_circular=False, default=shape.to_plain
    ).encode
    rows = ((k, dumped(v)) for k, v in chain(values.items(), more))
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE kv (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID")
        db.executemany("INSERT OR REPLACE INTO kv VALUES (?, ?)", rows)
    db.close()


def stamp(paths: Iterable[Path]) -> str:
    """A short name for the present state of these files and of the code that compiles them."""
    digest = hashlib.sha256(FORMAT.encode())
    floors = ("knowledge/engine", "rules", "rules/questions", "rules/postings")
    code = (path for floor in floors for path in (CODE / floor).glob("*.py"))
    for path in sorted({os.fspath(path) for path in (*paths, *code)}):
        try:
            status = os.stat(path)
        except FileNotFoundError:
            continue
        except OSError as error:  # what cannot be read is told by whoever reads it
            digest.update(f"{path}|{error.errno}\n".encode())
            continue
        digest.update(f"{path}|{status.st_size}|{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def short(texts: Iterable[str]) -> str:
    """A short name for a list of texts."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def version(paths: Iterable[Path], root: Path) -> str:
    """Twelve hex digits of the hash of these files' names and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


class Hold:
    """A folder that no process forgets while this lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        hold(self, folder)


def hold(reader: object, folder: Path) -> None:
    """Keep *folder* as long as *reader* lives: no process forgets it."""
    held = cache.lock(folder, alone=False)
    if held is not None:
        weakref.finalize(reader, os.close, held)


def folder(name: str, build: Callable[[Path], None], keep: int = 3) -> Path:
    """The compiled folder *name*, made by *build* if it is not there yet.

    *keep*: so many older ones of its kind stay.
    """
    path = cache.folder() / name

    def build_and_seal(new: Path) -> None:
        build(new)
        parts = (file for file in new.rglob("[!.]*") if file.is_file())
        names = sorted(file.relative_to(new).as_posix() for file in parts)
        (new / PARTS).write_text("\n".join(names), "utf-8")

    if _is_whole(path):
        with contextlib.suppress(OSError):
            os.utime(path)
        return path
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    _forget_old(name.partition("-")[0], keep)
    cache.replace(path, build_and_seal)
    return path


def _is_whole(path: Path) -> bool:
    """Whether nothing of a compiled folder is missing; somebody may have tidied the cache."""
    try:
        names = (path / PARTS).read_text("utf-8").split("\n")
    except OSError:
        return False
    return all((path / name).exists() for name in names)


def _forget_old(kind: str, keep: int) -> None:
    """Remove all but the last *keep* folders of that kind, and those that somebody holds."""
    cache.tidy()
    for path in sorted(cache.folder().glob(f"{kind}-*"), key=_last_used)[:-keep]:
        held = cache.lock(path, alone=True)
        if held is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(held)


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process forgot it just now
        return 0
