"""The nouns of the corridor: what comes in, what goes back, and what a channel can show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.model import Attachment, Block, Card


@dataclass(frozen=True, slots=True)
class Capability:
    """What a channel can do."""

    channel: str
    """Its name in the configuration and in the database."""
    limit: int = 0
    """The longest text of one message; 0 where there is no bound."""
    unit: Literal["utf16", "bytes"] = "utf16"
    """What *limit* counts: UTF-16 code units, or bytes of UTF-8."""
    buttons: bool = True
    """Whether choices can be pressed; else they are numbered and typed."""
    messages: int = 1
    """How many messages one reply may become; what is left waits for "continue"."""
    files: bool = False
    """Whether files can be sent back."""
    any_case: bool = False
    """Whether ids of people that differ in case alone are the same; they come in lower case."""
    asks_again: bool = False
    """Whether the platform fetches a reply, and asks again for one that it did not get."""
    words: bool = True
    """Whether plain words for commands, such as "help", are understood in what is typed."""
    slashes: bool = True
    """Whether commands such as "/help" are."""
    offers_more: bool = True
    """Whether a reply brings what else can be done: begin a checklist, judge an answer. A page has
    places of its own for that."""


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
    """One message or press in a channel."""

    id: str
    """The platform's own number of it, by which a repetition is known."""
    chat: str
    """The platform's id of the conversation, thread included."""
    sender: str
    """The platform's id of the person; never a name."""
    text: str = ""
    press: str = ""
    """The identity of the action that was pressed."""
    message: str = ""
    """The platform's number of the message on which that was."""
    file: File | None = None
    language: str | None = None
    """What the person's app or page is set to, if it is one of ours."""
    chosen_language: str | None = None
    """The language that the person has chosen, where the channel knows that and not the chat."""
    group: bool = False
    """Whether others read along."""
    checked: tuple[str, ...] | None = None
    """The items that are checked on a card with many boxes."""
    sentence: str = ""
    """The key of a sentence that is all there is to say to it, whoever sent it."""
    preface: str = ""
    """The key of a sentence that is to stand before the reply."""
    is_admitted: bool = False
    """Whether the platform itself says that they may ask, as by their department."""


@dataclass(frozen=True, slots=True)
class Button:
    """An action as a platform shows it."""

    label: str
    data: str
    """The identity of the action, which comes back when it is pressed; at most 64 bytes."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A reply made fit for a platform; empty where nothing goes back, as to strangers in groups."""

    language: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    """Rows of buttons below the last message."""
    card: Card | None = None
    card_data: str = ""
    """The identity of the card's action."""
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
class SearchResult:
    """One result of a search inside somebody's own message (inline mode)."""

    id: str
    title: str
    summary: str
    message: OutgoingMessage
