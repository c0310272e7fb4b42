"""A reply -> text: plain, for a pipe or JSON, or drawn for a terminal of a given width."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import Block, Bullets, Footnote, Heading, Paragraph, Reply, Table
from bot.texts import say

BOLD, DIM, CYAN, RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"
MIN_COLUMN = 14
"""Cells narrower than this are unreadable; the table is then told row by row."""
NO_START = (
    " ,.;:!?)]}%，。、；：！？）》”’」』】〉〕〗］｝…‥·・／～〜％℃"
    "\u30fc\u3005\u309d\u309e\u30fd\u30fe"  # the long vowel, and marks of repetition
    "\u3041\u3043\u3045\u3047\u3049\u3063\u3083\u3085\u3087\u308e"  # small hiragana
    "\u30a1\u30a3\u30a5\u30a7\u30a9\u30c3\u30e3\u30e5\u30e7\u30ee\u30f5\u30f6"  # small katakana
)
"""No line begins with one of these."""
NO_END = "([{（《“‘「『【〈〔〖［｛￥＄№"
"""No line ends with one of these."""
CLOSING = "’”）》」』】〉〕〗］｝…‥％"
"""Marks behind which a Korean word goes on; the first two, a Latin one."""
DASH = "—"
"""Two of them are one mark."""
STACKED = 0
"""Width 0: never draw tables in columns (chat apps, JSON)."""


def as_text(reply: Reply, width: int = STACKED, colour: bool = False) -> str:
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
            return _style(_wrap(shown, width), BOLD if note != "minor" else CYAN, colour)
        case Paragraph(text=body):
            return _wrap(body, width)
        case Footnote(text=body):
            return _style(_wrap(body, width), DIM, colour)
        case Bullets():
            return _bullets(block, width, colour)
        case Table():
            return _table(block, width, colour, language)


def _style(body: str, style: str, colour: bool) -> str:
    return f"{style}{body}{RESET}" if colour else body


def _bullets(block: Bullets, width: int, colour: bool) -> str:
    lines = [_style(_wrap(block.title, width), BOLD, colour)] if block.title else []
    for i, item in enumerate(block.items, 1):
        mark = f"{i}. " if block.numbered else "" if item.startswith("☐") else "- "
        lines.append(_wrap(mark + item, width, " " * len(mark or "  ")))
    return "\n".join(lines)


def _table(table: Table, width: int, colour: bool, language: str) -> str:
    columns = len(table.heads) + 1
    first = max([4, *(cells(name) for name, _ in table.rows)])
    rest = (width - first - 3 * (columns - 1)) // max(1, columns - 1)
    if width == STACKED or rest < MIN_COLUMN:
        return _stack(table, width, colour, language)
    widths = [first, *[rest] * (columns - 1)]
    lines = [_style(_row(("", *table.heads), widths), BOLD, colour)]
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


def _stack(table: Table, width: int, colour: bool, language: str) -> str:
    parts = []
    for name, row in table.rows:
        lines = [_style(name, BOLD, colour)]
        for head, cell in zip(table.heads, row, strict=True):
            told = say(language, "pair.line", left=head, right=cell)
            lines.append(_wrap(f"  {told}", width, "    "))
        parts.append("\n".join(lines))
    return "\n".join(parts)


def _wrap(body: str, width: int, indent: str = "") -> str:
    """Lines of at most *width* terminal cells, by the rules of each script.

    Latin and Korean break at spaces, Han and kana anywhere but before a mark that begins no line
    and behind one that ends none.
    """
    if width <= STACKED:
        return body
    result = []
    for line in body.split("\n"):
        current = ""
        for piece in _break_overlong(_pieces(line), width - cells(indent)):
            if cells(current + piece.rstrip()) > width and current.strip():
                result.append(current.rstrip())
                current = indent + piece.lstrip()
            else:
                current += piece
        result.append(current.rstrip())
    return "\n".join(result)


def _pieces(line: str) -> list[str]:
    """Units that may not be broken: a word of Latin or Korean with its space, or one character
    (and the marks before and behind it, so that no line ends or begins with one)."""
    pieces: list[str] = []
    for char in line:
        if pieces and _forbids_break(char, pieces[-1][-1]):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _break_overlong(pieces: list[str], width: int) -> Iterator[str]:
    """The same; a Korean word that no line can hold is broken anywhere."""
    for piece in pieces:
        if cells(piece.rstrip()) > width and any(map(_is_hangul, piece)):
            yield from piece
        else:
            yield piece


def _forbids_break(char: str, before: str) -> bool:
    """Whether no line may break between the two."""
    if char in NO_START or before in NO_END or char == before == DASH:
        return True
    if not _word(char):
        return False
    # A particle behind a closing mark, or what an apostrophe shortens, is the same word.
    closed = before in CLOSING if _is_hangul(char) else before in CLOSING[:2]
    return _word(before) or closed


def _word(char: str) -> bool:
    """Whether words are made of it, and set apart by spaces."""
    return (char.isascii() and not char.isspace()) or _is_hangul(char)


def _is_hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3" or "\u1100" <= char <= "\u11ff"
