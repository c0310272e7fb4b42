"""What is right and what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bot.channels.table import PLATFORMS
from bot.doctor import assistants, server
from bot.doctor.model import Check, Finding, Place
from bot.doctor.running import running
from bot.errors import BadInput

__all__ = ["Finding", "Place", "examine"]
AT_ONCE = 8
"""Checks that may wait for a platform, a database or a server at the same time."""


def examine(place: Place, skip: tuple[Check, ...] = ()) -> Iterator[Finding]:
    """Every check; none of them changes anything. *skip*: but for these.

    Those that wait for others are made at once, and told in their order; what takes longest, the
    content, comes last.
    """
    platforms: list[Check] = [
        partial(_run_check, importlib.import_module(f"{PLATFORMS[name]}.doctor").look)
        for name in place.config.platforms
    ]
    checks: list[Check] = [*server.CHECKS, running, assistants.assistants, *platforms]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = [pool.submit(_all_of, check, place) for check in checks if check not in skip]
        for one in made:
            yield from one.result()
    if server.content not in skip:
        yield from server.content(place)


def _all_of(check: Check, place: Place) -> list[Finding]:
    return list(check(place))


def _run_check(check: Check, place: Place) -> Iterator[Finding]:
    """The check, to where a secret's file cannot be read: that ends it."""
    try:
        yield from check(place)
    except BadInput as error:
        yield Finding("fail", "secret_file", {"reason": error})
