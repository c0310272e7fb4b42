"""A reply -> the frames that carry it, each with what is tried where it is refused."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.channels.wecom import cards
from bot.channels.wecom_bot import frames
from bot.channels.wecom_bot.connection import Refused
from bot.channels.wecom_bot.frames import Frame
from bot.chat.model import OutgoingMessage
from bot.model import Attachment, Card
from bot.render.split import head
from bot.texts import say

LIMIT = 20480
"""Bytes of UTF-8 in a text."""
PIECE, PIECES = 512 * 1024, 100
"""Bytes of one piece of a file before it is written as base64, and pieces of a file."""
LATER = frozenset({-1, 45009, 45033, 846607})
"""What is worth trying again later, without anything being changed."""
Call = Callable[[str, str, dict[str, Any]], Awaitable[Frame]]
"""Sends a command with its request number and body, and gives the acknowledgement."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One frame."""

    command: str
    body: dict[str, Any]
    request: str = ""
    """The callback it answers; "" for one that is sent without being asked."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a reply: frames, or others where those are refused; or a file."""

    frames: tuple[Sent, ...] = ()
    fallback: tuple[Sent, ...] = ()
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes."""

    chat: str
    key: str
    """Of the message that is answered, by which a reply that comes twice is known."""
    request: str = ""
    """The number of its callback; "" where that is not known any more."""
    pressed_card: str = ""
    """The task id of the card that was pressed."""
    welcome: bool = False
    may_be_repeated: bool = False
    """Whether it may stand there already; then what cannot be known by its number says so."""


def steps(message: OutgoingMessage, place: Place) -> list[Step]:
    """The parts of a reply in order."""
    card = message.card if message.card and cards.fits(message.card) else None
    data, text = message.card_data, head("".join(message.texts[:1]), LIMIT, "bytes")
    files = [Step(file=one) for one in message.files]
    if place.pressed_card:
        changed = [_update_card(place, card, data, message.notice)] if card else []
        return [*changed, *_send(place, _active_text(text, message, place)), *files]
    sent = _send(place, _active_text(text, message, place), card, data)
    actively = tuple(frame for step in sent for frame in step.frames)
    if not actively or not place.request:
        return [*([Step(actively)] if actively else []), *files]
    if place.welcome:
        first: tuple[Sent, ...] = (Sent(frames.WELCOME, _text("text", text), place.request),)
    else:
        first = (Sent(frames.RESPOND, _answer(place, text, card, data), place.request),)
    return [Step(first, actively), *files]


def _active_text(text: str, message: OutgoingMessage, place: Place) -> str:
    """The text as it is sent actively: one that may be there already begins with that."""
    if not (text and place.may_be_repeated):
        return text
    return head(f"{say(message.language, 'wecom_bot.again')}\n\n{text}", LIMIT, "bytes")


def _answer(place: Place, text: str, card: Card | None, data: str) -> dict[str, Any]:
    """The answer in one frame: a stream that begins and ends with it.

    Its id follows from the message: should the platform have it already, it shows it once.
    """
    id_ = stream_of(place.key)
    # The id of the feedback is asked for by the platform; what was said stands in the chat.
    stream = {"id": id_, "finish": True, "content": text, "feedback": {"id": id_}}
    if card is None:
        return {"msgtype": "stream", "stream": stream}
    drawn = cards.draw(card, data)
    return {"msgtype": "stream_with_template_card", "stream": stream, "template_card": drawn}


def _update_card(place: Place, card: Card, data: str, notice: str) -> Step:
    """The card that was pressed, as it is now; where that is too late, another one."""
    # Its task id must be the one that was pressed: the platform knows the card by it.
    shown = cards.draw_changed(card, data, notice) | {"task_id": place.pressed_card}
    body = {"response_type": "update_template_card", "template_card": shown}
    first = (Sent(frames.UPDATE, body, place.request),) if place.request else ()
    return Step(first, (_card(place, card, data),))


def _send(place: Place, text: str, card: Card | None = None, data: str = "") -> list[Step]:
    found = [Step((Sent(frames.SEND, _text("markdown", text) | {"chatid": place.chat}),))]
    found = found if text else []
    return found + ([Step((_card(place, card, data),))] if card else [])


def _card(place: Place, card: Card, data: str) -> Sent:
    body = {"msgtype": "template_card", "template_card": cards.draw(card, data)}
    return Sent(frames.SEND, body | {"chatid": place.chat})


def _text(kind: str, text: str) -> dict[str, Any]:
    return {"msgtype": kind, kind: {"content": text}}


def stream_of(key: str) -> str:
    """The id of the stream that answers a message."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


async def carry(
    step: Step, place: Place, call: Call, language: str, page: str | None, arrived: set[str]
) -> None:
    """Send one part of a reply. Raises Lost, Refused.

    *arrived*: the kinds of message of this part that have arrived, which grows: with it a part is
    gone on with.
    """
    if step.file is not None:
        return await _file(step.file, place, call, language, page)
    return await _send_all(step.frames or step.fallback, call, arrived)


async def _send_all(sent: tuple[Sent, ...], call: Call, arrived: set[str]) -> None:
    for frame in sent:
        kind = frame.body.get("msgtype", frame.command)
        if kind not in arrived:
            request = frame.request or frames.new_request(frame.command)
            await call(frame.command, request, frame.body)
            arrived.add(kind)


async def _file(
    file: Attachment, place: Place, call: Call, language: str, page: str | None
) -> None:
    """Send a file; where the platform takes none, say where it can be had."""
    try:
        media = await _upload(file, call)
        body = {"msgtype": "file", "file": {"media_id": media}, "chatid": place.chat}
    except Refused as refused:
        if refused.code in LATER:
            raise
        key = "wecom_bot.file.page" if page else "wecom_bot.file.none"
        told = say(language, key, name=file.name, page=(page or "").rstrip("/"))
        body = _text("markdown", told) | {"chatid": place.chat}
    await call(frames.SEND, frames.new_request(frames.SEND), body)


async def _upload(file: Attachment, call: Call) -> str:
    """The id under which the platform keeps the file. Raises Refused."""
    pieces = [file.data[n : n + PIECE] for n in range(0, len(file.data), PIECE)]
    if not 0 < len(pieces) <= PIECES:
        raise Refused(0)
    digest = hashlib.md5(file.data, usedforsecurity=False).hexdigest()
    body: dict[str, Any] = {
        "type": "file", "filename": file.name, "total_size": len(file.data),
        "total_chunks": len(pieces), "md5": digest,
    }  # fmt: skip
    begun = await call(frames.UPLOAD, frames.new_request(frames.UPLOAD), body)
    upload = str(begun.body.get("upload_id") or "")
    for number, piece in enumerate(pieces):
        body = {
            "upload_id": upload, "chunk_index": number, "base64_data": b64encode(piece).decode(),
        }  # fmt: skip
        await call(frames.CHUNK, frames.new_request(frames.CHUNK), body)
    body = {"upload_id": upload}
    done = await call(frames.FINISH, frames.new_request(frames.FINISH), body)
    media = done.body.get("media_id")
    if not isinstance(media, str) or not media:
        raise Refused(0)
    return media
