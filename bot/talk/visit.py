"""One message or press with everything that is needed to answer it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from bot.model import Block, Chat, Paragraph
from bot.rights import may
from bot.store.people import Person
from bot.talk.desk import Desk
from bot.talk.model import Attachment, Capability, Card, Incoming
from bot.texts import say
from rules.book import RuleBook


@dataclass(frozen=True, slots=True)
class Visit:
    """A person with a message, in a chat that is held for them."""

    desk: Desk
    can: Capability
    incoming: Incoming
    person: Person
    chat_id: str
    chat: Chat
    book: RuleBook
    """The content as that person sees it."""

    @property
    def language(self) -> str:
        """The language for what is not an answer to words."""
        return self.chat.language or self.chat.speaking

    def may(self, right: str) -> bool:
        """Whether the person has that right."""
        return may(self.person, right)

    def say(self, key: str, /, **values: object) -> str:
        """A sentence in their language."""
        return say(self.language, key, **values)

    def told(self, key: str, /, **values: object) -> Outcome:
        """That sentence and nothing else; the chat stays as it is."""
        return Outcome((Paragraph(self.say(key, **values)),), self.chat)


@dataclass(frozen=True, slots=True)
class Option:
    """Something to press, or to pick by its number, and the act it stands for."""

    label: str
    act: str
    quiet: bool = False
    """Whether it is left out where nothing can be pressed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What goes back, before it is made fit for the platform, and the chat afterwards."""

    blocks: tuple[Block, ...]
    chat: Chat
    options: tuple[tuple[Option, ...], ...] = ()
    """Rows of them."""
    card: Card | None = None
    card_act: str = ""
    files: tuple[Attachment, ...] = ()
    notice: str = ""
    edits: bool = False
    shared: bool = False
    """Whether others in the chat may press, too."""
    language: str = ""
    """That of the blocks, where it is not the chat's."""
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def noting(self, notice: str) -> Outcome:
        """The same with a line for the one who pressed."""
        return replace(self, notice=notice, edits=True)


def one_each(*options: Option) -> tuple[tuple[Option, ...], ...]:
    """Every option in a row of its own."""
    return tuple((option,) for option in options)
