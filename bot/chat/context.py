"""One message with everything that is needed to answer it, read before anything is decided."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from bot.chat.model import Capability, Incoming
from bot.model import Action, Chat, Outcome, Paragraph, Reply
from bot.postings.model import Decided, Result, Unreadable
from bot.records import Exchanged, Person, Run, Template, Wishes
from bot.rights import may
from bot.texts import say
from rules.book import RuleBook


@dataclass(frozen=True, slots=True)
class FileRead:
    """What reading a file of postings came to."""

    problem: tuple[str, tuple[tuple[str, object], ...]] = ("", ())
    """The key of a sentence on what is wrong with it, and its values."""
    unreadable: Unreadable | None = None
    one: Result | None = None
    """The one posting in it."""
    lines: tuple[str, ...] = ()
    """What a table came to, told."""
    problems: tuple[str, ...] = ()
    total: int = 0
    broken: int = 0
    name: str = ""
    table: bytes = b""
    """The table again, with our columns."""
    counts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read from the store, and from a file, for one message."""

    chat: Chat
    revision: int = 0
    """Of the chat."""
    action: Action | None = None
    """What is to be done; None for words that are to be answered."""
    text: str = ""
    """Those words."""
    run: Run | None = None
    runs: tuple[Run, ...] = ()
    own_templates: tuple[Template, ...] = ()
    """The checklists that people wrote and that this person may begin."""
    exchanged: Exchanged | None = None
    """The message that is judged."""
    data: bytes = b""
    """What is kept about the person."""
    file: FileRead | None = None
    decided: Decided | None = None
    """What holds about the posting that was classified last, if a person decided."""
    wishes: Wishes | None = None
    """How the person is reminded; None where no reminder can come."""
    new_run_id: str = ""
    """An id for a run that begins."""
    now: float = 0.0


@dataclass(frozen=True, slots=True)
class Context:
    """A person with a message, in a chat, and what the answer may lean on. A plain value."""

    can: Capability
    incoming: Incoming
    person: Person
    book: RuleBook
    """The content as that person sees it."""
    loaded: Loaded
    profile: str | None = None
    """The organization whose profile owner questions are answered with."""
    today: datetime.date = datetime.date.min

    @property
    def chat(self) -> Chat:
        """The chat as it was before the message."""
        return self.loaded.chat

    @property
    def language(self) -> str:
        """The language for what is not an answer to words."""
        return self.chat.language or self.chat.speaking

    @property
    def is_press(self) -> bool:
        """Whether something was pressed, and not written."""
        return bool(self.incoming.press)

    def may(self, right: str) -> bool:
        """Whether the person has that right."""
        return may(self.person, right)

    def say(self, key: str, /, **values: object) -> str:
        """A sentence in their language."""
        return say(self.language, key, **values)

    def reply(self, key: str, /, **values: object) -> Outcome:
        """That sentence and nothing else; the chat stays as it is."""
        return Outcome(Reply(self.language, (Paragraph(self.say(key, **values)),)), self.chat)

    def notice(self, key: str) -> Outcome:
        """The same; for whoever pressed as a line that is shown and gone as well."""
        text = self.say(key)
        return Outcome(Reply(self.language, (Paragraph(text),), notice=text), self.chat)
