"""When an item of a checklist is due, in words of the language."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from bot.texts import say

_DUE = re.compile(r"T(?:([+-])(\d+)([hdw]))?")


def due_text(due: str, language: str) -> str:
    """``T-10w`` as ten weeks before; what is no such mark stays as it is."""
    return words(due, partial(say, language))


def words(due: str, tell: Callable[..., str]) -> str:
    """The same with what tells a text of the language by its key."""
    match = _DUE.fullmatch(due)
    if match is None:
        return due
    sign, number, unit = match.groups()
    if not unit:
        return tell("due.day")
    side = "before" if sign == "-" else "after"
    count = "one" if number == "1" else "many"
    return tell(f"due.{side}.{unit}.{count}", number=number)
