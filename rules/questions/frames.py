"""Everyday words: things and what is with them -> the entries that help in such a situation."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rules.questions.model import Situation

SPREAD, LEFT = 3.0, 0.25
"""How fast a frame grows sure with the weight of its words, and with fewer words left over."""
LONE = 0.6
"""What a thing without a state counts, or a state without a thing."""
SIDE, ANY, ALL, ASK = ":", "|", "&", "@"


@dataclass(frozen=True, slots=True)
class Frame:
    """One situation in which a section of an entry helps."""

    entry: str
    section: str
    things: tuple[frozenset[str], ...]
    """Groups: of each one at least one must be there."""
    states: tuple[frozenset[str], ...]
    asks: frozenset[str]
    """Intents one of which must be asked; empty: any."""
    text: str
    """As the entry writes it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A frame that a message shows."""

    frame: Frame
    score: float
    used: frozenset[str]


class Frames:
    """The frames of all entries, found by the things and states of a message."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self.frames = tuple(frames)
        self._by_id: defaultdict[str, list[int]] = defaultdict(list)
        users: defaultdict[str, set[str]] = defaultdict(set)
        entries = set()
        for number, frame in enumerate(self.frames):
            entries.add(frame.entry)
            first = (frame.things or frame.states or (frozenset(),))[0]
            for id_ in first:
                self._by_id[id_].append(number)
            for group in (*frame.things, *frame.states):
                for id_ in group:
                    users[id_].add(frame.entry)
        self._weight = {id_: math.log(1 + len(entries) / len(used)) for id_, used in users.items()}

    def matches(
        self, situation: Iterable[Situation], asks: frozenset[str], left: float
    ) -> dict[str, Match]:
        """The best frame of each entry; *left*: the weight of words that nothing explains."""
        there = frozenset(s.id for s in situation)
        numbers = {n for id_ in there for n in self._by_id.get(id_, ())}
        best: dict[str, Match] = {}
        for number in sorted(numbers):
            match = self._match(self.frames[number], there, asks, left)
            if match and match.score > best.get(match.frame.entry, _NONE).score:
                best[match.frame.entry] = match
        return best

    def _match(
        self, frame: Frame, there: frozenset[str], asks: frozenset[str], left: float
    ) -> Match | None:
        if frame.asks and not frame.asks & asks:
            return None
        used: set[str] = set()
        weight = 0.0
        for group in (*frame.things, *frame.states):
            found = group & there
            if not found:
                return None
            used |= found
            weight += max(self._weight[id_] for id_ in found)
        if not (frame.things and frame.states) and not frame.asks:
            weight *= LONE
        return Match(frame, weight / (weight + LEFT * left + SPREAD), frozenset(used))


_NONE = Match(Frame("", "", (), (), frozenset(), ""), 0.0, frozenset())


def parse(entry: str, section: str, text: str) -> Frame:
    """``things:states@asks`` -> a frame."""
    sides, _, asks = text.partition(ASK)
    things, _, states = sides.partition(SIDE)
    wanted = frozenset(filter(None, asks.split(ANY)))
    return Frame(entry, section, _groups("thing", things), _groups("state", states), wanted, text)


def _groups(kind: str, text: str) -> tuple[frozenset[str], ...]:
    groups = (group.split(ANY) for group in text.split(ALL) if group)
    return tuple(frozenset(f"{kind}.{id_}" for id_ in group) for group in groups)
