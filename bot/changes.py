"""What a reply brings about: plain values, written down in one transaction with the reply."""

from __future__ import annotations

from dataclasses import dataclass

from bot.records import Run


@dataclass(frozen=True, slots=True)
class BeginRun:
    """A new run."""

    run: Run


@dataclass(frozen=True, slots=True)
class MarkItem:
    """An item of a run is done, open again, or does not apply."""

    run: str
    item: str
    state: str
    by: str
    note: str | None
    seen_revision: int
    """The revision of the item that this follows."""


@dataclass(frozen=True, slots=True)
class CloseRun:
    """A run is closed, on the revision that was *seen*."""

    run: str
    by: str
    seen_revision: int
    why: str = ""
    """The reason, where it is closed although items that must pass are not done."""


@dataclass(frozen=True, slots=True)
class ReopenRun:
    """A closed run goes on."""

    run: str
    by: str


@dataclass(frozen=True, slots=True)
class AssignRun:
    """The owners and the date of a run, on the revision that was *seen*."""

    run: str
    owners: dict[str, str]
    anchor: str | None
    by: str
    seen_revision: int


@dataclass(frozen=True, slots=True)
class Judge:
    """A thumb on an answer that was kept as *message*."""

    message: int
    question: str
    entry: str | None
    section: str
    good: bool
    language: str
    version: str


@dataclass(frozen=True, slots=True)
class Remind:
    """How somebody is reminded in a channel from now on."""

    person: str
    channel: str
    wanted: bool
    hour: int
    language: str


@dataclass(frozen=True, slots=True)
class CorrectVerdict:
    """What a person decided about a posting."""

    by: str
    input: str
    was: str
    decided: str
    reason: str
    source: str
    language: str
    signals: tuple[tuple[str, str, str, float], ...]
    version: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """A decision about a posting is taken back."""

    id: int
    by: str


@dataclass(frozen=True, slots=True)
class ForgetChat:
    """The conversation with everything said in it goes."""


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """A person goes with everything that is theirs."""

    person: str
    name: str


Change = (
    BeginRun
    | MarkItem
    | CloseRun
    | ReopenRun
    | AssignRun
    | Judge
    | Remind
    | CorrectVerdict
    | TakeBack
    | ForgetChat
    | ErasePerson
)
