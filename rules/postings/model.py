"""The nouns of classification: Posting, Signal, Flag, Level, RunnerUp, Stamp, Verdict."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from rules.postings.shapes import Law

OUT_OF_SCOPE = "out_of_scope"


class Decision(StrEnum):
    """What may be done with a verdict."""

    AUTO = "auto"
    REVIEW = "review"
    ASK = "ask"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Posting:
    """A job posting as given."""

    description: str
    title: str = ""
    language: str | None = None
    """zh, en, ja or ko; None to go by the script."""


class Signal(NamedTuple):
    """A phrase that fired: its words and their span in the title or the description."""

    function: str
    """A function or a family."""
    text: str
    start: int
    end: int
    where: str
    """title, duties, requirements or other."""
    weight: float
    """What it added to the score of its function."""
    signal: str
    """The duty it shows, or ``title``."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a posting that HR should look at."""

    kind: str
    """age, sex, origin, marital, appearance, catch_all (words); title_mismatch, mixed,
    missing_core, no_duties, several_openings, cut (facts)."""
    text: str = ""
    """The words, where words are flagged."""
    where: str = ""
    start: int = 0
    end: int = 0
    values: tuple[str, ...] = ()
    """What else the sentence about it names: functions or duties."""
    laws: tuple[Law, ...] = ()
    """The laws of the posting's market that speak of such words, where a source was read."""


@dataclass(frozen=True, slots=True)
class Level:
    """How senior the work is, as far as the posting says."""

    rank: str | None = None
    """intern, specialist, senior, manager or director."""
    years: tuple[int, int | None] | None = None
    """Years of experience asked for: at least, at most."""
    people: int | None = None
    """People to be managed."""


class ToldApart(NamedTuple):
    """Two neighbours between whom a few words decided."""

    first: str
    second: str
    contest: int
    """Its place in ``contests.yaml``, which holds the sentence that tells the two apart."""


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The function that came second, and what would put it first."""

    function: str
    score: float
    behind: float
    """The evidence it lacks."""
    missing: tuple[str, ...] = ()
    """Its duties that the posting never mentions, core ones first."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a verdict rests on, so that it can be had again."""

    version: str
    """Hash of all posting rules."""
    input: str
    """Hash of title and description."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a posting, with everything that led to it."""

    language: str
    function: str
    """A function, or ``out_of_scope``."""
    family: str | None
    """For a posting out of scope: the trade it belongs to, if any is known."""
    decision: Decision
    shares: dict[str, float]
    """Function (or ``out_of_scope``) -> percent of the evidence, the first one first."""
    scores: dict[str, float]
    """Function or family -> its evidence added up, the highest first."""
    runner_up: RunnerUp | None
    evidence: tuple[Signal, ...]
    flags: tuple[Flag, ...]
    level: Level
    stamp: Stamp
    question: tuple[str, ...] = field(default=())
    """For `ask`: the functions one of which the person picks."""
    told_apart: ToldApart | None = None
    """Where the lead was small: the neighbours that were weighed against each other once more."""
