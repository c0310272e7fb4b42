"""The section ``tiny`` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set."""

    path: str
    allow: tuple[str, ...] = ()
