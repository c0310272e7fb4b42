"""Whether others on this machine can read what only the server is to read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from bot import secrets
from bot.doctor.model import Finding, Place
from bot.store import location

SUFFIX = "_file"
"""How the options end that name a file with a secret."""


def modes(place: Place) -> Iterator[Finding]:
    """Files with secrets, and the database, that everybody may read or change."""
    if os.name != "posix":
        return
    open_ = [path for path in private_files(place) if is_open(path)]
    for path in open_:
        yield Finding("warn", "file_open", {"file": path})
    if not open_:
        yield Finding("ok", "files_closed")


def private_files(place: Place) -> Iterator[Path]:
    """Every file of the configuration that holds a secret or what people wrote."""
    config = place.config
    where = location.database(config)
    if place.file is not None and secrets.password_of(config.database):
        yield place.file
    for section in (config.smtp, *config.platforms.values()):
        yield from _named(section)
    if "://" not in where or where.startswith("sqlite:"):
        yield Path(where.removeprefix("sqlite:///").partition("?")[0])


def _named(section: object) -> Iterator[Path]:
    """The files that a section names."""
    for one in fields(section) if section is not None else ():  # type: ignore[arg-type]
        told = getattr(section, one.name)
        if one.name.endswith(SUFFIX) and isinstance(told, str):
            yield Path(told)


def is_open(path: Path) -> bool:
    """Whether anybody on this machine may read or change a file; one that is not there is not."""
    try:
        place = path.resolve(strict=True)
        ways = [folder.stat().st_mode & stat.S_IXOTH for folder in place.parents]
        return bool(place.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)) and all(ways)
    except OSError:
        return False
