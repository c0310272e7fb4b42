"""The messages of a reply, sent in order, each once, and what happens where one is refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.channels.feishu.cards import cards_of
from bot.channels.feishu.client import Api, FeishuError, Unreachable
from bot.chat.model import OutgoingMessage
from bot.texts import say

Mark = Callable[[int | None, str], None]
"""Writes down how many messages of a reply have arrived, None for all, and the number of the one
that has its buttons."""
log = logging.getLogger("zhiwen.feishu")
EXTRA = {"channel": "feishu"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply goes."""

    chat: str
    key: str
    """Of the message that is answered: what is sent twice under it arrives once."""
    group: bool = False
    pressed_message: str = ""
    """The message that was pressed."""


def send(api: Api, message: OutgoingMessage, place: Place, begun: int, mark: Mark) -> None:
    """Send what has not arrived; what cannot be sent now stays kept. Raises StoreUnavailable."""
    cards = cards_of(message, place.group, bool(place.pressed_message))
    steps: list[Callable[[str], str]] = []
    for number, card in enumerate(cards):
        edits = message.edits and bool(place.pressed_message) and number == 0
        steps.append(partial(_card, api, place, card, edits))
    for one in message.files:
        steps.append(partial(api.file, place.chat, one.name, one.data))
    at = ""
    for number, step in enumerate(steps[begun:], begun + 1):
        try:
            sent = step(f"{place.key}-{number}"[-50:])
        except Unreachable as error:
            log.warning("a reply is not sent yet: %s", error, extra=EXTRA)
            return
        except FeishuError as error:
            log_remedy(error, "a reply")
            if error.passes:
                return  # kept, and sent when the secret is right
            break  # for good: the rest would fare no better
        at = sent if number == len(cards) else at
        if number < len(steps):
            mark(number, at)
    mark(None, at)


def log_remedy(error: FeishuError, what: str) -> None:
    """Put into the log what is to be done."""
    log.error("%s was not taken. %s", what, say("en", error.hint_key, code=error.code), extra=EXTRA)


def _card(api: Api, place: Place, card: dict[str, object], edits: bool, once: str) -> str:
    """Send a card, or put it in the place of the one that was pressed; the message's number."""
    if edits:
        try:
            api.change(place.pressed_message, card)
            return place.pressed_message
        except FeishuError as error:
            log_remedy(error, "a change of a card")
    return api.card(place.chat, card, once)
