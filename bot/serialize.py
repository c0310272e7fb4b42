"""What is kept as JSON: named shapes with a version, read by pydantic, old and new rows included.

A field that a row lacks has its default, one that this release does not know is passed over, and
what an older release meant otherwise is brought up to date first.
"""

from __future__ import annotations

import base64
import dataclasses
import logging
from collections.abc import Hashable
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from bot.chat.model import Button, OutgoingMessage
from bot.chat.resolve import Pressable
from bot.model import (
    PICK,
    Action,
    Attachment,
    Block,
    Bullets,
    Card,
    Chat,
    Footnote,
    Heading,
    Paragraph,
    Reply,
    Table,
)
from bot.serialize_old import chat_of_today, outbox_of_today, pressable_of_today
from knowledge.engine.model import LANGUAGES

if TYPE_CHECKING:
    from pydantic import TypeAdapter

CHAT, OUTBOX, PRESSABLE = 3, 2, 2
"""Versions: raised when a field changes its meaning."""
log = logging.getLogger("zhiwen.store")


@dataclasses.dataclass(frozen=True, slots=True)
class ChoiceRow:
    """Something that is offered below a reply."""

    label: str
    entry: str
    section: str


@dataclasses.dataclass(frozen=True, slots=True)
class ReplyRow:
    """A reply in a conversation."""

    language: str
    blocks: tuple[Any, ...]
    choices: tuple[ChoiceRow, ...] = ()
    prompt: str = ""
    about: str = ""
    why: tuple[str, ...] = ()
    intent: str = ""
    """What the choices were offered for."""


@dataclasses.dataclass(frozen=True, slots=True)
class MessageRow:
    """A reply made fit for a platform."""

    language: str
    blocks: tuple[Any, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    card: Card | None = None
    card_data: str = ""
    files: tuple[tuple[str, str], ...] = ()
    """(name, content in base64)."""
    notice: str = ""
    edits: bool = False
    texts: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class OutboxRow:
    """A reply that is on its way."""

    message: MessageRow
    chat: str
    pressed: str = ""
    """The platform's number of the message that was pressed."""
    parts: int = 0
    """How many of its messages have arrived."""
    version: int = OUTBOX


@dataclasses.dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way, read again."""

    message: OutgoingMessage
    chat: str
    pressed: str
    parts: int


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # not needed by a conversation that is kept nowhere

    return TypeAdapter(shape)


@cache
def _blocks() -> TypeAdapter[tuple[Block, ...]]:
    from pydantic import Discriminator, Tag, TypeAdapter

    tagged = Annotated[
        Annotated[Heading, Tag("heading")]
        | Annotated[Paragraph, Tag("paragraph")]
        | Annotated[Bullets, Tag("bullets")]
        | Annotated[Table, Tag("table")]
        | Annotated[Footnote, Tag("footnote")],
        Discriminator(_kind_of),
    ]
    return TypeAdapter(tuple[tagged, ...])


def _kind_of(block: Any) -> str | None:
    return block.get("kind") if isinstance(block, dict) else None


def chat_to(chat: Chat) -> dict[str, Any]:
    """The chat as JSON can hold it."""
    return {"version": CHAT, **_to_plain(chat)}


def chat_from(value: Any) -> Chat:
    """The chat again, a row of an older or newer release included; a new one for what is none."""
    if value is None:
        return Chat()
    try:
        chat: Chat = _adapter(Chat).validate_python(chat_of_today(value))
    except ValueError as error:
        log.warning("a kept chat cannot be read and begins anew: %s", _problem(error))
        return Chat()
    if chat.speaking not in LANGUAGES or chat.language not in (None, *LANGUAGES):
        log.warning("a kept chat is in no language of ours and begins anew")
        return Chat()
    return chat


def reply_to(reply: Reply, intent: str = "", acted: bool = False) -> dict[str, Any]:
    """The reply as JSON can hold it; each block says what it is.

    *acted*: it tells what was done, and answers no question.
    """
    choices = [
        {"label": one.label, "entry": one.entry, "section": one.section} for one in reply.choices
    ]
    return {
        "language": reply.language,
        "blocks": _blocks_to(reply.blocks),
        "choices": choices,
        "prompt": reply.prompt,
        "about": reply.about,
        "why": list(reply.why),
        "intent": intent,
        **({"acted": True} if acted else {}),
    }


def reply_from(value: Any) -> Reply:
    """The reply again. Raises ValueError for something else."""
    row: ReplyRow = _adapter(ReplyRow).validate_python(value)
    more = (row.intent,) if row.intent else ()
    actions = tuple(Action(c.label, PICK, (c.entry, c.section, *more)) for c in row.choices)
    blocks = _blocks().validate_python(row.blocks)
    return Reply(row.language, blocks, actions, row.prompt, row.about, row.why)


def outbox_to(
    message: OutgoingMessage, chat: str, pressed: str = "", parts: int = 0
) -> dict[str, Any]:
    """A reply on its way, as JSON can hold it."""
    files = tuple((one.name, base64.b64encode(one.data).decode()) for one in message.files)
    row = MessageRow(
        message.language, tuple(_blocks_to(message.blocks)), message.buttons, message.card,
        message.card_data, files, message.notice, message.edits, message.texts,
    )  # fmt: skip
    kept: dict[str, Any] = _to_plain(OutboxRow(row, chat, pressed, parts))
    return kept


def outbox_from(value: Any) -> Outgoing:
    """What it was. Raises ValueError for something else."""
    outer: OutboxRow = _adapter(OutboxRow).validate_python(outbox_of_today(value))
    row = outer.message
    files = tuple(Attachment(name, base64.b64decode(data)) for name, data in row.files)
    message = OutgoingMessage(
        row.language, _blocks().validate_python(row.blocks), row.buttons, row.card, row.card_data,
        files, row.notice, row.edits, row.texts,
    )  # fmt: skip
    return Outgoing(message, outer.chat, outer.pressed, outer.parts)


def pressable_to(pressable: Pressable) -> dict[str, Any]:
    """What may be pressed below a reply, as JSON can hold it."""
    return {"version": PRESSABLE, **_to_plain(pressable)}


def pressable_from(value: Any) -> Pressable | None:
    """What may be pressed; None for what cannot be read, which is out of date then."""
    try:
        row: Pressable = _adapter(Pressable).validate_python(pressable_of_today(value))
    except ValueError as error:
        log.warning("kept buttons cannot be read: %s", _problem(error))
        return None
    return row


def _to_plain(value: Any) -> Any:
    """Dataclasses as JSON holds them, the same as `dataclasses.asdict` gives but without copies:
    this is done several times a message."""
    kind: type = type(value)
    names = _fields(kind)
    if names:
        return {name: _to_plain(getattr(value, name)) for name in names}
    if isinstance(value, list | tuple):
        return [_to_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _to_plain(one) for key, one in value.items()}
    return value


@cache
def _fields(kind: Hashable) -> tuple[str, ...]:
    """The names of the fields of a dataclass; none for another type."""
    if not dataclasses.is_dataclass(kind):
        return ()
    return tuple(field.name for field in dataclasses.fields(kind))


def _blocks_to(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    return [{"kind": type(one).__name__.lower(), **_to_plain(one)} for one in blocks]


def _problem(error: ValueError) -> str:
    """What is wrong, without what is kept."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError):
        return type(error).__name__
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['type']}"
