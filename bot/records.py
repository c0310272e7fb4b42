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
    id: int = 0


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
    """open, closed or cancelled."""
    created: float
    created_by: str
    closed: float | None
    closed_by: str | None
    revision: int
    marks: Mapping[str, Mark]
    archived: float | None = None
    """When it was put away, if it was."""
    repeats: dict[str, Any] | None = None
    """The rule of one that comes again: the days of the month on which it begins and ends."""
    next_start: str | None = None
    """The day on which the next one begins, as YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class Template:
    """A checklist that somebody wrote, to begin runs of."""

    id: str
    title: str
    language: str
    text: str
    """As it was typed."""
    content: dict[str, Any]
    """The checklist that was read in it."""
    owner: str
    """The name of whoever it belongs to."""
    roles: tuple[str, ...]
    """Those who see it besides its owner; nobody named: everyone."""
    created: float
    changed: float
    changed_by: str
    revision: int
    retired: float | None = None


HOUR = 9
"""When people are told who have not said when."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to be told what is due."""

    person: str
    hour: int = HOUR
    off: tuple[str, ...] = ()
    """The channels in which they do not want to be told: telegram, wecom, email, badge."""
    email: str | None = None
    confirmed: float | None = None
    """When they showed that the address is theirs."""
    language: str | None = None
    zone: str | None = None
    """The IANA time zone that the hour is of; None for that of the server."""
