"""The nouns of conversation: Message, Reply with its blocks and actions, Chat, Turn, Outcome."""

from __future__ import annotations

from dataclasses import dataclass

from bot.changes import Change
from rules.book import RuleBook
from rules.questions.model import Answer, Band
from rules.questions.state import EMPTY, Conversation


@dataclass(frozen=True, slots=True)
class Message:
    """What a person wrote, wherever they wrote it."""

    text: str
    language: str | None = None
    """The language the person chose; None to go by the words."""
    page_language: str | None = None
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
    links: tuple[str, ...] = ()
    """The pages of ours that the items are about, where there are links; none, or one an item."""


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
    section: str = ""
    """The section of it that was told; "" for several."""


Block = Heading | Paragraph | Bullets | Table | Footnote


PICK = "pick"
"""The kind of an action that picks one of what is offered."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done by pressing it, or by its number: what, to what, and its name.

    Where a reply is kept each of its actions has an identity: the secret of the reply and its
    place there, good for one chat, one message and, unless the reply is shared, one person.
    """

    label: str
    kind: str
    """A key of `bot.chat.actions.ACTIONS`."""
    arguments: tuple[str, ...] = ()
    quiet: bool = False
    """Whether it is left out where nothing can be pressed."""
    beside: bool = False
    """Whether it stands in one row with the action before it."""

    @property
    def entry(self) -> str:
        """Of a pick: the entry."""
        return self.arguments[0] if self.kind == PICK else ""

    @property
    def section(self) -> str:
        """Of a pick: the section."""
        return self.arguments[1] if self.kind == PICK else ""


def pick(label: str, entry: str, section: str) -> Action:
    """The action that has a section of an entry told."""
    return Action(label, PICK, (entry, section))


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
    submit: Action
    """What sends off what is checked."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send back."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the person; a channel draws it."""

    language: str
    blocks: tuple[Block, ...]
    actions: tuple[Action, ...] = ()
    prompt: str = ""
    """The sentence above the choices."""
    about: str = ""
    """The entry that is told, if one is."""
    why: tuple[str, ...] = ()
    """What led to the answer, line by line, for whoever asks."""
    card: Card | None = None
    files: tuple[Attachment, ...] = ()
    notice: str = ""
    """A line for the one who pressed, shown and gone."""
    edits: bool = False
    """Whether it takes the place of what was pressed."""
    shared: bool = False
    """Whether others in the chat may press, too."""

    @property
    def choices(self) -> tuple[Action, ...]:
        """What is offered to pick; the first is number 1."""
        return tuple(action for action in self.actions if action.kind == PICK)


@dataclass(frozen=True, slots=True)
class Judged:
    """The posting that was classified last, as far as a correction of its verdict needs it.

    The posting itself is not kept: its hash, and which of our own phrases fired in it.
    """

    input: str
    was: str
    """The function or family of the verdict."""
    decision: str
    """How sure that was."""
    language: str
    version: str
    signals: tuple[tuple[str, str, str, float], ...] = ()
    options: tuple[str, ...] = ()
    """The functions that come next."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation's state."""

    language: str | None = None
    conversation: Conversation = EMPTY
    last: Answer | None = None
    speaking: str = "zh"
    """The language of the last reply."""
    menu: tuple[Action, ...] = ()
    """What a number does where nothing can be pressed."""
    rest: str = ""
    """What did not fit into the last message."""
    awaiting: Action | None = None
    """What the next message is for, such as the reason for an item: its last argument."""
    judged: Judged | None = None
    script: str = ""
    """Of Chinese, a key of `bot.script.convert.CONVERSIONS`; "" for Simplified."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with all that a skill may look at."""

    message: Message
    chat: Chat
    book: RuleBook
    answer: Answer
    language: str
    organization: str | None


UNDECIDED = Answer(Band.DECLINE, "", None, "", 0.0)
"""Where no decision was asked for."""
Counts = tuple[tuple[str, str], ...]
"""(what, value) of each thing that is to be counted."""


def chosen_answer(intent: str, entry: str | None = None, section: str = "") -> Answer:
    """What is wanted, where it was chosen and not read from words."""
    return Answer(Band.ANSWER, intent, entry, section, 1.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply and the chat as it is afterwards, and what is to be written down with them."""

    reply: Reply
    chat: Chat
    answer: Answer = UNDECIDED
    exchanged: tuple[str, Reply] | None = None
    """What the conversation keeps as having been asked and answered, if it keeps that."""
    acted: bool = False
    """Whether that is something that was done, and no question with its answer."""
    changes: tuple[Change, ...] = ()
    counted: Counts = ()
