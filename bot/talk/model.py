"""The nouns of chat platforms: what comes in, what goes back, and what a platform can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.model import Block


@dataclass(frozen=True, slots=True)
class Capability:
    """What a platform can do."""

    channel: str
    """Its name in the configuration and in the database."""
    limit: int
    """The longest text of one message."""
    unit: Literal["utf16", "bytes"]
    """What *limit* counts: UTF-16 code units, or bytes of UTF-8."""
    buttons: bool
    """Whether choices can be pressed; else they are numbered and typed."""
    messages: int
    """How many messages one reply may become; what is left waits for "continue"."""
    files: bool
    """Whether files can be sent back."""
    any_case: bool = False
    """Whether ids of people that differ in case alone are the same; they come in lower case."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody sent; it is fetched only when they may have it read."""

    name: str
    size: int
    """Bytes, as the platform says; 0 where it does not."""
    fetch: Callable[[], bytes]
    """Fetches it; raises OSError where that fails."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message or press on a platform."""

    id: str
    """The platform's own number of it, by which a repetition is known."""
    chat: str
    """The platform's id of the conversation, thread included."""
    sender: str
    """The platform's id of the person; never a name."""
    text: str = ""
    press: str = ""
    """The data of the button that was pressed."""
    message: str = ""
    """The platform's number of the message on which that was."""
    file: File | None = None
    language: str | None = None
    """What the person's app is set to, if it is one of ours."""
    group: bool = False
    """Whether others read along."""
    chosen: tuple[str, ...] | None = None
    """The items that are checked on a card with many boxes."""
    sentence: str = ""
    """The key of a sentence that is all there is to say to it, whoever sent it."""
    admitted: bool = False
    """Whether the platform itself says that they may ask, as by their department."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press, or to pick by its number."""

    label: str
    data: str = ""
    """What comes back when it is pressed; at most 64 bytes."""


@dataclass(frozen=True, slots=True)
class Box:
    """One line of a checklist card."""

    key: str
    number: int
    """Its place on the page, from 1."""
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A page of a checklist run, for a platform that has cards with boxes."""

    run: str
    title: str
    subtitle: str
    boxes: tuple[Box, ...]
    submit: str
    """The label of the button that sends what is checked."""
    data: str = ""
    """What comes back with it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send back."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Said:
    """What goes back; empty where nothing does, as to strangers in a group."""

    language: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    """Rows of buttons below the last message."""
    card: Card | None = None
    files: tuple[Attachment, ...] = ()
    notice: str = ""
    """A line for the one who pressed, shown and gone."""
    edits: bool = False
    """Whether it takes the place of the message that was pressed."""
    texts: tuple[str, ...] = ()
    """The same as plain text, split to fit the platform, for one that has nothing better."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to send."""
        return not (self.blocks or self.files or self.notice or self.card)


@dataclass(frozen=True, slots=True)
class Found:
    """One result of a search inside somebody's own message (inline mode)."""

    id: str
    title: str
    summary: str
    said: Said
