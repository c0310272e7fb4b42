"""The nouns of conversation: Message, Reply and its blocks, Chat, Turn, Outcome."""

from __future__ import annotations

from dataclasses import dataclass

from rules.book import RuleBook
from rules.questions.model import Answer
from rules.questions.state import EMPTY, Conversation


@dataclass(frozen=True, slots=True)
class Message:
    """What a person wrote, wherever they wrote it."""

    text: str
    language: str | None = None
    """The language the person chose; None to go by the words."""
    around: str | None = None
    """The language of the page or app, for words that are of no language, such as SEO."""
    channel: str = ""
    """Where it was written: console, web or the name of a platform; "" where nobody reads help."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of what is answered."""

    text: str
    note: str = ""
    entry: str = ""
    """The entry that is named, for a link where there are links."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; numbered when order matters."""

    items: tuple[str, ...]
    title: str = ""
    numbered: bool = False
    folds: bool = False
    """Whether the items may wait until somebody opens them, where there is little room."""


@dataclass(frozen=True, slots=True)
class Table:
    """Things side by side: a head for each column, and for each row its name and cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Footnote:
    """Where an answer comes from, and other small print."""

    text: str
    entry: str = ""
    """The entry whose sources these are, for a link where there are links."""


Block = Heading | Paragraph | Bullets | Table | Footnote


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to pick by its number."""

    label: str
    entry: str
    section: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the person; a channel draws it."""

    language: str
    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...] = ()
    prompt: str = ""
    """The sentence above the choices."""
    about: str = ""
    """The entry that is told, if one is."""
    why: tuple[str, ...] = ()
    """What led to the answer, line by line, for whoever asks."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation's state."""

    language: str | None = None
    conversation: Conversation = EMPTY
    last: Answer | None = None
    speaking: str = "zh"
    """The language of the last reply."""
    menu: tuple[str, ...] = ()
    """What a number picks where nothing can be pressed."""
    rest: str = ""
    """What did not fit into the last message."""
    awaiting: str = ""
    """What the next message is for, such as the reason for an item."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with all that a skill may look at."""

    message: Message
    chat: Chat
    book: RuleBook
    answer: Answer
    language: str
    organization: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply and the chat as it is afterwards."""

    reply: Reply
    chat: Chat
    answer: Answer
