"""Conversation: what a chat holds for its next message; plain values, a kilobyte or so as JSON."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was told, shown and asked so far, as far as a follow-up can lean on it."""

    focus: tuple[tuple[str, float], ...] = ()
    """(entry, salience) of the things that a pronoun can mean, the most salient first."""
    told: tuple[str, ...] = ()
    """The entries last told, the newest last."""
    compared: tuple[str, ...] = ()
    """The things last set side by side, in their order."""
    items: tuple[tuple[str, str], ...] = ()
    """(line, entry that it names or "") of the list last shown; the line is cut short."""
    items_of: tuple[str, str] = ("", "")
    """(entry, section) of that list."""
    intent: str = ""
    """What was wanted last."""
    section: str = ""
    """The section last told."""
    words: tuple[str, ...] = ()
    """The content words of the last question that had any."""
    offers: tuple[tuple[str, str], ...] = ()
    """(entry, section) of the choices last shown, in their order."""
    sure: bool = True
    """Whether what is in focus was told; False if it was merely offered or guessed."""
    pending: str = ""
    """The intent for which a thing was asked back."""
    refused: tuple[str, ...] = ()
    """Entries that the person said are not meant."""

    @property
    def entry(self) -> str | None:
        """The entry that was told last."""
        return self.told[-1] if self.told else None

    @property
    def empty(self) -> bool:
        """Whether there is nothing that a follow-up could lean on."""
        return not self.focus

    @property
    def is_faint(self) -> bool:
        """Whether nothing was told, offered or named, and all that is in focus was merely near."""
        return not (self.sure or self.told or self.offers)

    def entries(self) -> frozenset[str]:
        """Every entry that is kept here."""
        named = {id_ for id_, _ in (*self.focus, *self.offers)}
        named |= {id_ for _, id_ in self.items} | {self.items_of[0]}
        return frozenset(named | {*self.told, *self.compared, *self.refused}) - {""}

    def forget_entries(self, gone: Collection[str]) -> Conversation:
        """The same with nothing left of the entries *gone*; numbers keep what they stand for."""
        if not self.entries() & set(gone):
            return self
        shown = self.items_of[0] not in gone
        return replace(
            self,
            focus=tuple(row for row in self.focus if row[0] not in gone),
            told=tuple(id_ for id_ in self.told if id_ not in gone),
            compared=() if set(self.compared) & set(gone) else self.compared,
            items=tuple((line, "" if id_ in gone else id_) for line, id_ in self.items)
            if shown
            else (),
            items_of=self.items_of if shown else ("", ""),
            offers=() if {id_ for id_, _ in self.offers} & set(gone) else self.offers,
            refused=tuple(id_ for id_ in self.refused if id_ not in gone),
        )


EMPTY = Conversation()
