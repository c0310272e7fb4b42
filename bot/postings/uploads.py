"""Files that people upload: put where nobody else can read them, checked, and never kept."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from bot.postings import documents, readers
from bot.postings.model import Unreadable

MAX_FILES = 50
MAX_NAME = 80
CHUNK = 1 << 20
PREFIX, LOCK = "upload-", "lock"
ABANDONED = 3600.0
"""Seconds after which files that nobody could lock are of no use any more."""
FORBIDDEN = '<>:"|?*'
"""Characters that some system takes for more than a part of a name; slashes end a part."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was uploaded: where it lies, under its own name, and its format."""

    path: Path
    form: str
    problem: Unreadable | None = None
    """Why it cannot be read at all; then it has no format."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The files of one request, in a folder of their own."""

    folder: Path
    uploads: tuple[Upload, ...]
    lock: IO[str] | None = None
    """Held as long as the files are of use, so that nobody takes them for left behind."""

    @property
    def name(self) -> str:
        """What to call them: the name of the first."""
        return self.uploads[0].path.name

    def empty(self) -> None:
        """Delete them."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.leave()

    def leave(self) -> None:
        """Leave them to whoever goes on with them."""
        if self.lock is not None:
            self.lock.close()


def claim_leftover(folder: Path, uploads: tuple[Upload, ...]) -> Inbox | None:
    """The files that a process left behind, ours from now on; None where it still has them."""
    lock = _try_lock(folder / LOCK)
    return Inbox(folder, uploads, lock) if lock is not None else None


def tidy(root: Path, wanted: frozenset[str] = frozenset()) -> None:
    """Delete the files that a process left behind which is gone; those in use are locked.

    *wanted*: the names of folders that somebody goes on with.
    """
    for folder in root.glob(f"{PREFIX}*"):
        if folder.name in wanted:
            continue
        path = folder / LOCK
        if path.exists():
            lock = _try_lock(path)
            gone = lock is not None
            if lock is not None:
                lock.close()
        else:  # of an earlier release, or where there are no locks
            with suppress(OSError):
                gone = time.time() - folder.stat().st_mtime > ABANDONED
        if gone:
            shutil.rmtree(folder, ignore_errors=True)


def _try_lock(path: Path) -> IO[str] | None:
    """The file, locked until it is closed; None where somebody else has it, or it is gone."""
    try:
        import fcntl

        lock = path.open("w")
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def receive(files: Iterable[tuple[str, BinaryIO]], root: Path) -> Inbox:
    """Take (name, content) of every file and check what it is.

    Raises Unreadable for what is too large or too many, and where no file is of use; OSError where
    the disk is full. Then nothing is left behind.
    """
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
    lock = _try_lock(folder / LOCK)
    try:
        inbox = Inbox(folder, tuple(_receive_files(files, folder)), lock)
        problems = [upload.problem for upload in inbox.uploads if upload.problem]
        if problems and len(problems) == len(inbox.uploads):
            raise problems[0]
        return inbox
    except BaseException:
        Inbox(folder, (), lock).empty()
        raise


def _receive_files(files: Iterable[tuple[str, BinaryIO]], folder: Path) -> Iterator[Upload]:
    left = documents.MAX_BYTES
    for number, (name, content) in enumerate(files):
        if number >= MAX_FILES:
            raise Unreadable("web.posting.many_files", limit=MAX_FILES)
        path = folder / str(number) / safe_name(name)
        path.parent.mkdir(mode=0o700)
        left -= _copy(content, path, left)
        try:
            yield Upload(path, readers.format_of(path))
        except Unreadable as problem:
            yield Upload(path, "", problem)


def _copy(content: BinaryIO, path: Path, most: int) -> int:
    """Write the content to *path*; returns its size. Raises Unreadable where it is over *most*."""
    size = 0
    with path.open("xb") as out:
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > most:
                limit = f"{documents.MAX_BYTES // 1_000_000} MB"
                raise Unreadable("classify.file.large", limit=limit)
            out.write(chunk)
    return size


def safe_name(name: str) -> str:
    """The last part of a name as somebody's computer gave it, fit for a file here.

    It leads nowhere else, is short, and keeps its ending.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if char.isprintable() and char not in FORBIDDEN)
    kept = kept.encode("utf-8", "replace").decode().strip(" .") or "posting"
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 8:
        return kept[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"


@contextmanager
def delete_after(inbox: Inbox) -> Iterator[Inbox]:
    """The files for as long as they are needed; then they are deleted."""
    try:
        yield inbox
    finally:
        inbox.empty()
