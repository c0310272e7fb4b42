"""Every sentence the bot itself says, from ``locales/<language>/``, a file for each area."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge.engine import source
from knowledge.engine.source import ContentError

FOLDER = Path(__file__).parent / "locales"


@cache
def _locale(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.yaml")):
        document = source.read(path, f"bot/locales/{language}/{path.name}")
        twice = [key for key in document.value or {} if key in texts]
        document.problems += (document.problem((key,), f"'{key}' is told twice") for key in twice)
        if document.problems:
            raise ContentError(document.problems)
        texts.update(document.value)
    return texts


def say(language: str, key: str, /, **values: object) -> str:
    """The text under *key* with its {placeholders} filled. Raises KeyError for an unknown key."""
    return _locale(language)[key].format(**values)


def has(language: str, key: str) -> bool:
    """Whether there is such a text."""
    return key in _locale(language)
