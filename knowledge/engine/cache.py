"""The folder of compiled content, private to its user; everything in it can be built again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path


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
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent)) / target.name
    try:
        write(new)
        try:
            new.replace(target)
        except OSError:
            if not target.exists():
                raise
    finally:
        shutil.rmtree(new.parent, ignore_errors=True)
