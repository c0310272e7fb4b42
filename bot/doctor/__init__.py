"""What is right and what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

from bot.channels.table import PLATFORMS
from bot.doctor import assistants, server
from bot.doctor.model import Check, Finding, Place
from bot.errors import BadInput

__all__ = ["Finding", "Place", "examine"]


def examine(place: Place, skip: tuple[Check, ...] = ()) -> Iterator[Finding]:
    """Every check, one after the other; none of them changes anything. *skip*: but for these."""
    for check in server.CHECKS:
        if check not in skip:
            yield from check(place)
    yield from assistants.assistants(place)
    for name in place.config.platforms:
        yield from _run_check(importlib.import_module(f"{PLATFORMS[name]}.doctor").look, place)


def _run_check(check: Check, place: Place) -> Iterator[Finding]:
    """The check, to where a secret's file cannot be read: that ends it."""
    try:
        yield from check(place)
    except BadInput as error:
        yield Finding("fail", "secret_file", {"reason": error})
