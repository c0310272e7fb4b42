"""What goes into the tools and what comes out of them; their schemas are made of these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from bot.ask import MAX_CHAT
from bot.web.api.models import (
    MAX_POSTING,
    MAX_QUESTION,
    EntryLine,
    Language,
    RequestModel,
    ResponseModel,
    RunnerUp,
    Shown,
    Source,
)
from bot.web.api.run_models import Begin, RunLine, Ticking

Kind = Literal[
    "role", "department", "comparison", "stage", "practice", "misconception", "concept", "metric",
    "tool", "checklist", "organization", "faq",
]  # fmt: skip
Id = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Ask(RequestModel):
    """A question in any of the four languages, as the person put it."""

    question: Annotated[str, Field(min_length=1, max_length=MAX_QUESTION)]
    language: Language | None = None
    """Of the answer; without it, that of the question."""
    chat: Annotated[str, Field(min_length=1, max_length=MAX_CHAT)] | None = None
    """A name of your own for this conversation: with the same one a question may lean on those
    before it ("and its metrics?", "the second one"). Without it the question stands by itself."""


class Search(RequestModel):
    """Words to look for in the entries."""

    words: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Kind | None = None
    language: Language | None = None
    limit: Annotated[int, Field(ge=1, le=40)] = 10


class Read(RequestModel):
    """An entry to read."""

    id: Id
    """As search_entries gives it, such as ``role.content_operations``."""
    language: Language | None = None


class Compare(RequestModel):
    """Entries to set side by side."""

    ids: Annotated[list[Id], Field(min_length=2, max_length=4)]
    language: Language | None = None


class Classify(RequestModel):
    """A job posting."""

    description: Annotated[str, Field(max_length=MAX_POSTING)]
    """The whole text, not a summary: the verdict rests on its words."""
    title: Annotated[str, Field(max_length=500)] = ""
    language: Language | None = None
    """The language it is written in; without it, that of its script."""


class Draft(RequestModel):
    """A role to draft a posting for."""

    role: Id
    """Its id, such as ``role.content_operations``."""
    language: Language | None = None


class Listing(RequestModel):
    """Which checklists to list."""

    need: Annotated[str, Field(max_length=200)] = ""
    """What is prepared for, in everyday words; without it, all of them."""
    language: Language | None = None


class Runs(RequestModel):
    """Which runs to list."""

    status: Literal["open", "closed"] | None = None


class OneRun(RequestModel):
    """A run to read."""

    id: Annotated[str, Field(min_length=1, max_length=32)]


class Start(Begin):
    """A run to begin."""


class Tick(Ticking):
    """What became of an item of a run."""

    run: Annotated[str, Field(min_length=1, max_length=32)]
    """The id of the run."""


class Answer(ResponseModel):
    """An answer, or that there is none."""

    answered: bool
    """False: nothing here surely answers it; pass ``text`` on and add nothing of your own."""
    band: Literal["answer", "suggest", "decline"]
    """suggest: perhaps one of the alternatives is meant; ask. decline: not known here."""
    text: str
    """What people read. Quote it word for word."""
    refusal: str | None
    """Where there is no answer, why: the same words as in ``text``."""
    entry: str | None
    title: str | None
    """Of that entry."""
    section: str
    """The part of the entry that was told."""
    citations: list[Source]
    """Where it comes from; an id alone (``general``, ``ours``) means no article stands behind."""
    missing: list[str]
    """What was asked and is held nowhere: say so, and do not fill it in."""
    guess: bool
    """Whether it is only the best guess: ask the person whether that was meant."""
    alternatives: list[EntryLine]
    choices: list[Shown]
    """With ``chat``, the next question may be the number of one of these."""
    compared: list[str]
    language: Language
    chat: str | None
    knowledge_version: str


class Hit(EntryLine):
    """An entry that fits the words."""

    summary: str
    language: Language
    """Of the summary."""


class Found(ResponseModel):
    """Entries that fit, the best first; none where nothing does."""

    entries: list[Hit]
    knowledge_version: str


class Cycle(ResponseModel):
    """The brand cycle: its steps in order."""

    title: str
    summary: str
    steps: list[Hit]
    citations: list[Source]
    knowledge_version: str


class Compared(ResponseModel):
    """Entries side by side."""

    entries: list[Hit]
    written: str | None
    """The id of the comparison that was written about just these, if there is one."""
    heads: list[str]
    rows: list[list[str]]
    """The name of each row, then a cell for each head."""
    text: str
    """The same as people read it. Quote it word for word."""
    citations: list[Source]
    language: Language
    knowledge_version: str


class Verdict(ResponseModel):
    """What a posting was found to be."""

    decision: Literal["auto", "out_of_scope", "review", "ask"]
    """auto: use it; out_of_scope: another trade; review: a person should look; ask: pick one of
    ``question``."""
    function: str
    name: str
    """What people call the function."""
    family: str | None
    """Out of scope: the other trade."""
    shares: dict[str, float]
    """Function -> percent of the evidence."""
    runner_up: RunnerUp | None
    evidence: list[str]
    """The words of the posting that counted most, the weightiest first."""
    flags: list[str]
    """What HR should look at, a sentence each."""
    question: list[str]
    told_apart: dict[str, str] | None
    """Close neighbours that were told apart by their words, and the sentence that does."""
    answer: dict[str, str | None]
    """What holds: function, family and decision, a person's where one decided (``decided``), else
    those of the verdict; ``tie`` where two functions are too close together."""
    correction: str | None
    """The function that a person decided for, about this very text."""
    decided: dict[str, Any] | None
    """All of what that person decided: function, reason, by and at."""
    language: Language


class Posting(ResponseModel):
    """A draft of a posting: what the role does, and nothing about the person."""

    role: str
    title: str
    duties: list[str]
    requirements: list[str]
    to_fill: str
    """What is left open, to be filled in by a person."""
    text: str
    """The same as people read it."""
    citations: list[Source]
    language: Language


class Item(ResponseModel):
    """An item of a checklist."""

    item: str
    """Its key, by which a run ticks it."""
    text: str
    done_when: str
    killer: bool
    """Whether a run cannot be closed without it."""
    owner_role: str | None
    due: str | None


class Pause(ResponseModel):
    """A pause point of a checklist."""

    name: str
    caller: str
    items: list[Item]


class Checklist(EntryLine):
    """A checklist as it stands in the content."""

    mode: Literal["read_do", "do_confirm"]
    sections: list[Pause]
    citations: list[Source]
    language: Language
    knowledge_version: str


class Checklists(ResponseModel):
    """Checklists of which a run can be started."""

    checklists: list[EntryLine]


class RunList(ResponseModel):
    """Runs, the newest first."""

    runs: list[RunLine]
