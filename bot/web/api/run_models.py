"""What goes into the calls about checklist runs, and what comes out of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.web.api.models import Language, RequestModel, ResponseModel

Date = Annotated[
    str,
    Field(pattern=r"^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}),
]
"""YYYY-MM-DD."""


class Begin(RequestModel):
    """A run to begin."""

    checklist: Annotated[str, Field(min_length=1, max_length=80)]
    """The id of a checklist, such as those that ``/api/checklists`` lists."""
    title: Annotated[str, Field(max_length=120)] = ""
    """What this run is called; without it, what the checklist is called."""
    anchor: Date | None = None
    """The date T that the due dates count from."""
    lang: Language | None = None


class Assigning(RequestModel):
    """Who holds which role in a run."""

    owners: dict[str, Annotated[str, Field(max_length=80)]] = Field(default_factory=dict)
    """Role -> the name of a person; an empty one takes it away."""
    anchor: Date | Literal[""] | None = None
    """The date T; an empty one takes it away."""


class Ticking(RequestModel):
    """What became of an item."""

    item: Annotated[str, Field(pattern=r"^[0-9]{1,3}\.[0-9]{1,3}$")]
    """Its key, such as ``0.2``."""
    state: Literal["done", "na", "open"]
    """na: not applicable; needs a note that says why."""
    note: Annotated[str, Field(max_length=500)] | None = None
    """Without it, the one there is stays."""
    revision: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    """The revision of the item that the decision is based on: if somebody has changed it since,
    the call comes to nothing (409). Without it the last one wins."""


class Nothing(RequestModel):
    """An empty object."""


class Owner(ResponseModel):
    """A role of a run, and who holds it."""

    role: str
    name: str
    """What people call the role."""
    person: str | None


class RunLine(ResponseModel):
    """A run in a list."""

    id: str
    checklist: str
    title: str
    language: Language
    version: str
    """The content's version when it began."""
    mode: Literal["read_do", "do_confirm"]
    """read_do: one item after the other; do_confirm: in any order."""
    status: Literal["open", "closed", "cancelled"]
    anchor: str | None
    """The date T."""
    owners: list[Owner]
    created: float
    """Seconds since 1970, as all moments here."""
    created_by: str
    closed: float | None
    closed_by: str | None
    revision: int
    """Rises with every change of the run."""
    settled: int
    """Items done or not applicable."""
    total: int
    closable: bool
    """Whether no killer item is open."""
    gates: list[str]
    """The killer items for which it cannot be closed."""
    late: list[str]
    """Open items whose day has passed."""
    next: str | None
    """The first open item."""


class Item(ResponseModel):
    """An item of a run, and what became of it."""

    item: str
    """Its key."""
    text: str
    done_when: str
    detail: str | None
    killer: bool
    owner_role: str | None
    due: str | None
    """Counted from T, such as T-3d."""
    date: str | None
    """The day on which it is due, if T is known."""
    late: bool
    ready: bool
    """May be worked on now; in a read_do list, when those before it are settled."""
    state: Literal["done", "na", "open"]
    note: str
    by: str | None
    at: float | None
    revision: int
    """Give it back with a mark, so that nobody's work is undone unseen."""


class Section(ResponseModel):
    """A pause point of a run."""

    name: str
    caller: str
    settled: int
    total: int
    items: list[Item]


class Run(RunLine):
    """A run with its progress."""

    sections: list[Section]
