"""A chat and a reply as plain data and back, for the store."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from bot.model import Block, Bullets, Chat, Choice, Footnote, Heading, Paragraph, Reply, Table
from knowledge import shape
from knowledge.model import LANGUAGES
from rules.questions.model import Band

BLOCKS = {cls.__name__.lower(): cls for cls in (Heading, Paragraph, Bullets, Table, Footnote)}


def chat_to(chat: Chat) -> dict[str, Any]:
    """The chat as JSON can hold it."""
    return dataclasses.asdict(chat)


def chat_from(value: dict[str, Any] | None) -> Chat:
    """The chat again; a new one for None, or for a state that an older version wrote otherwise."""
    if value is None or not _fits(Chat, value):
        return Chat()
    if value["speaking"] not in LANGUAGES or value["language"] not in (None, *LANGUAGES):
        return Chat()
    chat: Chat = shape.revive(Chat, value)
    if chat.last is None:
        return chat
    return dataclasses.replace(chat, last=dataclasses.replace(chat.last, band=Band(chat.last.band)))


def _fits(hint: Any, value: Any) -> bool:
    """Whether *value* is of this shape, in its plain JSON form, through and through."""
    plain, _ = shape.unwrap(hint)
    if value is None:
        return types.NoneType in typing.get_args(hint)
    if dataclasses.is_dataclass(plain):
        fields = shape.fields_of(typing.cast(type, plain))
        return (
            isinstance(value, dict)
            and value.keys() == {field.name for field in fields}
            and all(_fits(field.hint, value[field.name]) for field in fields)
        )
    if typing.get_origin(plain) is tuple:
        first, *rest = typing.get_args(plain)
        if not isinstance(value, list | tuple) or (rest != [...] and len(value) != 1 + len(rest)):
            return False
        hints = [first] * len(value) if rest == [...] else [first, *rest]
        return all(map(_fits, hints, value))
    if plain is Band:
        return value in tuple(Band)
    return type(value) is plain or (plain is float and type(value) is int)


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
        "about": reply.about,
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
    return Reply(value["language"], tuple(blocks), choices, value["prompt"], value.get("about", ""))
