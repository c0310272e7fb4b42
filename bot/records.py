"""What the store keeps, as plain values: people, messages of a chat, checklist runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from knowledge.engine.audience import AUDIENCE_ROLES


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may use the assistant, and as what."""

    id: str
    name: str
    roles: tuple[str, ...]
    disabled: bool = False


LOCAL = Person("local", "local", AUDIENCE_ROLES)
"""Whoever sits at this machine, where no sign-in is asked for."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One message of a chat and its reply, as plain data."""

    id: int
    asked: str
    reply: dict[str, Any]
    at: float


STATES = ("done", "na", "open")
"""What an item of a run can be; na: it does not apply."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of an item, and who said so."""

    item: str
    state: str
    """done, na (not applicable) or open."""
    note: str
    by: str
    at: float
    revision: int


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a run's history."""

    item: str
    action: str
    note: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class Run:
    """A checklist being worked through."""

    id: str
    checklist: str
    title: str
    language: str
    version: str
    template: dict[str, Any]
    """The checklist entry as it was when the run began."""
    anchor: str | None
    """The date T, as YYYY-MM-DD."""
    owners: dict[str, str]
    """Role -> the person who holds it in this run."""
    status: str
    """open or closed."""
    created: float
    created_by: str
    closed: float | None
    closed_by: str | None
    revision: int
    marks: Mapping[str, Mark]
