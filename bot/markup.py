"""A reply -> text: plain, for a pipe or JSON, or drawn for a terminal of a given width."""

from __future__ import annotations

from bot.model import Block, Bullets, Footnote, Heading, Paragraph, Reply, Table
from bot.texts import say

BOLD, DIM, CYAN, RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"
MIN_COLUMN = 14
"""Cells narrower than this are unreadable; the table is then told row by row."""
STACKED = 0
"""Width 0: never draw tables in columns (chat apps, JSON)."""


def text(reply: Reply, width: int = STACKED, colour: bool = False) -> str:
    """The whole reply, lines no wider than *width* cells; 0 leaves lines as they are."""
    parts = [_block(block, width, colour, reply.language) for block in reply.blocks]
    if reply.choices:
        lines = [reply.prompt, *(f"  {i}. {c.label}" for i, c in enumerate(reply.choices, 1))]
        parts.append("\n".join(_wrap(line, width, "     ") for line in lines if line))
    return "\n\n".join(part for part in parts if part)


def _block(block: Block, width: int, colour: bool, language: str) -> str:
    match block:
        case Heading(text=title, note=note):
            shown = f"{title} · {note}" if note and note != "minor" else title
            return _styled(_wrap(shown, width), BOLD if note != "minor" else CYAN, colour)
        case Paragraph(text=body):
            return _wrap(body, width)
        case Footnote(text=body):
            return _styled(_wrap(body, width), DIM, colour)
        case Bullets():
            return _bullets(block, width, colour)
        case Table():
            return _table(block, width, colour, language)


def _styled(body: str, style: str, colour: bool) -> str:
    return f"{style}{body}{RESET}" if colour else body


def _bullets(block: Bullets, width: int, colour: bool) -> str:
    lines = [_styled(_wrap(block.title, width), BOLD, colour)] if block.title else []
    for i, item in enumerate(block.items, 1):
        mark = f"{i}. " if block.numbered else "" if item.startswith("☐") else "- "
        lines.append(_wrap(mark + item, width, " " * len(mark or "  ")))
    return "\n".join(lines)


def _table(table: Table, width: int, colour: bool, language: str) -> str:
    columns = len(table.heads) + 1
    first = max([4, *(cells(name) for name, _ in table.rows)])
    rest = (width - first - 3 * (columns - 1)) // max(1, columns - 1)
    if width == STACKED or rest < MIN_COLUMN:
        return _stacked(table, width, colour, language)
    widths = [first, *[rest] * (columns - 1)]
    lines = [_styled(_row(("", *table.heads), widths), BOLD, colour)]
    lines.append("-+-".join("-" * w for w in widths))
    for name, row in table.rows:
        lines.append(_row((name, *row), widths))
    return "\n".join(lines)


def cells(body: str) -> int:
    """The columns *body* takes on a terminal: East Asian wide characters take two."""
    if body.isascii() and body.isprintable():
        return len(body)
    import wcwidth  # takes longer than an answer in one language that is piped somewhere

    return wcwidth.width(body)


def _row(row: tuple[str, ...], widths: list[int]) -> str:
    split = [_wrap(cell, width).split("\n") for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, split))
    lines = []
    for i in range(height):
        parts = [
            _pad(lines_[i] if i < len(lines_) else "", width)
            for lines_, width in zip(split, widths, strict=True)
        ]
        lines.append(" | ".join(parts).rstrip())
    return "\n".join(lines)


def _pad(cell: str, width: int) -> str:
    return cell + " " * max(0, width - cells(cell))


def _stacked(table: Table, width: int, colour: bool, language: str) -> str:
    parts = []
    for name, row in table.rows:
        lines = [_styled(name, BOLD, colour)]
        for head, cell in zip(table.heads, row, strict=True):
            told = say(language, "pair.line", left=head, right=cell)
            lines.append(_wrap(f"  {told}", width, "    "))
        parts.append("\n".join(lines))
    return "\n".join(parts)


def _wrap(body: str, width: int, indent: str = "") -> str:
    """Lines of at most *width* terminal cells; Latin words stay whole, Han may break anywhere."""
    if width <= STACKED:
        return body
    result = []
    for line in body.split("\n"):
        current = ""
        for piece in _pieces(line):
            if cells(current + piece.rstrip()) > width and current.strip():
                result.append(current.rstrip())
                current = indent + piece.lstrip()
            else:
                current += piece
        result.append(current.rstrip())
    return "\n".join(result)


def _pieces(line: str) -> list[str]:
    """Units that may not be broken: a Latin word with its space, or one character (and the stop
    that follows it, so that no line begins with one)."""
    pieces: list[str] = []
    for char in line:
        joins = pieces and (
            (_word(char) and _word(pieces[-1][-1])) or char in " ,.;:!?)，。、；：！？）》”"
        )
        if joins:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _word(char: str) -> bool:
    return char.isascii() and not char.isspace()
