"""What a check finds, and the installation it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.config import Config

Level = Literal["ok", "warn", "fail"]
PATIENCE = 2.0
"""Seconds that a database or a server of ours may take."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad, and the sentence ``doctor.<key>`` with its values."""

    level: Level
    key: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """The installation that is looked at."""

    config: Config
    content: Path
    """The content folder."""
    file: Path | None = None
    """The configuration, if there is one."""
    notice: Callable[[], None] = lambda: None
    """Called before what takes long."""


Check = Callable[[Place], Iterator[Finding]]
