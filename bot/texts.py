"""Every sentence the bot itself says, from ``locales/``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from knowledge import source
from knowledge.source import ContentError

FOLDER = Path(__file__).parent / "locales"


@cache
def _locale(language: str) -> dict[str, str]:
    path = FOLDER / f"{language}.yaml"
    document = source.read(path, f"bot/locales/{path.name}")
    if document.problems:
        raise ContentError(document.problems)
    return dict(document.value)


def say(language: str, key: str, /, **values: object) -> str:
    """The text under *key* with its {placeholders} filled. Raises KeyError for an unknown key."""
    return _locale(language)[key].format(**values)


def has(language: str, key: str) -> bool:
    """Whether there is such a text."""
    return key in _locale(language)
