"""A reply -> what the platform can show: buttons or numbers, and texts that are not too long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.chat.model import Button, Capability, OutgoingMessage
from bot.model import Action, Chat, Outcome, Reply
from bot.render.split import size, split
from bot.render.text import as_text
from bot.texts import say


@dataclass(frozen=True, slots=True)
class Fitted:
    """What goes back, the chat with its numbers and what was left over, and what may be pressed."""

    message: OutgoingMessage
    chat: Chat
    actions: tuple[Action, ...] = ()
    """The actions of the message; the number of each is a part of its identity."""


def fit(outcome: Outcome, can: Capability, secret: str, menu: tuple[Action, ...] = ()) -> Fitted:
    """The reply of *outcome* as a channel with these capabilities can show it.

    *secret*: what the identities of the reply's actions begin with; *menu*: what numbers stood for
    before.
    """
    reply = outcome.reply
    actions = tuple(one for one in reply.actions if can.buttons or not one.quiet)
    pressable = actions if can.buttons else ()
    if reply.card is not None:
        pressable = (*actions, reply.card.submit)
    texts, rest = _texts(reply, actions, can)
    numbered = () if can.buttons or not reply.blocks else actions
    if not can.buttons and not actions and reply.notice:
        numbered = menu
    message = OutgoingMessage(
        reply.language,
        reply.blocks,
        tuple(_rows(actions, secret)) if can.buttons else (),
        reply.card,
        f"{secret}:{len(actions)}" if reply.card is not None else "",
        reply.files,
        reply.notice,
        reply.edits,
        texts,
    )
    return Fitted(message, replace(outcome.chat, menu=numbered, rest=rest), pressable)


def _rows(actions: tuple[Action, ...], secret: str) -> Iterator[tuple[Button, ...]]:
    """The buttons, in rows."""
    row: list[Button] = []
    for number, action in enumerate(actions):
        if row and not action.beside:
            yield tuple(row)
            row = []
        row.append(Button(action.label, f"{secret}:{number}"))
    if row:
        yield tuple(row)


def _texts(
    reply: Reply, actions: tuple[Action, ...], can: Capability
) -> tuple[tuple[str, ...], str]:
    """(the reply as plain texts that fit, what is left over)."""
    if can.buttons:
        return (), ""
    body = as_text(replace(reply, actions=(), prompt=""))
    if reply.notice and reply.blocks and reply.notice != body:
        body = f"{reply.notice}\n\n{body}"
    lines = "\n".join(f"{i}. {action.label}" for i, action in enumerate(actions, 1))
    whole = "\n\n".join(filter(None, (body or reply.notice, lines)))
    if size(whole, can.unit) <= can.limit:
        return ((whole,) if whole else ()), ""
    hint = say(reply.language, "talk.continue.hint")
    room = can.limit - size(f"\n\n{hint}", can.unit)
    pieces, rest = split(body, room - size(f"\n\n{lines}", can.unit), can.unit, can.messages)
    if not pieces:
        return (), rest
    last = "\n\n".join(filter(None, (pieces[-1], hint if rest else "", lines)))
    return (*pieces[:-1], last), rest
