"""config.yaml and the environment -> a frozen Config."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from pathlib import Path
from typing import Any, Literal

from bot.channels.table import PLATFORMS
from bot.reminders.settings import Smtp
from knowledge.engine import shape, source
from knowledge.engine.source import ContentError, Document, Problem


@dataclass(frozen=True, slots=True)
class Options:
    """Every option of ours, with its default; ``config.example.yaml`` explains each."""

    language: Literal["auto", "zh", "en", "ja", "ko"] = "auto"
    organization: str = "none"
    colour: Literal["auto", "always", "never"] = "auto"
    history: str | None = None
    overlay: str | None = None
    database: str = "data/zhiwen.db"
    """A file, or the URL of a PostgreSQL database; ``$ZHIWEN_DATABASE`` goes before it."""
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int | None = None
    auth: Literal["none", "password", "header"] = "none"
    auth_header: str = "X-Forwarded-User"
    roles_header: str | None = None
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    secure_cookies: bool = False
    smtp: Smtp | None = None
    """The mail server that daily digests are sent by; without it there are no mails."""

    @property
    def profile(self) -> str | None:
        """The organization that owner questions are answered with, if one is configured."""
        return None if self.organization == "none" else self.organization


@dataclass(frozen=True, slots=True)
class Config(Options):
    """The options, and the section of each chat platform that is configured."""

    platforms: Mapping[str, Any] = field(default_factory=dict)
    """Name -> the ``Settings`` of `bot.channels.<name>.settings`."""

    def platform(self, name: str) -> Any:
        """The section of a platform that is configured."""
        return self.platforms[name]


def load(path: str | None = None) -> Config:
    """The configuration at *path*, ``$ZHIWEN_CONFIG`` or ``config.yaml`` if there is one.

    Raises ContentError for a file that is missing though named, or that does not fit.
    """
    named = path or os.environ.get("ZHIWEN_CONFIG")
    place = path_of(path)
    if place is None:
        if named:
            place = Path(named)
            raise ContentError([Problem(str(place), 1, "error", "there is no such file")])
        return Config()
    if not any(_says_something(line) for line in _lines(place)):
        return Config()
    document = source.read(place, str(place))
    config = _build(document)
    if document.problems:
        raise ContentError(document.problems)
    return config


def path_of(path: str | None = None) -> Path | None:
    """The configuration that `load` would read; None where there is none."""
    place = Path(path or os.environ.get("ZHIWEN_CONFIG") or "config.yaml")
    return place if place.is_file() else None


def _lines(place: Path) -> list[bytes]:
    return place.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()


def _says_something(line: bytes) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(b"#")


def _build(document: Document) -> Config:
    """The options of ours and those of every platform, checked in one go."""
    if document.value is None:
        return Config()
    sections = [(name, settings | None, None) for name, settings in settings_of_platforms()]
    whole = make_dataclass("Whole", sections, bases=(Options,), frozen=True, slots=True)
    built = shape.build(whole, document, document.value)
    if built is None:
        return Config()
    named = {name: getattr(built, name) for name, _, _ in sections}
    ours = {one.name: getattr(built, one.name) for one in fields(Options)}
    return Config(**ours, platforms={k: v for k, v in named.items() if v is not None})


def settings_of_platforms() -> Iterator[tuple[str, Any]]:
    """(name, class of its section) of each platform."""
    for name, module in PLATFORMS.items():
        yield name, importlib.import_module(f"{module}.settings").Settings
