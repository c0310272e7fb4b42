"""A file that is written beside its place, then moved there: it is whole, or as it was before."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

BESIDE = ".zhiwen-"
"""How the folder begins in which a file waits until it is whole."""


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Where to write what stands at *path* in the end; nothing changes there before all is written.

    A pipe or a device is written as it is, and so is a file in a folder that takes no other. Raises
    OSError, which names *path* where nothing is wrong with another file.
    """
    if path.exists() and not path.is_file():
        yield path
        return
    place = path.resolve()  # of a link it is the file that changes
    try:
        folder = Path(tempfile.mkdtemp(prefix=BESIDE, dir=place.parent))
    except PermissionError:
        yield path
        return
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    new = folder / place.name
    try:
        yield new
        if place.exists():
            new.chmod(place.stat().st_mode & 0o777)
        settle(new)
        new.replace(place)
    except OSError as error:
        if error.filename and Path(os.fsdecode(error.filename)) not in (folder, new):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settle(path: Path) -> None:
    """See to it that what was written there, a file or a folder's names, is on the disk.

    Raises OSError.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
