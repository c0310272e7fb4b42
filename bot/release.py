"""Which release of this program it is."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def release() -> str:
    """The release of this program that runs here."""
    try:
        return version("zhiwen")
    except PackageNotFoundError:
        return "unknown"
