"""A reply -> cards: plain text, and buttons below the last of them."""

from __future__ import annotations

from typing import Any

from bot.chat.model import OutgoingMessage
from bot.model import Paragraph, Reply
from bot.render.split import split
from bot.render.text import as_text

LIMIT, MOST = 18_000, 8
"""Bytes of text in one card, of the 30 KB that it may have in all; cards of one reply."""
TOAST = 200
"""Characters of the line shown to whoever pressed."""


def cards_of(message: OutgoingMessage, group: bool, pressed: bool = False) -> list[dict[str, Any]]:
    """The cards that a reply becomes; none for a mere notice to whoever *pressed*."""
    notice = (Paragraph(message.notice),) if message.notice and not pressed else ()
    text = as_text(Reply(message.language, message.blocks or notice))
    pieces, _ = split(text, LIMIT, "bytes", MOST)
    cards = [[_plain_text(piece)] for piece in pieces]
    if cards:
        cards[-1] += _rows(message, group)
    return [{"config": {"wide_screen_mode": True, "update_multi": True}, "elements": elements}
            for elements in cards]  # fmt: skip


def toast(message: OutgoingMessage) -> dict[str, Any]:
    """The line shown to whoever pressed, and gone; nothing where there is none."""
    if not message.notice:
        return {}
    return {"toast": {"type": "info", "content": message.notice[:TOAST]}}


def _plain_text(text: str) -> dict[str, Any]:
    # Not lark_md: what people wrote might be taken for markup, or call somebody by name.
    return {"tag": "div", "text": {"tag": "plain_text", "content": text}}


def _rows(message: OutgoingMessage, group: bool) -> list[dict[str, Any]]:
    rows = []
    for row in message.buttons:
        buttons = [
            {
                "tag": "button",
                "type": "default",
                "text": {"tag": "plain_text", "content": one.label},
                "value": {"press": one.data, "group": "1" if group else ""},
            }
            for one in row
        ]
        rows.append({"tag": "action", "actions": buttons})
    return rows
