"""A chat and a reply as plain data and back, for the store."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

from bot.model import Block, Bullets, Chat, Choice, Footnote, Heading, Paragraph, Reply, Table
from knowledge.engine import shape
from knowledge.engine.model import LANGUAGES
from rules.questions.model import Answer, Band
from rules.questions.state import Conversation

VERSION = 2
"""Of a kept chat: raised when a field changes its meaning."""
NEEDED = frozenset({"language", "conversation", "last", "speaking"})
"""Parts without which a kept chat is none."""


@dataclasses.dataclass(frozen=True, slots=True)
class Topic:
    """What version 1 kept of a conversation."""

    entry: str | None
    intent: str
    section: str
    question: str
    offers: tuple[tuple[str, str], ...]


BLOCKS = {cls.__name__.lower(): cls for cls in (Heading, Paragraph, Bullets, Table, Footnote)}


def chat_to(chat: Chat) -> dict[str, Any]:
    """The chat as JSON can hold it."""
    return {"version": VERSION, **dataclasses.asdict(chat)}


def chat_from(value: dict[str, Any] | None) -> Chat:
    """The chat again, a row of an older or newer release included; a new one for what is none."""
    value = _upgraded(value)
    if value is None or not _fits(Chat, value):
        return Chat()
    if value["speaking"] not in LANGUAGES or value["language"] not in (None, *LANGUAGES):
        return Chat()
    chat: Chat = shape.revive(Chat, value)
    if chat.last is None:
        return chat
    return dataclasses.replace(chat, last=_banded(chat.last))


def _banded(answer: Answer) -> Answer:
    """The answer with its band as one, those of further answers too."""
    also = tuple(map(_banded, answer.also))
    return dataclasses.replace(answer, band=Band(answer.band), also=also)


def _upgraded(value: Any) -> dict[str, Any] | None:
    """The state as this release writes it: what is new has its default, what is unknown is gone.

    Before version 2 a ``topic`` stood where the conversation stands.
    """
    if not isinstance(value, dict):
        return None
    state = {key: item for key, item in value.items() if key not in ("version", "topic")}
    if "version" not in value and "topic" in value:
        if not _fits(Topic, value["topic"]):
            return None
        state["conversation"] = _conversation(shape.revive(Topic, value["topic"]))
    return _whole(Chat, state)


def _conversation(topic: Topic) -> dict[str, Any]:
    """What a conversation was before it had things in focus."""
    told = (topic.entry,) if topic.entry else ()
    return dataclasses.asdict(
        Conversation(
            focus=tuple((id_, 1.0) for id_ in told),
            told=told,
            intent=topic.intent,
            section=topic.section,
            offers=topic.offers,
        )
    )


def _whole(cls: type, value: dict[str, Any]) -> dict[str, Any]:
    """The fields of *cls* from *value*; those that may be left out have their default."""
    whole = {}
    for field in shape.fields_of(cls):
        plain, _ = shape.unwrap(field.hint)
        if field.name not in value:
            if field.required or field.name in NEEDED:
                continue
            whole[field.name] = field.default
        elif dataclasses.is_dataclass(plain) and isinstance(value[field.name], dict):
            whole[field.name] = _whole(typing.cast(type, plain), value[field.name])
        else:
            whole[field.name] = value[field.name]
    return whole


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
        "why": list(reply.why),
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
            blocks.append(Bullets(**{**fields, "items": tuple(fields["items"])}))
        else:
            blocks.append(cls(**fields))
    choices = tuple(Choice(**choice) for choice in value["choices"])
    why = tuple(value.get("why", ()))
    return Reply(
        value["language"], tuple(blocks), choices, value["prompt"], value.get("about", ""), why
    )
