"""The files of an overlay: read as text, and written whole, all of them or none."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from bot.editing.refusal import EditRefused
from bot.store.edits import FileEdit

SUFFIX = ".yaml"
Texts = Mapping[str, str | None]
"""Path below the overlay -> its text; None where there is no such file."""


def overlay_of(configured: Path | None) -> Path:
    """The overlay that is configured. Raises EditRefused where there is none, or it is gone."""
    if configured is None or not configured.is_dir():
        raise EditRefused("no_overlay", str(configured or "overlay"))
    return configured


def read(overlay: Path, paths: Iterable[str]) -> dict[str, str | None]:
    """What these files say now. Raises EditRefused for one that cannot be read."""
    return {path: _text(_place(overlay, path)) for path in paths}


def version(texts: Texts) -> str:
    """A short name for what files say, to notice that somebody has changed them."""
    digest = hashlib.sha256()
    for path, text in sorted(texts.items()):
        digest.update(f"{path}\0{text is None}\0{text or ''}\0".encode())
    return digest.hexdigest()[:16]


def write(overlay: Path, texts: Texts) -> None:
    """Write the files whole, all of them or none; one without a text is taken away.

    Each is written beside its place and on the disk before any is moved there; what was moved is
    put back where a later one cannot be. Raises EditRefused for an overlay that takes no writes.
    """
    before = read(overlay, texts)
    staged: dict[str, str] = {}
    try:
        for path, text in texts.items():
            if text is not None:
                staged[path] = _stage(_place(overlay, path), text)
        _move(overlay, texts, before, staged)
    except OSError as error:
        why = error.strerror or str(error)
        raise EditRefused("not_writable", str(error.filename or overlay), why) from error
    finally:
        for name in staged.values():
            Path(name).unlink(missing_ok=True)


def _move(overlay: Path, texts: Texts, before: Texts, staged: Mapping[str, str]) -> None:
    """Put every file in its place; on an error those that were are put back as they were."""
    done: list[str] = []
    try:
        for path in texts:
            done.append(path)
            _put(_place(overlay, path), staged.get(path))
    except OSError:
        for path in done:
            text = before[path]
            with contextlib.suppress(OSError):
                place = _place(overlay, path)
                _put(place, None if text is None else _stage(place, text))
        raise


def _put(place: Path, staged: str | None) -> None:
    """Move a staged file to its place, or take away what stands there, and see it on the disk."""
    if staged is None:
        place.unlink(missing_ok=True)
    else:
        os.replace(staged, place)
    _settle(place.parent)


def _stage(place: Path, text: str) -> str:
    """Write *text* into a new file beside *place*, on the disk. Returns its name."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{place.stem}-", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return name


def _settle(folder: Path) -> None:
    """See to it that a folder's names are on the disk, where a system can do that."""
    if not folder.is_dir():
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _text(place: Path) -> str | None:
    try:
        return place.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    except UnicodeDecodeError:
        raise EditRefused("layout", place.name) from None
    except OSError as error:
        raise EditRefused("not_readable", str(place), error.strerror or str(error)) from error


def _place(overlay: Path, path: str) -> Path:
    """Where a file of the overlay stands; nothing outside of it can be named."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or pure.suffix != SUFFIX:
        raise EditRefused("layout", path)
    return overlay / pure


def edits(before: Texts, after: Texts) -> tuple[FileEdit, ...]:
    """Those files that are to say something else."""
    return tuple(
        FileEdit(path, before[path], text) for path, text in after.items() if before[path] != text
    )
