"""What was read of a table and what was not, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.postings.columns import LONG, Columns, average
from bot.texts import say

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """How one table was read."""

    file: str
    texts: tuple[str, ...]
    title: str | None
    guessed: bool
    """Whether the texts were found by what the column holds."""
    unread: tuple[str, ...] = ()
    """Columns of long texts that were not read."""
    above: int = 0
    """Rows above the header."""
    headed: bool = True

    def lines(self, language: str) -> list[str]:
        """The sentences for a person."""
        names = say(language, "list.comma").join(self.texts)
        told = []
        if self.texts:
            key = "guessed" if self.guessed else "texts"
            told.append(say(language, f"classify.read.{key}", columns=names))
        else:
            told.append(say(language, "classify.read.titles_only"))
        if self.title is not None:
            told.append(say(language, "classify.read.title", column=self.title))
        elif self.texts:
            told.append(say(language, "classify.read.no_title"))
        if not self.headed:
            told.append(say(language, "classify.read.no_header"))
        if self.above:
            told.append(say(language, "classify.read.above", count=self.above))
        if self.unread:
            shown = say(language, "list.comma").join(self.unread[:SHOWN])
            count = len(self.unread)
            told.append(say(language, "classify.read.unread", count=count, columns=shown))
        return told


def reading(
    file: str,
    names: Sequence[str],
    columns: Columns,
    rows: Sequence[Sequence[str]],
    above: int = 0,
    headed: bool = True,
) -> Reading:
    """How a table with these columns and first rows was read."""  # fmt: skip
    used = {*columns.texts, columns.title, columns.id, columns.lang}
    unread = tuple(
        name for i, name in enumerate(names) if i not in used and average(rows, i) >= LONG
    )
    title = names[columns.title] if columns.title is not None else None
    texts = tuple(names[i] for i in columns.texts)
    return Reading(file, texts, title, columns.guessed, unread, above, headed)
