"""What a verdict on a posting holds: frozen values, the same facts as the JSON of ``classify``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Language = Literal["zh", "en", "ja", "ko"]
Key = str | int | None
"""What a caller calls a posting."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting as given to `classify_batch`."""

    description: str
    """Plain text or HTML; of more than 50,000 characters the beginning is read."""
    title: str = ""
    id: Key = None
    """Comes back with the verdict."""
    language: Language | None = None
    """The language it is written in; None to go by its script."""


class Share(NamedTuple):
    """How much of the evidence speaks for a function; ``dict(verdict.shares)`` is a mapping."""

    function: str
    percent: float
    """0 to 100; those of one verdict add up to 100, rounding aside."""


class Signal(NamedTuple):
    """A phrase that counted."""

    function: str
    text: str
    start: int
    end: int
    """Characters, from 0, of the title where *where* is ``title``, else of the description."""
    where: str
    """title, duties, requirements or other."""
    weight: float
    signal: str
    """The duty it shows, or ``title``."""


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The function that came second."""

    function: str
    score: float
    behind: float
    """The evidence it lacks to be first."""
    missing: tuple[str, ...]
    """Its duties that the posting does not mention."""


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that HR should look at."""

    kind: str
    """age, sex, marital, appearance, catch_all (words); title_mismatch, mixed, missing_core,
    no_duties, cut (facts)."""
    text: str = ""
    where: str = ""
    start: int = 0
    end: int = 0
    values: tuple[str, ...] = ()


class Level(NamedTuple):
    """How senior the work is; None for what the posting does not say."""

    rank: str | None
    """intern, specialist, senior, manager or director."""
    years: tuple[int, int | None] | None
    """Years of experience: at least, at most."""
    people: int | None
    """How many are to be managed."""


class Code(NamedTuple):
    """An occupation of a public catalogue."""

    scheme: str
    code: str
    title: str
    match: str
    """exact, close, narrower (ours is the narrower one) or broader."""
    mark: str
    """How far it was verified: V2, V1, S, D or U (docs/postings.md)."""
    uri: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a posting."""

    id: Key
    language: Language
    function: str
    """A function such as ``content_operations``, or ``out_of_scope``."""
    family: str | None
    """For a posting out of scope: its trade, if one was found."""
    decision: Literal["auto", "review", "ask", "out_of_scope"]
    """auto and out_of_scope may be used as they are; review and ask are for a person."""
    shares: tuple[Share, ...]
    """The largest first."""
    scores: tuple[tuple[str, float], ...]
    """Function or family and its weights added up; the highest first, at most eight."""
    runner_up: RunnerUp | None
    evidence: tuple[Signal, ...]
    oddities: tuple[Oddity, ...]
    level: Level
    question: tuple[str, ...]
    """For ``ask``: the functions of which a person picks one."""
    codes: tuple[Code, ...]
    version: str
    """Of the rules."""
    input: str
    """A hash of title and description."""
    elapsed_ms: float = field(compare=False)
    """Milliseconds; takes no part in comparing verdicts."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A posting of a batch that could not be classified, in its place."""

    id: Key
    number: int
    """Its place in the batch, from 1."""
    error: str
    """What is wrong with it, in English."""


def verdict_of(row: Mapping[str, Any]) -> Verdict | Unusable:
    """What the fixed JSON object *row* describes (docs/commands.md)."""
    if "error" in row:
        return Unusable(row["id"], row["line"], row["error"])
    runner = row["runner_up"]
    return Verdict(
        id=row["id"],
        language=row["lang"],
        function=row["function"],
        family=row["family"],
        decision=row["decision"],
        shares=tuple(Share(*share) for share in row["shares"].items()),
        scores=tuple(row["scores"].items()),
        runner_up=runner and RunnerUp(**{**runner, "missing": tuple(runner["missing"])}),
        evidence=tuple(Signal(**signal) for signal in row["evidence"]),
        oddities=tuple(
            Oddity(**{**odd, "values": tuple(odd.get("values", ()))}) for odd in row["oddities"]
        ),
        level=Level(**row["level"]),
        question=tuple(row["question"]),
        codes=tuple(Code(**{"uri": "", **code}) for code in row["crosswalk"]),
        version=row["stamp"]["version"],
        input=row["stamp"]["input"],
        elapsed_ms=row["elapsed_ms"],
    )
