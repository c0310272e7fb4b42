"""A cue such as ``(做|干)(什么|啥)`` -> the literal phrases it stands for.

``(a|b)`` is a choice, ``[x]`` may be absent, `` … `` separates parts that must follow in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from knowledge.engine.model import LANGUAGES

GAP = "…"
MAX_PHRASES = 200
_PART = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]|([^()\[\]]+)")


class CueError(ValueError):
    """A cue that cannot be read; says why."""


def expand(cue: str) -> tuple[str, ...]:
    """All phrases of a cue. Raises CueError for unbalanced or nested brackets, or too many."""
    choices: list[tuple[str, ...]] = []
    at = 0
    for part in _PART.finditer(cue):
        if part.start() != at:
            raise CueError(f"'{cue}': brackets are nested or not closed")
        at = part.end()
        one_of, optional, plain = part.groups()
        if one_of is not None:
            choices.append(tuple(one_of.split("|")))
        elif optional is not None:
            choices.append(("", *optional.split("|")))
        else:
            choices.append((plain,))
    if at != len(cue):
        raise CueError(f"'{cue}': brackets are nested or not closed")
    phrases = tuple(dict.fromkeys("".join(parts).strip() for parts in product(*choices)))
    if len(phrases) > MAX_PHRASES:
        raise CueError(f"'{cue}' stands for {len(phrases)} phrases; at most {MAX_PHRASES}")
    return tuple(phrase for phrase in phrases if phrase)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of each language."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    ja: tuple[str, ...] = ()
    ko: tuple[str, ...] = ()

    def all(self) -> Iterator[tuple[str, str]]:
        """(language, phrase) of every phrase, cues expanded."""
        for language in LANGUAGES:
            for cue in getattr(self, language):
                for phrase in expand(cue):
                    yield language, phrase


NO_PHRASES = Phrases()
