"""The nouns: Key, Conversation, Verdict, Judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.questions.model import Answer

ANY = "*"
"""In the place of a section: any section of the entry."""
COMPARE = "compare"
"""In the place of an entry: the entries that follow, joined by "|", set side by side."""
Pair = tuple[str, str]
"""(entry, section), or (COMPARE, "a|b")."""


class Wanted(StrEnum):
    """What a message ought to get."""

    ANSWER = "answer"
    PARTIAL = "partial"
    """What is held, and a word on what is not."""
    DECLINE = "decline"


class Place(StrEnum):
    """Where a message stands."""

    SINGLE = "single question"
    OPENING = "opening turn"
    FOLLOW_UP = "follow-up turn"


class Verdict(StrEnum):
    """What became of a message, judged against its key."""

    RIGHT = "right first"
    GUESSED = "guessed right"
    OFFERED = "offered"
    SECTION = "right entry, wrong section"
    WRONG = "wrong"
    MISGUESSED = "guessed wrong"
    USELESS = "offered nothing useful"
    REFUSED = "refused though held"
    DECLINED = "declined well"
    NOISILY = "declined with noise"
    NOISE = "noise offered"
    NOISE_GUESSED = "noise guessed"
    ANSWERED = "answered though not held"
    UNREAD = "new entry, unread"
    """Answered by an entry that came after the keys were made: it wants a reader."""


OF_HELD = tuple(Verdict)[:8]
"""What can become of a message that ought to be answered."""
OF_NOT_HELD = tuple(Verdict)[8:13]
"""What can become of one that ought to be declined."""
GOOD = frozenset({Verdict.RIGHT, Verdict.GUESSED, Verdict.DECLINED})
PLAIN = (Verdict.RIGHT, Verdict.SECTION, Verdict.WRONG, Verdict.ANSWERED)
"""Answered plainly, not as a guess: what the precision of answers is about."""


@dataclass(frozen=True, slots=True)
class Key:
    """One message and what a strict asker takes as the reply to it."""

    say: str
    wanted: Wanted
    accept: tuple[Pair, ...] = ()
    best: Pair | None = None
    useful: frozenset[str] = frozenset()
    """Entries that help this asker when they are offered."""
    missing: str = ""
    """What is to be said to be missing."""
    kind: str = ""
    note: str = ""

    @property
    def helpful_entries(self) -> frozenset[str]:
        """Entries whose offer helps: the useful ones and the accepted ones."""
        return self.useful | {entry for entry, _ in self.accept}


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages that are asked one after the other in one chat; a single question is one of one."""

    id: str
    """As its line names it, otherwise file and line."""
    language: str
    turns: tuple[Key, ...]
    entries: frozenset[str] | None = None
    """The entries there were when the keys were made, if that is known."""

    def place(self, at: int) -> Place:
        """Where the turn of that index stands."""
        if at:
            return Place.FOLLOW_UP
        return Place.OPENING if len(self.turns) > 1 else Place.SINGLE


@dataclass(frozen=True, slots=True)
class Judged:
    """A message, what it got and the verdict on that."""

    conversation: Conversation
    at: int
    """Index of the turn."""
    answer: Answer
    verdict: Verdict

    @property
    def key(self) -> Key:
        """The message and what it ought to get."""
        return self.conversation.turns[self.at]

    @property
    def language(self) -> str:
        """The language of the conversation."""
        return self.conversation.language

    @property
    def place(self) -> Place:
        """Where the message stands."""
        return self.conversation.place(self.at)
