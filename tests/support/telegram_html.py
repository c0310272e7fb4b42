"""Telegram's HTML -> its text and entities, refused with the same words where Telegram refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
    "ins": "underline", "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough",
    "code": "code", "pre": "pre", "a": "text_link", "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}  # fmt: skip
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ENTITY = re.compile(r"&(?:#(\d+)|#x([0-9a-fA-F]+)|(lt|gt|amp|quot));?")
_START = re.compile(r"<([^\s>]*)([^>]*)>")
_END = re.compile(r"</([^>]*)>")


class Unparsed(Exception):
    """The text is refused; says so as the Bot API does."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Bad Request: can't parse entities: {why}")


@dataclass(frozen=True)
class Entity:
    """A marked stretch, in UTF-16 units."""

    type: str
    offset: int
    length: int


def units(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse(source: str) -> tuple[str, list[Entity]]:
    """(the text, its entities). Raises Unparsed."""
    text, entities, stack = "", [], []
    at = 0

    def byte() -> int:
        return len(source[:at].encode())

    while at < len(source):
        char = source[at]
        if char == "&" and (found := _ENTITY.match(source, at)):
            code = int(found[1]) if found[1] else int(found[2], 16) if found[2] else 0
            text += NAMED[found[3]] if found[3] else chr(code)
            at = found.end()
        elif char != "<":
            text += char
            at += 1
        elif source.startswith("</", at):
            found = _END.match(source, at)
            if not stack:
                raise Unparsed(f"Unexpected end tag at byte offset {byte()}")
            if not found:
                raise Unparsed(f"Unclosed end tag at byte offset {byte()}")
            tag, start = stack.pop()
            if found[1].strip().lower() not in (tag, ""):
                raise Unparsed(
                    f'Unmatched end tag at byte offset {byte()}, expected "</{tag}>", found'
                    f' "</{found[1]}>"'
                )
            if units(text) > start:
                entities.append(Entity(TAGS[tag], start, units(text) - start))
            at = found.end()
        else:
            found = _START.match(source, at)
            if not found:
                raise Unparsed(f"Unclosed start tag at byte offset {byte()}")
            tag = found[1].lower()
            if tag not in TAGS:
                raise Unparsed(f'Unsupported start tag "{tag}" at byte offset {byte()}')
            stack.append((tag, units(text)))
            at = found.end()
    if stack:
        raise Unparsed(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return text, sorted(entities, key=lambda one: (one.offset, -one.length))
