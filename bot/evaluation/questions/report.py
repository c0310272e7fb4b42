"""The tables as text, and every message that did not go well."""

from __future__ import annotations

from collections.abc import Iterator

from bot.evaluation.questions.model import GOOD, Judged
from bot.evaluation.questions.tables import Table, actual_text, expected_text, tables

FAILED = "what did not go well:"
"""Above the messages themselves; what stands before it quotes nobody."""


def summary(rows: list[Judged], *further: Table) -> str:
    """The text people read; *further*: tables that stand before those of the rows."""
    parts = ["\n".join(render_table(table)) for table in (*further, *tables(rows))]
    bad = [_line(row) for row in rows if row.verdict not in GOOD]
    if bad:
        parts.append("\n".join([FAILED, *bad]))
    return "\n\n".join(parts)


def render_table(table: Table) -> Iterator[str]:
    """The lines of a table: its title, its head, a line a row."""
    lines = (table.head, *table.rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    yield f"{table.title}:"
    for first, *rest in lines:
        cells = (f"  {cell:>{width}}" for cell, width in zip(rest, widths[1:], strict=True))
        yield f"{first:{widths[0]}}{''.join(cells)}"


def place(row: Judged) -> str:
    """Which message: its line, and its turn where there are several."""
    several = len(row.conversation.turns) > 1
    return f"{row.conversation.id}#{row.at + 1}" if several else row.conversation.id


def _line(row: Judged) -> str:
    said = " ".join(row.key.say.split())
    return (
        f"{row.verdict} [{row.language}] {place(row)} {said} -> {actual_text(row)}"
        f" ({row.answer.score:.2f}), wanted {expected_text(row)}"
    )
