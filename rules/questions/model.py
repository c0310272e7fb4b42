"""The nouns of understanding: Utterance, Intent, Evidence, Band, Answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.engine.normal import Normal


class Band(StrEnum):
    """What a reply may do with what was found."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something in the message that counted: its words and their span in the original text."""

    kind: str
    """name, near, sound, initials, cue, limit, lead, false_friend, word, number, pronoun, chat."""
    text: str
    start: int
    end: int
    value: str = ""
    """What it stands for: an entry id, an intent, a limit."""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Mention:
    """An entry named in the message, and how surely."""

    entry: str
    start: int
    end: int
    kind: str
    strength: float
    """1 for the exact name, less for every relaxation."""
    name: str = ""
    """The name that is meant, where it is spelt in another way."""
    common: bool = False
    """Whether the name is a word of the field that turns up in every second question."""


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of the message that no name, cue or stop word explains."""

    text: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Situation:
    """A thing or state in everyday words, and where it stands (compact span)."""

    id: str
    """thing.<slug> or state.<slug>."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message's text, normalised, with everything recognised in it (spans are compact)."""

    raw: str
    normal: Normal
    language: str
    mentions: tuple[Mention, ...] = ()
    cues: tuple[Evidence, ...] = ()
    limits: tuple[Evidence, ...] = ()
    false_friends: tuple[Evidence, ...] = ()
    pronouns: tuple[Evidence, ...] = ()
    number: int | None = None
    """An ordinal, as in "the third step"."""
    words: tuple[Word, ...] = ()
    synonyms: tuple[str, ...] = ()
    """The entries' words for words that were typed."""
    subject: bool = False
    """Whether any word of the field occurs at all."""
    situation: tuple[Situation, ...] = ()
    """Things and states in everyday words."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What the person wants, and the sections that would satisfy it, best first."""

    name: str
    sections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that could answer, with its score and where the score comes from."""

    entry: str
    score: float
    section: str
    name: float = 0.0
    retrieval: float = 0.0
    coverage: float = 0.0
    frame: float = 0.0
    """How well the message shows a situation in which the entry helps."""
    used: tuple[str, ...] = ()
    """The things and states of that situation."""
    behind: float = 0.0
    """How far, in natural logarithms, the examples of another entry make the message likelier."""
    likely: float = 0.0
    """How likely the message is to the likeliest entry; the same for all candidates."""
    unheld: float = 0.0
    """The same of the likeliest kind of ask that nothing holds."""
    signs: Mapping[str, float] = field(default_factory=dict, compare=False)
    """What speaks for it, where that is to be told (`RuleBook.explaining`)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The short answer to a question of yes or no, or of which one; it stands before the rest."""

    kind: str
    """yes, no, this, neither (whose a thing is); apart (two departments); written (the judgement of
    the comparison); unsaid (no entry says whether they are the same)."""
    thing: str = ""
    """The entry that is asked about."""
    unit: str = ""
    """The entry that it belongs to."""
    others: tuple[str, ...] = ()
    """What it was asked to belong to, and does not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided about a message, with everything that led to it."""

    band: Band
    intent: str
    entry: str | None
    section: str
    score: float
    others: tuple[Candidate, ...] = ()
    compared: tuple[str, ...] = ()
    """The entries to put side by side, in the order asked."""
    limit: str | None = None
    """The subject that is openly not covered, if the message is about one."""
    evidence: tuple[Evidence, ...] = field(default=())
    near: str | None = None
    """For a decline: the function that would own the subject, if any is near."""
    guess: bool = False
    """Whether an answer is only the best guess, to be told as one."""
    missing: tuple[str, ...] = ()
    """What is asked and not held: kinds of ask (`limits.yaml`), told by name also beside an
    answer."""
    also: tuple[Answer, ...] = ()
    """Answers to further questions of the same message, in its order."""
    asks_for: str = ""
    """For a question back: the intent for which a thing is wanted."""
    about: str = ""
    """The entry of the conversation that the answer leans on; the reply says so."""
    refused: tuple[str, ...] = ()
    """Entries that the message says are not meant."""
    asked: str = ""
    """The question itself, where it is one of several of a message."""
    line: str = ""
    """How the one line of the section begins that is asked for; "" for all of them."""
    verdict: Verdict | None = None
    """The short answer, where one of yes or no, or of which one, is asked for."""
    signs: tuple[tuple[str, float], ...] = ()
    """What spoke for and against the first candidate, where its confidence decided."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a message by itself: what is read in it, what it asks, what it gets."""

    utterance: Utterance
    intent: Intent
    answer: Answer
