"""A name as it is recognised with a slip of the finger."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.engine.compiler import Name

SHORT = 5
"""Characters of a name whose neighbours a single slip may spoil altogether."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name that is also recognised with a slip of the finger."""

    text: str
    entry: str
    allowed: int
    """Slips: two in a long Latin name, one in others, none in those of two letters."""
    needed: int
    """Pairs of letters that are left whatever the slips spoil; one spoils at most three."""
    swapped: bool
    """Whether hardly more is forgiven than two letters that changed places: short names bear no
    more, be they of three characters or an abbreviation."""
    intact: tuple[str, ...]
    """Parts of which so many slips leave one as it is: a slip spoils two neighbours at most."""

    @property
    def is_long(self) -> bool:
        """Whether its pairs are no others than the neighbours in its text."""
        return len(self.text) > SHORT

    @property
    def pairs(self) -> set[str]:
        """Neighbouring letters; in short names also those with one between, for a swap spoils all
        neighbours of a name of four."""
        near = {self.text[i : i + 2] for i in range(len(self.text) - 1)}
        if self.is_long:
            return near
        return near | {self.text[i] + self.text[i + 2] for i in range(len(self.text) - 2)}

    @classmethod
    def from_name(cls, name: Name) -> Spelling:
        """The spelling of a name."""
        size = len(name.text)
        latin = name.text.isascii()
        allowed = 0 if size < 3 else 2 if latin and size >= 10 else 1
        swapped = size < 6 if latin else size == 3
        needed = max(1, size - 1 - 3 * allowed)
        return cls(
            name.text, name.entry, allowed, needed, swapped, _intact_parts(name.text, allowed)
        )


def _intact_parts(name: str, slips: int) -> tuple[str, ...]:
    size = (len(name) - slips) // (slips + 1)
    return tuple(name[at : at + size] for at in range(0, len(name), size + 1))[: slips + 1]
