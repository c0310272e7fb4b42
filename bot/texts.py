"""Every sentence the bot itself says: ``locales/<language>/``, and ``locales`` of platforms."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from bot.channels.table import PLATFORMS, SHARED
from knowledge.engine import source
from knowledge.engine.source import ContentError

FOLDER = Path(__file__).parent / "locales"


def paths(language: str) -> list[Path]:
    """The files in one language: ours, and one of each chat platform."""
    modules = (*SHARED, *PLATFORMS.values())
    theirs = (_folder(module) / "locales" / f"{language}.yaml" for module in modules)
    return [*sorted((FOLDER / language).glob("*.yaml")), *theirs]


def _folder(module: str) -> Path:
    """The folder of a package, which is not imported for that."""
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None, module
    return Path(spec.origin).parent


@cache
def _locale(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in paths(language):
        document = source.read(path, f"{path.parent.parent.name}/{language}/{path.name}")
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
