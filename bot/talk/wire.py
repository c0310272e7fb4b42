"""What goes back as plain data and back again, for the outbox."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

from bot import codec
from bot.model import Reply
from bot.talk.model import Attachment, Box, Button, Card, Said


def to_data(said: Said) -> dict[str, Any]:
    """What JSON can hold."""
    told = codec.reply_to(Reply(said.language, said.blocks))
    return {
        "language": said.language,
        "blocks": told["blocks"],
        "buttons": [[[b.label, b.data] for b in row] for row in said.buttons],
        "card": dataclasses.asdict(said.card) if said.card else None,
        "files": [[f.name, base64.b64encode(f.data).decode()] for f in said.files],
        "notice": said.notice,
        "edits": said.edits,
        "texts": list(said.texts),
    }


def from_data(value: dict[str, Any]) -> Said:
    """What it was. Raises KeyError, TypeError for something else."""
    reply = codec.reply_from(
        {"language": value["language"], "blocks": value["blocks"], "choices": [], "prompt": ""}
    )
    card = value["card"]
    return Said(
        value["language"],
        reply.blocks,
        tuple(tuple(Button(*button) for button in row) for row in value["buttons"]),
        Card(**{**card, "boxes": tuple(Box(**box) for box in card["boxes"])}) if card else None,
        tuple(Attachment(name, base64.b64decode(data)) for name, data in value["files"]),
        value["notice"],
        value["edits"],
        tuple(value["texts"]),
    )
