"""An event -> what the core takes: who wrote what, pressed what, sent which file."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.model import Incoming

MESSAGE, PRESS = "im.message.receive_v1", "card.action.trigger"
SPOKEN = "zh"
"""The language of those who have not written yet; events do not say what an app is set to."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that somebody sent."""

    message: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """An event that was understood."""

    incoming: Incoming
    file: Resource | None = None


def read(event: dict[str, Any]) -> Read | None:
    """What an event is about; None for one that says nothing to us."""
    kind, body = _text(event, "header", "event_type"), event.get("event")
    if not isinstance(body, dict):
        return None
    if kind == PRESS:
        return _read_press(event, body)
    return _message(body) if kind == MESSAGE else None


def _read_press(event: dict[str, Any], body: dict[str, Any]) -> Read | None:
    number, sender = _text(event, "header", "event_id"), _text(body, "operator", "open_id")
    chat = _text(body, "context", "open_chat_id")
    press = _text(body, "action", "value", "press")
    if not (number and sender and chat and press):
        return None
    message = _text(body, "context", "open_message_id")
    # Whether others read along counts for the conversation, and a card says it itself.
    group = _text(body, "action", "value", "group") == "1"
    return Read(Incoming(number, chat, sender, press=press, message=message, group=group))


def _message(body: dict[str, Any]) -> Read | None:
    message = body.get("message")
    sender, number = _text(body, "sender", "sender_id", "open_id"), _text(message, "message_id")
    chat, kind = _text(message, "chat_id"), _text(message, "message_type")
    if not (isinstance(message, dict) and sender and number and chat):
        return None
    if _text(body, "sender", "sender_type") not in ("", "user"):
        return None  # another bot: two would talk for ever
    names = _names(message.get("mentions"))
    group = _text(message, "chat_type") != "p2p"
    if group and not names:
        return None  # in a group only what is said to somebody by name
    base = Incoming(number, chat, sender, language=SPOKEN, group=group)
    content = _content(_text(message, "content"))
    if kind in ("text", "post"):
        return _words(base, _words_of(content), names)
    if kind == "file" and (key := _text(content, "file_key")):
        return Read(base, Resource(number, key, _text(content, "file_name") or "file"))
    return Read(replace(base, sentence="feishu.kinds"))


def _names(mentions: object) -> list[str]:
    """The marks that stand in a text for those who are mentioned."""
    return [_text(one, "key") for one in mentions] if isinstance(mentions, list) else []


def _words(base: Incoming, text: str, names: list[str]) -> Read:
    for name in filter(None, names):
        text = text.replace(name, " ")
    words = text.strip()
    return Read(replace(base, text=words) if words else replace(base, sentence="feishu.kinds"))


def _words_of(content: dict[str, Any]) -> str:
    """The text of a message, or those of a post, line by line."""
    if isinstance(content.get("text"), str):
        return str(content["text"])
    lines = content.get("content")
    rows = [row for row in lines if isinstance(row, list)] if isinstance(lines, list) else []
    told = ("".join(_text(part, "text") for part in row if isinstance(part, dict)) for row in rows)
    return "\n".join(filter(None, (_text(content, "title"), *told)))


def _content(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(body: object, *path: str) -> str:
    """The text at that path; nothing where there is none."""
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return body if isinstance(body, str) else ""
