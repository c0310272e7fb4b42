"""What goes into the calls and what comes out of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

MAX_QUESTION = 20_000
MAX_POSTING = 200_000
MAX_BATCH = 200
MAX_CHAT = 100

Language = Literal["zh", "en", "ja", "ko"]


class RequestModel(BaseModel):
    """What a caller sends: nothing but what is described."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)


class ResponseModel(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Error(ResponseModel):
    """Why a call came to nothing."""

    error: str
    """One sentence in the language of the caller."""
    code: str
    """A word for programs: sign_in, denied, forged, host, hurried, gone, conflict, replayed, json,
    unreadable, too_large, busy, invalid, method, other, broken; of a run also rights, gates, why,
    order, date, long, open."""
    detail: str = ""
    """Which part of the input is wrong, or how to get a token."""
    reason: str = ""
    """Of sign_in: no_token or bad_token."""
    tokens: str = ""
    """Of sign_in: the page where people make tokens."""


class Ask(RequestModel):
    """A question."""

    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
    """In any of the four languages."""
    lang: Language | None = None
    """The language of the answer; without it, that of the question."""
    id: str | int | None = None
    """Comes back as it was."""
    chat: Annotated[str, Field(min_length=1, max_length=MAX_CHAT)] | None = None
    """Any text of your own: calls with the same one are one conversation, in which a question may
    lean on those before. It is yours alone; without it, a question stands by itself."""


class Alternative(ResponseModel):
    """An entry that came close."""

    entry: str
    score: float


class Source(ResponseModel):
    """Where an answer comes from."""

    id: str
    title: str | None = None
    states: str | None = None


class Word(ResponseModel):
    """A word that counted, and where it stands in the question."""

    kind: str
    text: str
    start: int
    end: int


class Shown(ResponseModel):
    """A choice in the reply, or a line of the list that was told; "the second one" picks it.

    A bare number picks a choice first.
    """

    kind: str
    """choice or line."""
    number: int
    text: str
    entry: str | None


class Also(ResponseModel):
    """The answer to a further question of the same message."""

    entry: str | None
    section: str


class Answer(ResponseModel):
    """An answer; the same object that ``zhiwen ask --json`` prints."""

    id: str | int | None
    lang: Language
    band: Literal["answer", "suggest", "decline"]
    """answer: this is it; suggest: perhaps one of the alternatives; decline: not known here."""
    intent: str
    entry: str | None
    section: str
    score: float
    alternatives: list[Alternative]
    guess: bool
    """Whether an answer is only the best guess."""
    compared: list[str]
    """Entries set side by side, in the order asked."""
    missing: list[str]
    """What is asked and held nowhere."""
    about: str
    """The entry of the conversation that the answer leans on, or an empty text."""
    asks_for: str
    """Where the reply asks back: the intent for which a thing is wanted."""
    also: list[Also]
    shown: list[Shown]
    text: str
    """The answer as people read it."""
    sources: list[Source]
    evidence: list[Word]
    knowledge_version: str
    elapsed_ms: float


class Posting(RequestModel):
    """A job posting."""

    description: Annotated[str, Field(max_length=MAX_POSTING)]
    title: Annotated[str, Field(max_length=500)] = ""
    lang: Language | None = None
    """The language it is written in; without it, that of its script."""
    id: str | int | None = None
    """Comes back as it was."""


def _one_or_many(value: Any) -> str:
    return "postings" if isinstance(value, list) else "posting"


Postings = Annotated[
    Annotated[Posting, Tag("posting")]
    | Annotated[list[Posting], Field(min_length=1, max_length=MAX_BATCH), Tag("postings")],
    Discriminator(_one_or_many),
]
"""One posting, or a list of them."""


class RunnerUp(ResponseModel):
    """The function that came second, and what it lacks."""

    function: str
    score: float
    behind: float
    missing: list[str]


class Signal(ResponseModel):
    """Words of a posting that counted for a function."""

    function: str
    text: str
    start: int
    end: int
    where: str
    weight: float
    signal: str


class Verdict(ResponseModel):
    """A verdict on a posting; the same object that ``zhiwen classify --format jsonl`` writes."""

    id: str | int | None
    lang: Language
    function: str
    family: str | None
    decision: str
    """How sure it is: take it, or let a person look at it."""
    shares: dict[str, float]
    """Function -> percent of the evidence."""
    scores: dict[str, float]
    runner_up: RunnerUp | None
    evidence: list[Signal]
    oddities: list[dict[str, Any]]
    level: dict[str, Any]
    question: list[str]
    crosswalk: list[dict[str, Any]]
    stamp: dict[str, str]
    told_apart: dict[str, str] | None
    """Close neighbours that were told apart by their words, and the sentence that does."""
    correction: dict[str, Any] | None
    """What a person decided about this posting: function, reason, by and at."""
    answer: dict[str, str | None]
    """What holds: function, family and decision, a person's where one decided (``decided``), else
    those of the verdict; ``tie`` where two functions are too close together."""
    elapsed_ms: float


class Unread(ResponseModel):
    """A posting of a list that could not be used, and why."""

    id: str | int | None
    line: int
    error: str


class EntryLine(ResponseModel):
    """An entry in a list."""

    id: str
    kind: str
    title: str


class MarketLine(ResponseModel):
    """What holds in one market only: its platforms, or a law."""

    market: Literal["cn", "tw", "hk", "jp", "kr", "us", "uk", "eu"]
    text: str
    law: str | None = None
    """The law's name as it is cited there."""
    checked: str | None = None
    """The day on which the law was last looked up."""


class EntryTold(EntryLine):
    """An entry with every section it has."""

    lang: Language
    """The language it is told in: the one asked for, if it has been translated."""
    aliases: list[str]
    origin: str
    sections: dict[str, Any]
    """Section -> text, list or objects, as the content has them."""
    general_lines: dict[str, str] = {}
    """Of an entry from an article: each line (such as ``steps.0.why``) that is ``general``
    practice, or goes ``beyond`` what the article states."""
    markets: list[MarketLine] = []
    sources: list[Source]
    knowledge_version: str


class Thumb(RequestModel):
    """A thumb up or down for an answer."""

    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
    good: bool
    entry: Annotated[str, Field(max_length=80)] | None = None
    """The entry of the answer."""
    section: Annotated[str, Field(max_length=40)] = ""
    reason: Annotated[str, Field(max_length=500)] = ""
    lang: Language | None = None


class Noted(ResponseModel):
    """What was sent is on disk."""

    ok: Literal[True] = True
