"""A chat and a reply as plain data and back, for the store."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.model import Block, Bullets, Chat, Choice, Footnote, Heading, Paragraph, Reply, Table
from knowledge import shape
from rules.model import Answer, Band, Topic

BLOCKS = {cls.__name__.lower(): cls for cls in (Heading, Paragraph, Bullets, Table, Footnote)}


def chat_to(chat: Chat) -> dict[str, Any]:
    """The chat as JSON can hold it."""
    return dataclasses.asdict(chat)


def chat_from(value: dict[str, Any] | None) -> Chat:
    """The chat again; a new one for None, or for a state that an older version wrote otherwise."""
    if value is None:
        return Chat()
    try:
        topic = shape.revive(Topic, value["topic"])
        topic = dataclasses.replace(topic, offers=tuple(map(tuple, value["topic"]["offers"])))
        last = value["last"]
        answer = None
        if last is not None:
            answer = dataclasses.replace(shape.revive(Answer, last), band=Band(last["band"]))
        return Chat(value["language"], topic, answer, value["speaking"])
    except (KeyError, TypeError, ValueError):
        return Chat()


def reply_to(reply: Reply) -> dict[str, Any]:
    """The reply as JSON can hold it; each block says what it is."""
    blocks = [
        {"kind": type(block).__name__.lower(), **dataclasses.asdict(block)}
        for block in reply.blocks
    ]
    return {
        "language": reply.language,
        "blocks": blocks,
        "choices": [dataclasses.asdict(choice) for choice in reply.choices],
        "prompt": reply.prompt,
    }


def reply_from(value: dict[str, Any]) -> Reply:
    """The reply again. Raises KeyError, TypeError for something else."""
    blocks: list[Block] = []
    for told in value["blocks"]:
        fields = {key: item for key, item in told.items() if key != "kind"}
        cls = BLOCKS[told["kind"]]
        if cls is Table:
            rows = tuple((name, tuple(cells)) for name, cells in fields["rows"])
            blocks.append(Table(tuple(fields["heads"]), rows))
        elif cls is Bullets:
            blocks.append(Bullets(tuple(fields["items"]), fields["title"], fields["numbered"]))
        else:
            blocks.append(cls(**fields))
    choices = tuple(Choice(**choice) for choice in value["choices"])
    return Reply(value["language"], tuple(blocks), choices, value["prompt"])
