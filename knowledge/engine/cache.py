"""The folder of compiled content, private to its user; everything in it can be built again."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

NEW = ".new-"
"""How the folder begins in which something is made."""
YOUNG = 60.0
"""Seconds in which whoever has made such a folder has surely locked it."""


@cache
def folder() -> Path:
    """``$ZHIWEN_CACHE`` or the user's cache folder; a temporary one if that cannot be used."""
    wanted = os.environ.get("ZHIWEN_CACHE")
    if wanted:
        path = Path(wanted)
    else:
        import platformdirs

        path = Path(platformdirs.user_cache_dir("zhiwen"))
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(path, os.W_OK) and _is_trusted(path):
            return path
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="zhiwen-"))


def _is_trusted(path: Path) -> bool:
    """Whether nobody else could have planted what is read from here."""
    if not hasattr(os, "getuid"):
        return True
    status = path.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def replace(target: Path, write: Callable[[Path], None]) -> None:
    """Let *write* make a file or folder under another name, then move it to *target* at once.

    Two processes may do so together: the first to finish wins, and no reader sees half a file.
    """
    import shutil

    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # it may have been tidied away
    new = Path(tempfile.mkdtemp(prefix=NEW, dir=target.parent)) / target.name
    held = lock(new.parent, alone=False)
    try:
        write(new)
        try:
            new.replace(target)
        except OSError:
            if not target.exists():
                raise
    finally:
        shutil.rmtree(new.parent, ignore_errors=True)
        if held is not None:
            os.close(held)


def tidy() -> None:
    """Delete what processes began to make that were killed; what is being made is locked."""
    import shutil

    for path in folder().glob(f"{NEW}*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime < YOUNG:
                continue
        held = lock(path, alone=True)
        if held is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(held)


def lock(folder: Path, *, alone: bool) -> int | None:
    """A descriptor that locks *folder* until it is closed; None if that cannot be had now.

    A lock, not a list of names: several processes share the cache, and a lock ends with its holder.
    """
    try:
        import fcntl
    except ImportError:  # where there is no such lock, nothing is forgotten
        return None
    held = None
    try:
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        if held is not None:
            os.close(held)
        return None
    return held
