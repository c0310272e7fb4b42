"""Replies on their way to a platform: which have arrived, and which a process left behind."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot import serialize
from bot.app import App
from bot.chat.load import PRESS
from bot.chat.model import Capability, Incoming, OutgoingMessage

log = logging.getLogger("zhiwen.chat")


@dataclass(frozen=True, slots=True)
class Pending:
    """A reply that was kept and, as far as is known, has not arrived."""

    key: str
    chat: str
    pressed: str
    parts: int
    """How many of its messages have arrived."""
    message: OutgoingMessage


Bound = tuple[OutgoingMessage, str]
"""A reply, and the number of the platform's message that has its buttons; "" for none."""
NOWHERE: Bound = (OutgoingMessage(""), "")


def mark_delivered(
    app: App,
    can: Capability,
    incoming: Incoming,
    parts: int | None = None,
    keep: bool = False,
    bound: Bound = NOWHERE,
) -> None:
    """The reply has arrived; with *parts*, so many of its messages have.

    *keep*: the platform may ask for it again. *bound*: where its buttons stand now.
    """
    with app.store.transaction():
        bind(app, *bound)
        if parts is None:
            app.store.outbox.mark_sent(can.channel, incoming.id, forget=not keep)
        else:
            app.store.outbox.mark_arrived(can.channel, incoming.id, parts)


def pending(app: App, can: Capability) -> list[Pending]:
    """Replies that a process kept and did not deliver; they are the caller's to deliver now.

    One that cannot be read is passed over: a newer release may have kept it.
    """
    readable = []
    for one in app.store.outbox.take_unsent(can.channel, 0, holder=app.holder):
        try:
            row = serialize.outbox_from(one.reply)
        except ValueError:
            log.error(
                "a kept reply cannot be read; it is passed over", extra={"channel": can.channel}
            )
            continue
        readable.append(Pending(one.message, row.chat, row.pressed, row.parts, row.message))
    return readable


def mark_settled(
    app: App, can: Capability, key: str, parts: int | None = None, bound: Bound = NOWHERE
) -> None:
    """A pending reply has arrived, or so many of its messages."""
    with app.store.transaction():
        bind(app, *bound)
        if parts is None:
            app.store.outbox.mark_resent(can.channel, key)
        else:
            app.store.outbox.arrived_later(can.channel, key, parts)


def bind(app: App, sent: OutgoingMessage, message: str) -> None:
    """The buttons of *sent* stand under that message of the platform, and count there alone."""
    data = [button.data for row in sent.buttons for button in row]
    if data and message:
        app.store.tokens.bind(PRESS, data[0].partition(":")[0], message=message)
