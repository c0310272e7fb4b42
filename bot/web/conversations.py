"""A visitor's conversations: the key of each, its address, and its messages made ready to show."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import Request

from bot import serialize
from bot.model import Reply
from bot.records import Exchanged
from bot.redaction import Withheld
from bot.store import NotFound, Store
from bot.texts import say
from bot.web.auth import Visitor, app_for, book

MAIN = "0"
"""The key of the conversation that each visitor has from the start."""
KEY = re.compile(r"0|[0-9a-f]{8}")
PLACE = "\0"


def is_key(key: str) -> bool:
    """Whether that can be the key of a conversation."""
    return KEY.fullmatch(key) is not None


def new_key() -> str:
    """The key of a conversation that has not begun."""
    return secrets.token_hex(4)


def chat_of(who: Visitor, key: str) -> str:
    """Under which id a conversation is kept."""
    return who.chat if key == MAIN else f"{who.chat}:{key}"


def key_of(who: Visitor, chat: str) -> str:
    """The key of one of the visitor's chats."""
    return chat.removeprefix(who.chat).removeprefix(":") or MAIN


def address(key: str) -> str:
    """The page of a conversation."""
    return f"/?c={key}"


def latest_conversation(store: Store, who: Visitor) -> str:
    """The conversation that was used last; the first one where there is none."""
    last = store.conversations.list_exchanges(who.chat, 1)
    return key_of(who, last[0][0]) if last else MAIN


def key_of_press(store: Store, who: Visitor, press: str) -> str:
    """The conversation in which that stands which was pressed; nothing where it is none."""
    number = press.partition(":")[0]
    if not (number.isdecimal() and len(number) < 18):
        return ""
    found = store.conversations.find(who.chat, int(number))
    return key_of(who, found[0]) if found else ""


def message(store: Store, who: Visitor, number: int) -> tuple[str, Exchanged]:
    """(chat, message) of that number. Raises NotFound for one that is not the visitor's."""
    found = store.conversations.find(who.chat, number)
    if found is None:
        raise NotFound(str(number))
    return found


def visible_messages(
    request: Request, who: Visitor, exchanged: Iterable[Exchanged]
) -> list[dict[str, Any]]:
    """The messages as pages show them, without what is kept from the visitor by now."""
    kept_back = Withheld(app_for(request).book.base, book(request, who).base)
    return [_bubble(one, kept_back) for one in exchanged]


def _bubble(one: Exchanged, kept_back: Withheld) -> dict[str, Any]:
    reply = kept_back.reply(serialize.reply_from(one.reply))
    return {
        "id": one.id, "asked": one.asked, "reply": reply, "at": one.at, "time": False,
        "marked": mark_quotes(one.asked, reply),
    }  # fmt: skip


def mark_quotes(asked: str, reply: Reply) -> list[tuple[str, bool]]:
    """The question in pieces: (words, whether the reasons of the answer quote them)."""
    words = sorted(set(_quotations(reply)), key=len, reverse=True)
    if not words:
        return [(asked, False)]
    found = re.split(f"({'|'.join(map(re.escape, words))})", asked, flags=re.IGNORECASE)
    return [(piece, bool(n % 2)) for n, piece in enumerate(found) if piece]


def _quotations(reply: Reply) -> Iterator[str]:
    """What stands in quotation marks in the reasons, which is how they name what they read."""
    left, _, right = say(reply.language, "why.quoted", text=PLACE).partition(PLACE)
    pattern = f"{re.escape(left)}([^{re.escape(left + right)}]+){re.escape(right)}"
    for line in reply.why[:-1]:
        yield from re.findall(pattern, line)
