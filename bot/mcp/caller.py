"""Who calls a tool, what they see, and what a call that came to nothing is told as."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.app import App
from bot.chat.identity import DAY
from bot.records import Person
from bot.rights import may
from rules.book import RuleBook


class Denied(Exception):
    """The person may not call that tool."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A person with an assistant of their own."""

    app: App
    person: Person
    language: str
    """For what is of no language by itself, such as an error."""

    @property
    def book(self) -> RuleBook:
        """The rules and content as they see them."""
        return self.app.content.seen_by(self.person.roles)

    def may(self, right: str) -> bool:
        """Whether they have that right."""
        return may(self.person, right)

    def require(self, right: str, tool: str) -> None:
        """Raises Denied for somebody without that right; once a day that is noted."""
        if self.may(right):
            return
        store, day = self.app.store, int(time.time() // DAY)
        if store.replays.first_time("denied", f"mcp {self.person.id} {tool} {day}"):
            store.audit.note(self.person.name, "denied", tool, "mcp")
        raise Denied(tool)
