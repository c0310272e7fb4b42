"""A callback -> what the core takes: who wrote what, pressed what, sent which file."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.tencent import smileys
from bot.channels.wecom import cards
from bot.channels.wecom_bot.frames import EVENT, MESSAGE, Frame
from bot.chat.model import Incoming

SPOKEN = "zh"
"""The language of the apps, which do not say what they are set to."""
PART = "\x1f"
HELP = "/help"
JUDGED = {1: "good", 2: "bad"}
"""What a person thinks of an answer -> the command that says the same."""
_CALLED = re.compile(r"\s*@\S+\s*")
"""The name of the bot, before what is written to it in a group."""


@dataclass(frozen=True, slots=True)
class Link:
    """A file that is fetched, and the key that opens it."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Read:
    """A callback that was understood."""

    incoming: Incoming
    request: str
    """The number under which it is answered."""
    welcome: bool = False
    """Whether somebody has just come in."""
    silent: bool = False
    """Whether nothing is said to it."""
    file: Link | None = None


def is_replaced(frame: Frame) -> bool:
    """Whether another client has taken our place."""
    event = frame.body.get("event")
    kind = event.get("eventtype") if isinstance(event, dict) else None
    return frame.command == EVENT and kind in ("disconnected_event", "disconnected")


def read(frame: Frame, bot_id: str) -> Read | None:
    """What a callback is about; None for one that is not ours, or that says nothing to us.

    To WeCom "ZhangSan" and "zhangsan" are one user, and it spells them as it likes.
    """
    body = frame.body
    user, number = _text(body, "from", "userid"), _text(body, "msgid")
    if frame.command not in (MESSAGE, EVENT) or not user or not number:
        return None
    if body.get("aibotid", bot_id) != bot_id:
        return None
    user, group = user.lower(), body.get("chattype") == "group"
    chat = _text(body, "chatid") if group else user
    if not chat:
        return None
    base = Incoming(PART.join((bot_id, number)), chat, user, language=SPOKEN, group=group)
    return _event(base, frame) if frame.command == EVENT else _message(base, frame)


def _message(base: Incoming, frame: Frame) -> Read | None:
    body, kind = frame.body, frame.body.get("msgtype")
    if kind in ("text", "voice"):
        return _words(base, frame, _text(body, kind, "content"))
    if kind == "mixed":
        return _words(base, frame, _mixed_text(body))
    if kind == "file" and (link := _link(body.get("file"))):
        return Read(base, frame.request, file=link)
    return _sentence(base, frame, "tencent.kinds.files") if kind else None


def _words(base: Incoming, frame: Frame, text: str) -> Read:
    text = _CALLED.sub("", text, count=1) if base.group and text.lstrip()[:1] == "@" else text
    words = smileys.strip_smileys(text)
    if not words:
        return _sentence(base, frame, "tencent.smiley" if text.strip() else "tencent.kinds.files")
    return Read(_with_fields(base, text=words), frame.request)


def _sentence(base: Incoming, frame: Frame, key: str) -> Read:
    return Read(_with_fields(base, sentence=key), frame.request)


def _mixed_text(body: dict[str, Any]) -> str:
    """The texts of a message of texts and pictures."""
    mixed = body.get("mixed")
    items = mixed.get("msg_item") if isinstance(mixed, dict) else None
    parts = items if isinstance(items, list) else []
    texts = (_text(part, "text", "content") for part in parts if isinstance(part, dict))
    return "\n".join(filter(None, texts))


def _link(found: object) -> Link | None:
    if not isinstance(found, dict):
        return None
    url, key = found.get("url"), found.get("aeskey")
    return Link(url, key) if isinstance(url, str) and isinstance(key, str) else None


def _event(base: Incoming, frame: Frame) -> Read | None:
    event = frame.body.get("event")
    if not isinstance(event, dict):
        return None
    kind = event.get("eventtype")
    # The documentation puts the details into an object of the event's name, the types of the
    # official client put them beside it.
    inner = event.get(kind) if isinstance(kind, str) else None
    details = inner if isinstance(inner, dict) else event
    if kind == "enter_chat":
        return Read(_with_fields(base, text=HELP), frame.request, welcome=True)
    if kind == "template_card_event":
        return _read_press(base, frame, details)
    if kind == "feedback_event" and (word := JUDGED.get(details.get("type", 0))):
        return Read(_with_fields(base, press=word), frame.request, silent=True)
    return None


def _read_press(base: Incoming, frame: Frame, details: dict[str, Any]) -> Read:
    key, task = str(details.get("event_key") or ""), str(details.get("task_id") or "")
    press = cards.data_of(key, task)
    return Read(
        _with_fields(base, press=press, message=task, checked=_checked_ids(details)), frame.request
    )


def _checked_ids(details: dict[str, Any]) -> tuple[str, ...]:
    """The ids of what is checked, on every question of a card."""
    selected = details.get("selected_items")
    items = selected.get("selected_item") if isinstance(selected, dict) else None
    found: list[str] = []
    for item in items if isinstance(items, list) else []:
        options = item.get("option_ids") if isinstance(item, dict) else None
        ids = options.get("option_id") if isinstance(options, dict) else None
        found += [str(one) for one in (ids if isinstance(ids, list) else [])]
    return tuple(found)


def _with_fields(base: Incoming, **fields: Any) -> Incoming:

    return replace(base, **fields)


def _text(body: dict[str, Any], *path: str) -> str:
    """The text at that path; nothing where there is none."""
    found: object = body
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""
